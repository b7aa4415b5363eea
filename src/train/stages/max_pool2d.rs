//! Max pooling by itself.

use super::{Backward, Stage};
use crate::kernels::{Pool2dShape, max_pool2d};

pub struct MaxPool2d {
    shape: Pool2dShape,
    winner: Vec<u32>,
}

impl MaxPool2d {
    pub fn new(shape: Pool2dShape) -> Self {
        MaxPool2d {
            shape,
            winner: Vec::new(),
        }
    }
}

impl Stage for MaxPool2d {
    fn reserve(&mut self, n: usize) {
        self.winner.resize(n * self.shape.y_len(), 0);
    }

    fn forward(&mut self, n: usize, _params: &[f32], x: &[f32], y: &mut [f32]) {
        let winner = &mut self.winner[..y.len()];
        max_pool2d::forward(&Pool2dShape { n, ..self.shape }, x, y, winner);
    }

    fn backward(&mut self, n: usize, pass: Backward<'_>) {
        if let Some(dx) = pass.dx {
            let winner = &self.winner[..pass.dy.len()];
            max_pool2d::backward(&Pool2dShape { n, ..self.shape }, pass.dy, winner, dx);
        }
    }
}
