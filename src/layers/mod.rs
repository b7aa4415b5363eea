//! Layers of the eager tape: parameters, and which op to call.
//!
//! Names, parameter names and defaults are Keras's. A layer is made with its parameters drawn; the
//! ops do the rest.

mod activation;
mod conv2d;
mod dense;
pub mod dropout;
mod flatten;
pub mod init;
mod max_pool2d;
mod sequential;

pub use activation::Activation;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use flatten::Flatten;
pub use init::Init;
pub use max_pool2d::MaxPool2d;
pub use sequential::Sequential;

use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// A part of a network.
pub trait Layer<T: Scalar> {
    /// Its kind in snake case, from which a network makes its name.
    fn kind(&self) -> &'static str;

    /// What it makes of its input; errs where the shapes don't fit.
    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>>;

    /// Its parameters by name, in Keras's order.
    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        Vec::new()
    }
}
