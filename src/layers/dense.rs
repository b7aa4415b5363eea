//! The fully connected layer.

use super::{Activation, Init, Layer};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops;
use crate::rng::Rng;

/// y = activation(x · kernel + bias). Shape: [..., in] → [..., units].
pub struct Dense<T: Scalar> {
    /// [in, units]
    pub kernel: Tensor<T>,
    /// [units]; begins at 0.
    pub bias: Tensor<T>,
    /// What ends the layer.
    pub activation: Activation,
}

impl<T: Scalar> Dense<T> {
    /// A layer from `inputs` numbers to `units`, its kernel drawn from `rng`.
    pub fn new(
        inputs: usize,
        units: usize,
        activation: Activation,
        init: Init,
        rng: &mut Rng,
    ) -> Self {
        let mut kernel = vec![T::ZERO; inputs * units];
        init.fill(rng, inputs, units, &mut kernel);
        Self {
            kernel: Tensor::parameter(NdArray::from_vec(kernel, &[inputs, units])),
            bias: Tensor::parameter(NdArray::zeros(&[units])),
            activation,
        }
    }
}

impl<T: Scalar> Layer<T> for Dense<T> {
    fn kind(&self) -> &'static str {
        "dense"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        self.activation
            .apply(ops::dense(x, &self.kernel, Some(&self.bias))?)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("kernel", self.kernel.clone()), ("bias", self.bias.clone())]
    }
}
