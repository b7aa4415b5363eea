//! Layers of the eager tape: parameters, and which op to call.
//!
//! Names, parameter names and defaults are Keras's. A layer is made with its parameters drawn; the
//! ops do the rest.

mod activation;
mod attention;
mod conv1d;
mod conv2d;
mod conv2d_transpose;
mod dense;
mod depthwise_conv2d;
pub mod dropout;
mod embedding;
mod flatten;
mod function;
mod graph;
pub mod init;
mod max_pool2d;
mod merge;
mod normalization;
mod rotary;
mod separable_conv2d;
mod sequential;

pub use activation::Activation;
pub use attention::MultiHeadAttention;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use conv2d_transpose::Conv2dTranspose;
pub use dense::Dense;
pub use depthwise_conv2d::DepthwiseConv2d;
pub use dropout::Dropout;
pub use embedding::{Embedding, PositionEmbedding};
pub use flatten::Flatten;
pub use function::Function;
pub use graph::{Graph, Node};
pub use init::Init;
pub use max_pool2d::MaxPool2d;
pub use merge::Merge;
pub use normalization::{
    BatchNormalization, GroupNormalization, LayerNormalization, RmsNormalization,
};
pub use rotary::Rotary;
pub use separable_conv2d::SeparableConv2d;
pub use sequential::Sequential;

use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::ops::MaxPool2dOptions;
use crate::rng::Rng;

/// How a network is run.
#[derive(Clone, Copy, Debug)]
pub enum Mode<'a> {
    /// The answer alone counts.
    Inference,
    /// Gradients follow; what is drawn comes from this generator's forks.
    Training(&'a Rng),
}

/// A part of a network.
pub trait Layer<T: Scalar> {
    /// Its kind in snake case, from which a network makes its name.
    fn kind(&self) -> &'static str;

    /// What it makes of its only input; errs where the shapes don't fit.
    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>>;

    /// The same in training, where some layers differ, and of several inputs, which some take.
    fn call(&self, inputs: &[Tensor<T>], _mode: &Mode) -> Result<Tensor<T>> {
        match inputs {
            [x] => self.forward(x),
            _ => Err(Error::LengthMismatch {
                place: self.kind().into(),
                expected: 1,
                got: inputs.len(),
            }),
        }
    }

    /// What it and the layer after it make of its only input, where one op computes both.
    fn forward_with(&self, _next: &dyn Layer<T>, _x: &Tensor<T>) -> Option<Result<Tensor<T>>> {
        None
    }

    /// The windows, where it is a max pooling.
    fn max_pool2d(&self) -> Option<&MaxPool2dOptions> {
        None
    }

    /// Its parameters by name, in Keras's order.
    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        Vec::new()
    }

    /// What training moves otherwise than by gradients.
    fn state(&self) -> Vec<(&'static str, Tensor<T>)> {
        Vec::new()
    }
}

/// A parameter of this shape, drawn from `rng` with the fans of the shape.
fn drawn<T: Scalar>(shape: &[usize], init: Init, rng: &mut Rng) -> Tensor<T> {
    let (fan_in, fan_out) = init::fans(shape);
    let mut values = vec![T::ZERO; shape.iter().product()];
    init.fill(rng, fan_in, fan_out, &mut values);
    Tensor::parameter(NdArray::from_vec(values, shape))
}

/// A parameter that begins with one value everywhere.
fn filled<T: Scalar>(shape: &[usize], value: f64) -> Tensor<T> {
    Tensor::parameter(NdArray::full(shape, T::from_f64(value)))
}
