//! A layer without parameters: an op with its settings.

use super::Layer;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// What a layer without parameters computes.
type Op<T> = Box<dyn Fn(&Tensor<T>) -> Result<Tensor<T>>>;

/// An op as a layer: pooling, an activation, another shape.
pub struct Function<T: Scalar> {
    kind: &'static str,
    op: Op<T>,
}

impl<T: Scalar> Function<T> {
    /// The layer `kind` that computes `op`.
    pub fn new(kind: &'static str, op: impl Fn(&Tensor<T>) -> Result<Tensor<T>> + 'static) -> Self {
        let op = Box::new(op);
        Self { kind, op }
    }
}

impl<T: Scalar> Layer<T> for Function<T> {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        (self.op)(x)
    }
}
