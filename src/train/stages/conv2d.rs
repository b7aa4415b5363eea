//! Convolution, bias and activation.

use std::ops::Range;

use super::{Backward, Stage};
use crate::kernels::{Conv2dShape, conv2d, relu};
use crate::train::network::Layer;
use crate::train::spec::Activation;

pub struct Conv2d {
    shape: Conv2dShape,
    kernel: Range<usize>,
    bias: Range<usize>,
    relu: bool,
}

impl Conv2d {
    pub fn new(shape: Conv2dShape, layer: &Layer) -> Self {
        Conv2d {
            shape,
            kernel: layer.parameters[0].range(),
            bias: layer.parameters[1].range(),
            relu: layer.activation == Activation::Relu,
        }
    }
}

impl Stage for Conv2d {
    fn forward(&mut self, n: usize, params: &[f32], x: &[f32], y: &mut [f32]) {
        let shape = Conv2dShape { n, ..self.shape };
        let (kernel, bias) = (&params[self.kernel.clone()], &params[self.bias.clone()]);
        conv2d::forward(&shape, x, kernel, Some(bias), y);
        if self.relu {
            relu::forward_in_place(y);
        }
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
        if self.relu {
            relu::backward_in_place(y, dy);
        }
        conv2d::backward_bias(&shape, dy, &mut grads[self.bias.clone()]);
        conv2d::backward_weight(&shape, x, dy, &mut grads[self.kernel.clone()]);
        if let Some(dx) = dx {
            conv2d::backward_input(&shape, dy, &params[self.kernel.clone()], dx);
        }
    }
}
