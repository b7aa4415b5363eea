//! A fully connected layer: `y = x · W + b`, then its activation. Softmax belongs to the loss.

use std::ops::Range;

use super::{Backward, Stage};
use crate::kernels::{bias, gemm, relu};
use crate::train::network::Layer;
use crate::train::spec::Activation;

pub struct Dense {
    inputs: usize,
    units: usize,
    kernel: Range<usize>,
    bias: Range<usize>,
    relu: bool,
}

impl Dense {
    pub fn new(inputs: usize, units: usize, layer: &Layer) -> Self {
        Dense {
            inputs,
            units,
            kernel: layer.parameters[0].range(),
            bias: layer.parameters[1].range(),
            relu: layer.activation == Activation::Relu,
        }
    }
}

impl Stage for Dense {
    /// `y = x · W + b`
    fn forward(&mut self, n: usize, params: &[f32], x: &[f32], y: &mut [f32]) {
        let (inputs, units) = (self.inputs, self.units);
        let kernel = &params[self.kernel.clone()];
        gemm(
            n,
            units,
            inputs,
            x,
            (inputs, 1),
            kernel,
            (units, 1),
            y,
            units,
            false,
        );
        bias::add(n, units, &params[self.bias.clone()], y);
        if self.relu {
            relu::forward_in_place(y);
        }
    }

    /// `db = Σ dy`, `dW = xᵀ · dy`, `dx = dy · Wᵀ`
    fn backward(&mut self, n: usize, pass: Backward<'_>) {
        let (inputs, units) = (self.inputs, self.units);
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
        bias::backward(n, units, dy, &mut grads[self.bias.clone()]);
        let dw = &mut grads[self.kernel.clone()];
        gemm(
            inputs,
            units,
            n,
            x,
            (1, inputs),
            dy,
            (units, 1),
            dw,
            units,
            false,
        );
        if let Some(dx) = dx {
            let kernel = &params[self.kernel.clone()];
            gemm(
                n,
                inputs,
                units,
                dy,
                (units, 1),
                kernel,
                (1, units),
                dx,
                inputs,
                false,
            );
        }
    }
}
