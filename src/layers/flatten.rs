//! The layer that makes rows of samples.

use super::Layer;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops;

/// All axes but the first joined. Shape: [N, ...] → [N, product of the rest].
pub struct Flatten;

impl<T: Scalar> Layer<T> for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        ops::flatten(x)
    }
}
