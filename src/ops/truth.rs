//! What `any` and `all` share.

use super::axes::Reduced;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor, sum_axes};
use crate::error::Result;

/// How many values are not 0, over axes; in the shape of the result.
pub fn count_true<T: Scalar>(x: &Tensor<T>, over: &Reduced) -> Result<NdArray<f64>> {
    let ones = x.value().map(|x| if x == T::ZERO { 0.0 } else { 1.0 });
    Ok(sum_axes(&ones, &over.axes).reshape(&over.result)?)
}
