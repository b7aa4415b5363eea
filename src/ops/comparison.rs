//! What comparisons share. Their answers are booleans, and 0 or 1 by name.

use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// Where `holds`, over broadcast elements.
pub fn compare<T: Scalar>(
    a: &Tensor<T>,
    b: &Tensor<T>,
    holds: fn(&T, &T) -> bool,
) -> Result<NdArray<bool>> {
    Ok(a.value().zip_broadcast(&b.value(), |a, b| holds(&a, &b))?)
}
