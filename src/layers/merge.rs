//! Several values made one.

use super::{Layer, Mode};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::ops;

/// How values of several branches meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Their sum.
    Add,
    /// Their product.
    Multiply,
    /// One after another along the last axis.
    Concatenate,
}

impl<T: Scalar> Layer<T> for Merge {
    fn kind(&self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Multiply => "multiply",
            Self::Concatenate => "concatenate",
        }
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        Ok(x.clone())
    }

    fn call(&self, inputs: &[Tensor<T>], _mode: &Mode) -> Result<Tensor<T>> {
        let Some((first, rest)) = inputs.split_first() else {
            return Err(Error::LengthMismatch {
                place: Layer::<T>::kind(self).into(),
                expected: 2,
                got: 0,
            });
        };
        match self {
            Self::Add => rest
                .iter()
                .try_fold(first.clone(), |sum, x| ops::add(&sum, x)),
            Self::Multiply => rest
                .iter()
                .try_fold(first.clone(), |product, x| ops::mul(&product, x)),
            Self::Concatenate => ops::concat(inputs, -1),
        }
    }
}
