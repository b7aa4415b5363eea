//! The places of the smallest values along an axis.

use super::args::{Args, answer};
use super::extremum::extreme_places;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// The index of the smallest x along `axis`, the first of equals; in C order over all for `None`.
/// NaN wins over every number. There is no gradient. Errs where there is no value.
///
/// Shape: the axis goes away, or stays with size 1 where `keepdims` is set.
pub fn argmin<T: Scalar>(x: &Tensor<T>, axis: Option<i64>, keepdims: bool) -> Result<NdArray<i64>> {
    extreme_places("argmin", x, axis, keepdims, false)
}

/// By name: one tensor; `axis`, `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (axis, keepdims) = (args.integer("axis")?, args.flag("keepdims")?);
    Ok(answer(&argmin(args.tensor(0)?, axis, keepdims)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::tensor;
    use super::*;

    #[test]
    fn the_first_of_equals_along_an_axis_or_over_all() {
        let x = tensor(&[3., 1., 1., 9., 0., 0.], &[2, 3]);
        let check = |axis, keepdims, shape: &[usize], want: &[i64]| {
            let got = argmin(&x, axis, keepdims).unwrap();
            assert_eq!((got.shape(), &got.to_vec()[..]), (shape, want));
        };
        check(Some(1), false, &[2], &[1, 1]);
        check(Some(-2), true, &[1, 3], &[0, 1, 1]);
        check(None, false, &[], &[4]);
        check(None, true, &[1, 1], &[4]);
    }

    #[test]
    fn nan_wins_and_nothing_is_refused() {
        let nan = tensor(&[-1., f64::NAN, 2., f64::NAN], &[4]);
        assert_eq!(argmin(&nan, None, false).unwrap().item(), 1);
        for (axis, code) in [
            (Some(1), "array_empty_reduction"),
            (None, "array_empty_reduction"),
            (Some(2), "axis_out_of_range"),
        ] {
            let error = argmin(&tensor(&[], &[2, 0]), axis, false).unwrap_err();
            assert_eq!(error.code(), code);
        }
    }
}
