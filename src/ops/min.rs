//! Minima over axes.

use super::Args;
use super::extremum::extremum;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = min x over `axes`; dx = dy shared evenly by the values that equal the minimum (PyTorch's
/// `amin`). NaN wins over every number. Errs on the minimum of nothing.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set. PyTorch's `min` along an axis, whose gradient goes to the first of
/// equals and which gives indices too, is a `gather` at what `argmin` gives.
pub fn min<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor<T>> {
    extremum("min", x, axes, keepdims, T::lt)
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    min(
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
                check(&[&[2, 3, 4]], |x| min(&x[0], axes, keepdims));
            }
        }
    }

    #[test]
    fn equal_minima_share_the_gradient_and_nan_wins() {
        let x = Tensor::parameter(tensor(&[3., 1., 1., 0., 2., 1.], &[2, 3]).value());
        let y = min(&x, Some(&[1]), false).unwrap();
        assert_eq!(y.value().to_vec(), [1., 0.]);
        y.backward(&tensor(&[4., 5.], &[2]).value());
        assert_eq!(x.grad().unwrap().to_vec(), [0., 2., 2., 5., 0., 0.]);
        assert!(
            min(&tensor(&[1., f64::NAN, 3.], &[3]), None, false)
                .unwrap()
                .item()
                .is_nan()
        );
    }

    #[test]
    fn the_minimum_of_nothing_is_refused() {
        let error = min(&tensor(&[], &[2, 0]), Some(&[1]), false).unwrap_err();
        assert_eq!(error.code(), "array_empty_reduction");
        assert_eq!(
            min(&tensor(&[], &[2, 0]), Some(&[0]), false)
                .unwrap()
                .shape(),
            [0]
        );
    }
}
