//! Reverse-mode differentiation: tensors that remember how they were made.
//!
//! An op computes its value and says, for each input, how a gradient flows back to it
//! ([`Tensor::record`]). Nothing here knows any op by name.

pub mod check;
pub mod reduce;
mod scalar;
mod tensor;

pub use check::check_gradient;
pub use reduce::{sum_axes, unbroadcast};
pub use scalar::Scalar;
pub use tensor::{Recorder, Tensor, grad_enabled, no_grad, vjp};
