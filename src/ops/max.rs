//! Maxima over axes.

use super::Args;
use super::extremum::extremum;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = max x over `axes`; dx = dy shared evenly by the values that equal the maximum (PyTorch's
/// `amax`). NaN wins over every number. Errs on the maximum of nothing.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set. PyTorch's `max` along an axis, whose gradient goes to the first of
/// equals and which gives indices too, is a `gather` at what `argmax` gives.
pub fn max<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor<T>> {
    extremum("max", x, axes, keepdims, T::gt)
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
