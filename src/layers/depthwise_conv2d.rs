//! The convolution of each channel by itself.

use super::{Activation, Init, Layer, drawn, filled};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops::{self, Conv2dOptions};
use crate::rng::Rng;

/// y = activation(depthwise conv2d(x, kernel) + bias). Shape: [N, H, W, C] → [N, OH, OW, C · multiplier].
pub struct DepthwiseConv2d<T: Scalar> {
    /// [K, K, C, multiplier]
    pub kernel: Tensor<T>,
    /// [C · multiplier]; begins at 0.
    pub bias: Tensor<T>,
    /// Stride, padding, dilation; as many groups as channels.
    pub options: Conv2dOptions,
    /// What ends the layer.
    pub activation: Activation,
}

impl<T: Scalar> DepthwiseConv2d<T> {
    /// A layer on `channels` with a window of `kernel` (down, across) and `multiplier` outputs for
    /// each channel, drawn from `rng`.
    pub fn new(
        channels: usize,
        multiplier: usize,
        kernel: (usize, usize),
        options: Conv2dOptions,
        activation: Activation,
        init: Init,
        rng: &mut Rng,
    ) -> Self {
        Self {
            kernel: drawn(&[kernel.0, kernel.1, channels, multiplier], init, rng),
            bias: filled(&[channels * multiplier], 0.0),
            options,
            activation,
        }
    }
}

/// Keras's kernel [K, K, C, M] has the elements of [K, K, 1, C · M] in the same order.
pub(super) fn depthwise<T: Scalar>(
    x: &Tensor<T>,
    kernel: &Tensor<T>,
    bias: Option<&Tensor<T>>,
    options: &Conv2dOptions,
) -> Result<Tensor<T>> {
    let shape = kernel.shape();
    let (groups, outputs) = (shape[2], shape[2] * shape[3]);
    let kernel = ops::reshape(kernel, &[shape[0], shape[1], 1, outputs])?;
    ops::conv2d(x, &kernel, bias, &Conv2dOptions { groups, ..*options })
}

impl<T: Scalar> Layer<T> for DepthwiseConv2d<T> {
    fn kind(&self) -> &'static str {
        "depthwise_conv2d"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let y = depthwise(x, &self.kernel, Some(&self.bias), &self.options)?;
        self.activation.apply(y)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("kernel", self.kernel.clone()), ("bias", self.bias.clone())]
    }
}
