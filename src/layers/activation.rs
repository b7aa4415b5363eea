//! What a layer does to its result.

use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops;

/// The function that ends a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// None.
    #[default]
    Linear,
    /// max(x, 0)
    Relu,
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
    /// tanh x
    Tanh,
    /// Probabilities along the last axis.
    Softmax,
}

impl Activation {
    /// y = activation(x).
    pub fn apply<T: Scalar>(self, x: Tensor<T>) -> Result<Tensor<T>> {
        match self {
            Self::Linear => Ok(x),
            Self::Relu => ops::relu(&x),
            Self::Sigmoid => ops::sigmoid(&x),
            Self::Tanh => ops::tanh(&x),
            Self::Softmax => ops::softmax(&x, -1),
        }
    }
}
