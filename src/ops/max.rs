//! Maxima over axes.

use super::Args;
use super::axes::{kept, normal_axes, without};
use super::elementwise::{pairs, times};
use crate::array::{ArrayError, NdArray};
use crate::autograd::reduce::rows_over;
use crate::autograd::{Scalar, Tensor, sum_axes};
use crate::error::Result;

/// y = max x over `axes`; dx = dy shared evenly by the values that equal the maximum (PyTorch's
/// `amax`). NaN wins over every number. Errs on the maximum of nothing.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set.
pub fn max<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor<T>> {
    let shape = x.shape();
    let axes = normal_axes("max", axes, shape.len())?;
    let kept = kept(&shape, &axes);
    let result_shape = if keepdims {
        kept.clone()
    } else {
        without(&shape, &axes)
    };
    if axes.iter().any(|&axis| shape[axis] == 0) {
        return Err(ArrayError::EmptyReduction {
            operation: "maximum",
        }
        .into());
    }
    let x_value = x.value();
    let cols: usize = axes.iter().map(|&axis| shape[axis]).product();
    let rows = rows_over(&x_value, &axes);
    let largest = rows
        .as_slice()
        .expect("contiguous")
        .chunks_exact(cols)
        .map(|row| {
            row.iter()
                .fold(row[0], |m, &x| if x > m || x.is_nan() { x } else { m })
        })
        .collect();
    let largest = NdArray::from_vec(largest, &kept);
    let y = largest.reshape(&result_shape)?;
    Ok(Tensor::record("max", y)
        .input(x, move |dy| {
            let one_at = |x: T, m: T| {
                if x == m || x.is_nan() {
                    T::ONE
                } else {
                    T::ZERO
                }
            };
            let winners = pairs(&x_value, &largest, one_at);
            let count = sum_axes(&winners, &axes);
            let dy = dy.reshape(&kept).expect("as many values");
            let share = pairs(&dy, &count, |dy, count| dy / count);
            times(&winners, &share)
        })
        .done())
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    max(
        args.tensor(0)?,
        args.integers("axis")?.as_deref(),
        args.flag("keepdims")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_over_any_axes() {
        for axes in [None, Some(&[0][..]), Some(&[-1]), Some(&[0, 2]), Some(&[])] {
            for keepdims in [false, true] {
                check(&[&[2, 3, 4]], |x| max(&x[0], axes, keepdims));
            }
        }
    }

    #[test]
    fn equal_maxima_share_the_gradient_and_nan_wins() {
        let x = Tensor::parameter(tensor(&[1., 3., 3., 2., 0., 1.], &[2, 3]).value());
        let y = max(&x, Some(&[1]), false).unwrap();
        assert_eq!(y.value().to_vec(), [3., 2.]);
        y.backward(&tensor(&[4., 5.], &[2]).value());
        assert_eq!(x.grad().unwrap().to_vec(), [0., 2., 2., 5., 0., 0.]);
        assert!(
            max(&tensor(&[1., f64::NAN, 3.], &[3]), None, false)
                .unwrap()
                .item()
                .is_nan()
        );
    }

    #[test]
    fn the_maximum_of_nothing_is_refused() {
        let error = max(&tensor(&[], &[2, 0]), Some(&[1]), false).unwrap_err();
        assert_eq!(error.code(), "array_empty_reduction");
        assert_eq!(
            max(&tensor(&[], &[2, 0]), Some(&[0]), false)
                .unwrap()
                .shape(),
            [0]
        );
    }
}
