//! Convolution with relu and the 2×2 max pooling after it, by the fused kernel.

use crate::kernels::{Conv2dShape, Pool2dShape, bias, conv_relu_pool, conv2d, relu};
use crate::train::stage::{Backward, Forward, Stage, Weights};

pub(super) struct ConvReluPool {
    shape: Conv2dShape,
    /// Zeros, for a convolution without a bias.
    no_bias: Vec<f32>,
    winners: Vec<u8>,
    /// The bias's gradient, on its way.
    db: Vec<f32>,
    /// The gradient of the convolution's output; empty while nobody needs it.
    unpooled: Vec<f32>,
}

impl ConvReluPool {
    /// The stage, where the kernel takes such a pair.
    pub fn new(shape: &Conv2dShape, pool: &Pool2dShape) -> Option<Self> {
        conv_relu_pool::fits(shape, pool).then(|| ConvReluPool {
            shape: *shape,
            no_bias: vec![0.0; shape.o],
            winners: Vec::new(),
            db: vec![0.0; shape.o],
            unpooled: Vec::new(),
        })
    }
}

impl Stage for ConvReluPool {
    fn reserve(&mut self, n: usize) {
        self.winners
            .resize(n * conv_relu_pool::winners_len(&self.shape), 0);
    }

    fn forward(&mut self, pass: Forward<'_>) {
        let shape = Conv2dShape {
            n: pass.n,
            ..self.shape
        };
        let winners = &mut self.winners[..conv_relu_pool::winners_len(&shape)];
        let kernel = pass.weights.get(0);
        let bias = pass.weights.optional(1).unwrap_or(&self.no_bias);
        conv_relu_pool::forward(&shape, pass.inputs.get(0), kernel, bias, pass.y, winners);
    }

    fn backward(&mut self, pass: Backward<'_>) {
        let Backward {
            n,
            weights,
            inputs,
            y,
            dy,
            mut dx,
            grads,
            ..
        } = pass;
        let shape = Conv2dShape { n, ..self.shape };
        let winners = &self.winners[..conv_relu_pool::winners_len(&shape)];
        if dx[0].is_none() && conv_relu_pool::scatters(&shape) {
            if let Some(mut grads) = grads {
                let (x, db) = (inputs.get(0), &mut self.db);
                conv_relu_pool::backward_parameters(&shape, x, (y, dy), winners, grads.get(0), db);
                if let Some(to) = grads.optional(1) {
                    to.copy_from_slice(db);
                }
            }
            return;
        }
        relu::backward_in_place(y, dy);
        if self.unpooled.len() < shape.y_len() {
            self.unpooled.resize(shape.y_len(), 0.0);
        }
        let unpooled = &mut self.unpooled[..shape.y_len()];
        conv_relu_pool::unpool(&shape, dy, winners, unpooled);
        if let Some(mut grads) = grads {
            if let Some(db) = grads.optional(1) {
                bias::backward(dy.len() / shape.o, shape.o, dy, db);
            }
            conv2d::backward_weight(&shape, inputs.get(0), unpooled, grads.get(0));
        }
        if let Some(dx) = &mut dx[0] {
            conv2d::backward_input(&shape, unpooled, weights.get(0), dx);
        }
    }

    fn hidden(&self, n: usize, weights: Weights<'_>, x: &[f32]) -> Vec<f32> {
        let shape = Conv2dShape { n, ..self.shape };
        let mut conv = vec![0.0; shape.y_len()];
        conv2d::forward(&shape, x, weights.get(0), weights.optional(1), &mut conv);
        relu::forward_in_place(&mut conv);
        conv
    }
}
