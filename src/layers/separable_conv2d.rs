//! The depthwise separable convolution.

use super::depthwise_conv2d::depthwise;
use super::{Activation, Init, Layer, drawn, filled};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops::{self, Conv2dOptions};
use crate::rng::Rng;

/// y = activation(conv2d(depthwise conv2d(x), 1×1) + bias). Shape: [N, H, W, C] → [N, OH, OW, filters].
pub struct SeparableConv2d<T: Scalar> {
    /// [K, K, C, 1]
    pub depthwise_kernel: Tensor<T>,
    /// [1, 1, C, filters]
    pub pointwise_kernel: Tensor<T>,
    /// [filters]; begins at 0.
    pub bias: Tensor<T>,
    /// Of the depthwise convolution: stride, padding, dilation.
    pub options: Conv2dOptions,
    /// What ends the layer.
    pub activation: Activation,
}

impl<T: Scalar> SeparableConv2d<T> {
    /// A layer from `channels` to `filters` with a window of `kernel` (down, across), drawn from `rng`.
    pub fn new(
        channels: usize,
        filters: usize,
        kernel: (usize, usize),
        options: Conv2dOptions,
        activation: Activation,
        init: Init,
        rng: &mut Rng,
    ) -> Self {
        Self {
            depthwise_kernel: drawn(&[kernel.0, kernel.1, channels, 1], init, rng),
            pointwise_kernel: drawn(&[1, 1, channels, filters], init, rng),
            bias: filled(&[filters], 0.0),
            options,
            activation,
        }
    }
}

impl<T: Scalar> Layer<T> for SeparableConv2d<T> {
    fn kind(&self) -> &'static str {
        "separable_conv2d"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let between = depthwise(x, &self.depthwise_kernel, None, &self.options)?;
        let (pointwise, bias) = (&self.pointwise_kernel, Some(&self.bias));
        let y = ops::conv2d(&between, pointwise, bias, &Conv2dOptions::default())?;
        self.activation.apply(y)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![
            ("depthwise_kernel", self.depthwise_kernel.clone()),
            ("pointwise_kernel", self.pointwise_kernel.clone()),
            ("bias", self.bias.clone()),
        ]
    }
}
