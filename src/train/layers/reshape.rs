//! Another shape for the same numbers.

use std::rc::Rc;

use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::train::spec::Fields;

struct Reshape {
    /// One size may be −1: what the others leave.
    shape: Vec<i64>,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Reshape {
        shape: fields.required("shape"),
    })
}

impl Blueprint for Reshape {
    fn build(&self, place: &Place) -> Result<Built> {
        let count: usize = place.input()?.iter().product();
        let open = self.shape.iter().filter(|&&size| size == -1).count();
        let sizes = self.shape.iter().filter(|&&size| size != -1);
        let known = sizes.copied().try_fold(1usize, |product, size| {
            usize::try_from(size)
                .ok()
                .filter(|&size| size > 0)?
                .checked_mul(product)
        });
        let rest = known
            .filter(|&known| count.is_multiple_of(known))
            .map(|known| count / known);
        match rest {
            Some(rest) if !self.shape.is_empty() && (open == 1 || open == 0 && rest == 1) => {
                let size = |&size: &i64| usize::try_from(size).unwrap_or(rest);
                Ok(Built::view(self.shape.iter().map(size).collect()))
            }
            _ => {
                let expected = format!("{count} elements");
                Err(place.misfit("shape", &expected, &format!("{:?}", self.shape)))
            }
        }
    }
}
