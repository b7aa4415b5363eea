//! Values dropped at random in training. The rest is widened by as much, so that evaluation needs
//! nothing (inverted dropout, as Keras's).

use std::rc::Rc;

use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::kernels::sum;
use crate::layers::dropout::fill_mask;
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Mode, Plain, Stage};

struct Dropout {
    rate: f64,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Dropout {
        rate: fields.required("rate"),
    })
}

impl Blueprint for Dropout {
    fn build(&self, place: &Place) -> Result<Built> {
        let shape = place.input()?.to_vec();
        place.in_range("rate", self.rate, 0.0..=1.0 - f64::EPSILON)?;
        if self.rate == 0.0 {
            return Ok(Built::view(shape));
        }
        let stage = Masked {
            rate: self.rate,
            layer: place.index as u64,
            mask: Vec::new(),
        };
        Ok(Built::new(shape, stage))
    }
}

struct Masked {
    rate: f64,
    /// The layer's number: each draws from a stream of its own.
    layer: u64,
    /// What the batch was multiplied by; empty after a pass without training.
    mask: Vec<f32>,
}

impl Stage for Masked {
    fn plain(&self) -> Option<Plain> {
        Some(Plain::Same)
    }

    /// `y = x · m`, m being 0 with probability `rate`, else `1 / (1 − rate)`; y = x after training.
    fn forward(&mut self, pass: Forward<'_>) {
        let x = pass.inputs.get(0);
        pass.y.copy_from_slice(x);
        self.mask.clear();
        let Mode::Training { noise, first } = pass.mode else {
            return;
        };
        self.mask.resize(x.len(), 0.0);
        let noise = noise.fork(self.layer);
        let samples = self.mask.chunks_exact_mut(x.len() / pass.n);
        for (mask, place) in samples.zip(first..) {
            fill_mask(&mut noise.fork(place as u64), self.rate, mask);
        }
        sum::multiply(pass.y, &self.mask);
    }

    /// `dx = dy · m`
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward { dy, mut dx, .. } = pass;
        if let Some(dx) = &mut dx[0] {
            dx.copy_from_slice(dy);
            sum::multiply(dx, &self.mask);
        }
    }
}
