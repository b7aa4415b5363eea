//! Zeros around an image.

use std::rc::Rc;

use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::train::check::check_size;
use crate::train::spec::{Fields, Padding};
use crate::train::stage::{Backward, Forward, Stage};

struct ZeroPadding2d {
    padding: Padding,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(ZeroPadding2d {
        padding: fields.or("padding", Padding::Explicit([1; 4])),
    })
}

impl Blueprint for ZeroPadding2d {
    fn build(&self, place: &Place) -> Result<Built> {
        let [h, w, c] = place.image()?;
        let Padding::Explicit(pad) = self.padding else {
            return Err(place.misfit("padding", "1 | 2 | 4 sizes", "a name"));
        };
        place.at_most("padding", &pad, 1 << 14)?;
        let [top, bottom, left, right] = pad;
        let output = vec![h + top + bottom, w + left + right, c];
        check_size(&place.name(), &output)?;
        let frame = Frame {
            row: w * c,
            wide: output[1] * c,
            rows: top..top + h,
            height: output[0],
            from: left * c,
        };
        Ok(Built::new(output, frame))
    }
}

/// Where an image lies in a larger one, in elements.
struct Frame {
    /// A row of the image, and one of the larger.
    row: usize,
    wide: usize,
    /// The image's rows within the larger.
    rows: std::ops::Range<usize>,
    height: usize,
    /// Where in such a row the image's begins.
    from: usize,
}

impl Frame {
    /// For each row of the image in a batch, where it begins in the larger images.
    fn places(&self, n: usize) -> impl Iterator<Item = usize> {
        (0..n).flat_map(move |n| {
            let row = move |row: usize| (n * self.height + row) * self.wide + self.from;
            self.rows.clone().map(row)
        })
    }
}

impl Stage for Frame {
    /// `y[p + pad] = x[p]`, 0 elsewhere
    fn forward(&mut self, pass: Forward<'_>) {
        pass.y.fill(0.0);
        let rows = pass.inputs.get(0).chunks_exact(self.row);
        for (at, x) in self.places(pass.n).zip(rows) {
            pass.y[at..at + self.row].copy_from_slice(x);
        }
    }

    /// `dx[p] = dy[p + pad]`
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward { n, dy, mut dx, .. } = pass;
        if let Some(dx) = &mut dx[0] {
            for (at, dx) in self.places(n).zip(dx.chunks_exact_mut(self.row)) {
                dx.copy_from_slice(&dy[at..at + self.row]);
            }
        }
    }
}
