//! The pooling layer.

use super::Layer;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops::{self, MaxPool2dOptions};

/// Maxima over windows. Shape: [N, H, W, C] → [N, OH, OW, C].
pub struct MaxPool2d(pub MaxPool2dOptions);

impl<T: Scalar> Layer<T> for MaxPool2d {
    fn kind(&self) -> &'static str {
        "max_pool2d"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        ops::max_pool2d(x, &self.0)
    }

    fn max_pool2d(&self) -> Option<&MaxPool2dOptions> {
        Some(&self.0)
    }
}
