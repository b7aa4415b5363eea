//! Numbers brought to another range.

use std::rc::Rc;

use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Stage};

#[derive(Clone, Copy)]
struct Rescaling {
    scale: f32,
    offset: f32,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Rescaling {
        scale: fields.required("scale"),
        offset: fields.or("offset", 0.0),
    })
}

impl Blueprint for Rescaling {
    fn build(&self, place: &Place) -> Result<Built> {
        for (argument, value) in [("scale", self.scale), ("offset", self.offset)] {
            if !value.is_finite() {
                return Err(place.misfit(argument, "a number", &value.to_string()));
            }
        }
        Ok(Built::new(place.input()?.to_vec(), *self))
    }
}

impl Stage for Rescaling {
    /// `y = x · scale + offset`
    fn forward(&mut self, pass: Forward<'_>) {
        for (y, x) in pass.y.iter_mut().zip(pass.inputs.get(0)) {
            *y = x * self.scale + self.offset;
        }
    }

    /// `dx = dy · scale`
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward { dy, mut dx, .. } = pass;
        if let Some(dx) = &mut dx[0] {
            for (dx, dy) in dx.iter_mut().zip(dy) {
                *dx = *dy * self.scale;
            }
        }
    }
}
