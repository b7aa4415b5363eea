//! Convolution with relu and the 2×2 max pooling after it, by the fused kernel.

use crate::kernels::{Conv2dShape, Pool2dShape, bias, conv_relu_pool, conv2d, relu};
use crate::train::stage::{Backward, Forward, Stage, Weights};

pub(super) struct ConvReluPool {
    shape: Conv2dShape,
    /// Zeros, for a convolution without a bias.
    no_bias: Vec<f32>,
    winners: Vec<u8>,
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
        relu::backward_in_place(y, dy);
        let by_scattering = grads.is_none() || conv_relu_pool::scatters(&shape);
        let unpooled = if dx[0].is_some() || !by_scattering {
            if self.unpooled.len() < shape.y_len() {
                self.unpooled.resize(shape.y_len(), 0.0);
            }
            conv_relu_pool::unpool(&shape, dy, winners, &mut self.unpooled[..shape.y_len()]);
            Some(&self.unpooled[..shape.y_len()])
        } else {
            None
        };
        if let Some(mut grads) = grads {
            if let Some(db) = grads.optional(1) {
                bias::backward(dy.len() / shape.o, shape.o, dy, db);
            }
            let (x, dw) = (inputs.get(0), grads.get(0));
            conv_relu_pool::backward_weight(&shape, x, dy, winners, unpooled, dw);
        }
        if let (Some(dx), Some(unpooled)) = (&mut dx[0], unpooled) {
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
