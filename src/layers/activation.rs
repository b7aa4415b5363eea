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
    /// x where x > 0, else 0.2 · x, as `keras.activations.leaky_relu`.
    LeakyRelu,
    /// x where x > 0, else eˣ − 1
    Elu,
    /// x · Φ(x)
    Gelu,
    /// x · σ(x)
    Silu,
    /// ln(1 + eˣ)
    Softplus,
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
            Self::LeakyRelu => ops::leaky_relu(&x, 0.2),
            Self::Elu => ops::elu(&x, 1.0),
            Self::Gelu => ops::gelu(&x, false),
            Self::Silu => ops::silu(&x),
            Self::Softplus => ops::softplus(&x),
            Self::Softmax => ops::softmax(&x, -1),
        }
    }
}
