//! What the triangles of matrices share.

use super::{shapes, r#where};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x where `stays` of how far a place lies above the main diagonal of the last two axes, else
/// 0, composed: a `where`.
pub fn triangle<T: Scalar>(
    op: &str,
    x: &Tensor<T>,
    stays: impl Fn(i64) -> bool,
) -> Result<Tensor<T>> {
    let shape = shapes::at_least(op, x, 2)?;
    let &[rows, cols] = shape.last_chunk().expect("two axes");
    let places = (0..rows as i64).flat_map(|row| (0..cols as i64).map(move |col| col - row));
    let mask = NdArray::from_vec(places.map(stays).collect(), &[rows, cols]);
    r#where(&mask, x, &Tensor::scalar(0.0))
}
