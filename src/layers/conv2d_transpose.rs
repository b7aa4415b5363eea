//! The transposed convolutional layer.

use super::{Activation, Init, Layer, drawn, filled};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops::{self, ConvTranspose2dOptions};
use crate::rng::Rng;

/// y = activation(conv_transpose2d(x, kernel) + bias). Shape: [N, H, W, C] → [N, OH, OW, filters].
pub struct Conv2dTranspose<T: Scalar> {
    /// [K, K, filters, C]
    pub kernel: Tensor<T>,
    /// [filters]; begins at 0.
    pub bias: Tensor<T>,
    /// Stride, padding, dilation.
    pub options: ConvTranspose2dOptions,
    /// What ends the layer.
    pub activation: Activation,
}

impl<T: Scalar> Conv2dTranspose<T> {
    /// A layer from `channels` to `filters` with a window of `kernel` (down, across), drawn from `rng`.
    pub fn new(
        channels: usize,
        filters: usize,
        kernel: (usize, usize),
        options: ConvTranspose2dOptions,
        activation: Activation,
        init: Init,
        rng: &mut Rng,
    ) -> Self {
        Self {
            kernel: drawn(&[kernel.0, kernel.1, filters, channels], init, rng),
            bias: filled(&[filters], 0.0),
            options,
            activation,
        }
    }
}

impl<T: Scalar> Layer<T> for Conv2dTranspose<T> {
    fn kind(&self) -> &'static str {
        "conv2d_transpose"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let y = ops::conv_transpose2d(x, &self.kernel, Some(&self.bias), &self.options)?;
        self.activation.apply(y)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("kernel", self.kernel.clone()), ("bias", self.bias.clone())]
    }
}
