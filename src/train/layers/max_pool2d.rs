//! Maxima over windows.

use std::rc::Rc;

use super::place::Window;
use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::kernels::{Pool2dShape, max_pool2d};
use crate::train::spec::{Fields, Padding};
use crate::train::stage::{Backward, Forward, Plain, Stage};

/// Down, across.
struct MaxPool2d {
    size: [usize; 2],
    /// The size where it is left out.
    stride: Option<[usize; 2]>,
    padding: Padding,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(MaxPool2d {
        size: fields.required("size"),
        stride: fields.or("stride", None),
        padding: fields.or("padding", Padding::Valid),
    })
}

impl Blueprint for MaxPool2d {
    fn build(&self, place: &Place) -> Result<Built> {
        let window = Window {
            argument: "size",
            size: self.size,
            stride: self.stride.unwrap_or(self.size),
            dilation: [1, 1],
            padding: self.padding,
        };
        let shape = place.pooling(&window)?;
        let output = vec![shape.oh(), shape.ow(), shape.c];
        Ok(Built::new(output, MaxPool::new(shape)))
    }
}

/// Over all places of an image or a sequence.
struct GlobalMaxPool;

pub(super) fn read_global(_kind: &'static str, _fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(GlobalMaxPool)
}

impl Blueprint for GlobalMaxPool {
    fn build(&self, place: &Place) -> Result<Built> {
        let (places, c) = place.places()?;
        let shape = Pool2dShape {
            n: 1,
            h: 1,
            w: places,
            c,
            size: (1, places),
            stride: (1, places),
            pad: [0; 4],
        };
        Ok(Built::new(vec![c], MaxPool::new(shape)))
    }
}

struct MaxPool {
    shape: Pool2dShape,
    winner: Vec<u32>,
}

impl MaxPool {
    fn new(shape: Pool2dShape) -> MaxPool {
        let winner = Vec::new();
        MaxPool { shape, winner }
    }
}

impl Stage for MaxPool {
    fn reserve(&mut self, n: usize) {
        self.winner.resize(n * self.shape.y_len(), 0);
    }

    fn forward(&mut self, pass: Forward<'_>) {
        let shape = Pool2dShape {
            n: pass.n,
            ..self.shape
        };
        let winner = &mut self.winner[..pass.y.len()];
        max_pool2d::forward(&shape, pass.inputs.get(0), pass.y, winner);
    }

    fn backward(&mut self, pass: Backward<'_>) {
        let shape = Pool2dShape {
            n: pass.n,
            ..self.shape
        };
        let Backward { dy, mut dx, .. } = pass;
        if let Some(dx) = &mut dx[0] {
            max_pool2d::backward(&shape, dy, &self.winner[..dy.len()], dx);
        }
    }

    fn plain(&self) -> Option<Plain> {
        Some(Plain::MaxPool(self.shape))
    }

    fn max_pool2d(&self) -> Option<&Pool2dShape> {
        Some(&self.shape)
    }
}
