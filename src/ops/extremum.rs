//! What the largest and the smallest over axes share.

use super::axes::Reduced;
use super::elementwise::{pairs, times};
use crate::array::reduce::arg_extreme;
use crate::array::{Array, ArrayError, NdArray};
use crate::autograd::reduce::rows_over;
use crate::autograd::{Scalar, Tensor, sum_axes};
use crate::error::Result;

/// Whether a value beats the best so far: `T::gt` or `T::lt`.
pub type Beats<T> = fn(&T, &T) -> bool;

/// y = the value over `axes` that no other beats; dx = dy shared evenly by the values equal to it.
/// NaN wins over every number. Errs where there is no value.
pub fn extremum<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    axes: Option<&[i64]>,
    keepdims: bool,
    beats: Beats<T>,
) -> Result<Tensor<T>> {
    let x_value = x.value();
    let over = Reduced::new(op, x_value.shape(), axes, keepdims)?;
    if over.count == 0 {
        return Err(ArrayError::EmptyReduction { operation: op }.into());
    }
    let best = extremes(&x_value, &over, beats);
    let y = best.reshape(&over.result)?;
    Ok(Tensor::record(op, y)
        .input(x, move |dy| {
            let one_at = |x: T, best: T| {
                if x == best || x.is_nan() {
                    T::ONE
                } else {
                    T::ZERO
                }
            };
            let winners = pairs(&x_value, &best, one_at);
            let count = sum_axes(&winners, &over.axes);
            let dy = dy.reshape(&over.kept).expect("as many values");
            let share = pairs(&dy, &count, |dy, count| dy / count);
            times(&winners, &share)
        })
        .done())
}

/// The values that no other beats, the axes kept with size 1. There must be some.
pub fn extremes<T: Scalar>(x: &NdArray<T>, over: &Reduced, beats: Beats<T>) -> NdArray<T> {
    let rows = rows_over(x, &over.axes);
    let best = |row: &[T]| {
        row.iter().fold(row[0], |best, &x| {
            if beats(&x, &best) || x.is_nan() {
                x
            } else {
                best
            }
        })
    };
    let rows = rows.as_slice().expect("contiguous");
    let best = rows.chunks_exact(over.count).map(best).collect();
    NdArray::from_vec(best, &over.kept)
}

/// The index along `axis` of the value that no other beats, the first of equals; in C order over
/// all values for `None`. NaN wins over every number. Errs where there is no value.
pub fn extreme_places<T: Scalar>(
    op: &str,
    x: &Tensor<T>,
    axis: Option<i64>,
    keepdims: bool,
    largest: bool,
) -> Result<NdArray<i64>> {
    let x = x.value();
    let axes = axis.map(|axis| [axis]);
    let over = Reduced::new(op, x.shape(), axes.as_ref().map(|axes| &axes[..]), keepdims)?;
    let numbers = Array::F64(x.map(T::to_f64));
    let places = match axis {
        Some(_) => arg_extreme(&numbers, over.axes[0], largest)?,
        None => arg_extreme(&numbers.reshape(&[-1])?, 0, largest)?,
    };
    Ok(places.reshape(&over.result)?)
}
