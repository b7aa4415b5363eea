//! Checks of shapes that several ops make.

use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// The sizes of a tensor that must have `N` axes.
pub fn sizes<const N: usize, T: Scalar>(place: &str, x: &Tensor<T>) -> Result<[usize; N]> {
    let shape = x.shape();
    <[usize; N]>::try_from(&shape[..]).map_err(|_| Error::DimensionCount {
        place: place.into(),
        expected: N.to_string(),
        got: shape,
    })
}

/// Errs unless `x` has at least `least` axes; gives its shape.
pub fn at_least<T: Scalar>(place: &str, x: &Tensor<T>, least: usize) -> Result<Vec<usize>> {
    let shape = x.shape();
    if shape.len() >= least {
        return Ok(shape);
    }
    Err(Error::DimensionCount {
        place: place.into(),
        expected: format!(">= {least}"),
        got: shape,
    })
}

/// Errs unless `x` has the shape `expected`.
pub fn expect<T: Scalar>(place: &str, x: &Tensor<T>, expected: &[usize]) -> Result<()> {
    let got = x.shape();
    if got == expected {
        return Ok(());
    }
    Err(Error::ShapeMismatch {
        place: place.into(),
        expected: expected.to_vec(),
        got,
    })
}

/// Errs unless `condition` holds, naming the argument.
pub fn require(
    condition: bool,
    place: &str,
    argument: &str,
    expected: impl ToString,
    got: impl ToString,
) -> Result<()> {
    if condition {
        return Ok(());
    }
    Err(Error::InvalidArgument {
        place: place.into(),
        argument: argument.into(),
        expected: expected.to_string(),
        got: got.to_string(),
    })
}
