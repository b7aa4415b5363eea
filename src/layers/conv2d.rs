//! The convolutional layer.

use super::{Activation, Init, Layer, init};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::ops::{self, Conv2dOptions};
use crate::rng::Rng;

/// y = activation(conv2d(x, kernel) + bias). Shape: [N, H, W, C] → [N, OH, OW, filters].
pub struct Conv2d<T: Scalar> {
    /// [K, K, C / groups, filters]
    pub kernel: Tensor<T>,
    /// [filters]; begins at 0.
    pub bias: Tensor<T>,
    /// Stride, padding, dilation, groups.
    pub options: Conv2dOptions,
    /// What ends the layer.
    pub activation: Activation,
}

impl<T: Scalar> Conv2d<T> {
    /// A layer from `channels` to `filters` with a window of `kernel` (down, across), drawn from
    /// `rng`. Errs where the groups don't divide the channels.
    pub fn new(
        channels: usize,
        filters: usize,
        kernel: (usize, usize),
        options: Conv2dOptions,
        activation: Activation,
        init: Init,
        rng: &mut Rng,
    ) -> Result<Self> {
        let groups = options.groups;
        if groups == 0 || !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups) {
            return Err(Error::InvalidArgument {
                place: "conv2d".into(),
                argument: "groups".into(),
                expected: format!("a divisor of {channels} and {filters}"),
                got: groups.to_string(),
            });
        }
        let shape = [kernel.0, kernel.1, channels / groups, filters];
        let (fan_in, fan_out) = init::fans(&shape);
        let mut values = vec![T::ZERO; shape.iter().product()];
        init.fill(rng, fan_in, fan_out, &mut values);
        Ok(Self {
            kernel: Tensor::parameter(NdArray::from_vec(values, &shape)),
            bias: Tensor::parameter(NdArray::zeros(&[filters])),
            options,
            activation,
        })
    }
}

impl<T: Scalar> Layer<T> for Conv2d<T> {
    fn kind(&self) -> &'static str {
        "conv2d"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        self.activation.apply(ops::conv2d(
            x,
            &self.kernel,
            Some(&self.bias),
            &self.options,
        )?)
    }

    fn forward_with(&self, next: &dyn Layer<T>, x: &Tensor<T>) -> Option<Result<Tensor<T>>> {
        let pool = next.max_pool2d()?;
        (self.activation == Activation::Relu)
            .then(|| ops::conv_relu_pool(x, &self.kernel, &self.bias, &self.options, pool))
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("kernel", self.kernel.clone()), ("bias", self.bias.clone())]
    }
}
