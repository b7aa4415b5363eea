//! Convolution with relu and the 2×2 max pooling after it, by the fused kernel.

use std::ops::Range;

use super::{Backward, Stage};
use crate::kernels::{Conv2dShape, bias, conv_relu_pool, conv2d, relu};
use crate::train::network::{Layer, LayerOp};
use crate::train::spec::Activation;

pub struct ConvReluPool {
    shape: Conv2dShape,
    kernel: Range<usize>,
    bias: Range<usize>,
    winners: Vec<u8>,
    /// The gradient of the convolution's output; empty while nobody needs it.
    unpooled: Vec<f32>,
}

impl ConvReluPool {
    /// The stage, where the first two layers are a pair that the kernel takes.
    pub fn fuse(layers: &[Layer]) -> Option<Self> {
        let [layer, next, ..] = layers else {
            return None;
        };
        match (layer.op, layer.activation, next.op) {
            (LayerOp::Conv2d(shape), Activation::Relu, LayerOp::MaxPool2d(pool))
                if conv_relu_pool::fits(&shape, &pool) =>
            {
                Some(ConvReluPool {
                    shape,
                    kernel: layer.parameters[0].range(),
                    bias: layer.parameters[1].range(),
                    winners: Vec::new(),
                    unpooled: Vec::new(),
                })
            }
            _ => None,
        }
    }
}

impl Stage for ConvReluPool {
    fn layers(&self) -> usize {
        2
    }

    fn reserve(&mut self, n: usize) {
        self.winners
            .resize(n * conv_relu_pool::winners_len(&self.shape), 0);
    }

    fn forward(&mut self, n: usize, params: &[f32], x: &[f32], y: &mut [f32]) {
        let shape = Conv2dShape { n, ..self.shape };
        let winners = &mut self.winners[..conv_relu_pool::winners_len(&shape)];
        let (kernel, bias) = (&params[self.kernel.clone()], &params[self.bias.clone()]);
        conv_relu_pool::forward(&shape, x, kernel, bias, y, winners);
    }

    fn backward(&mut self, n: usize, pass: Backward<'_>) {
        let shape = Conv2dShape { n, ..self.shape };
        let Backward {
            params,
            grads,
            x,
            y,
            dy,
            dx,
        } = pass;
        let winners = &self.winners[..conv_relu_pool::winners_len(&shape)];
        relu::backward_in_place(y, dy);
        bias::backward(
            dy.len() / shape.o,
            shape.o,
            dy,
            &mut grads[self.bias.clone()],
        );
        let unpooled = if dx.is_some() || !conv_relu_pool::scatters(&shape) {
            if self.unpooled.len() < shape.y_len() {
                self.unpooled.resize(shape.y_len(), 0.0);
            }
            conv_relu_pool::unpool(&shape, dy, winners, &mut self.unpooled[..shape.y_len()]);
            Some(&self.unpooled[..shape.y_len()])
        } else {
            None
        };
        let dw = &mut grads[self.kernel.clone()];
        conv_relu_pool::backward_weight(&shape, x, dy, winners, unpooled, dw);
        if let (Some(dx), Some(unpooled)) = (dx, unpooled) {
            conv2d::backward_input(&shape, unpooled, &params[self.kernel.clone()], dx);
        }
    }

    /// The convolution's output, which the fused kernel never wrote, is computed for the showing.
    fn inspect(
        &self,
        n: usize,
        params: &[f32],
        x: &[f32],
        y: &[f32],
        show: &mut dyn FnMut(&[f32]),
    ) {
        let shape = Conv2dShape { n, ..self.shape };
        let mut conv = vec![0.0; shape.y_len()];
        let (kernel, bias) = (&params[self.kernel.clone()], &params[self.bias.clone()]);
        conv2d::forward(&shape, x, kernel, Some(bias), &mut conv);
        relu::forward_in_place(&mut conv);
        show(&conv);
        show(y);
    }
}
