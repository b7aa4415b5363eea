//! Variances over axes.

use super::axes::Reduced;
use super::{Args, div, mean, mul, sub, sum};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = Σ (x − mean x)² / (n − correction) over `axes`, n values each, composed.
///
/// As in PyTorch, `correction` is 1 for the variance of a sample and 0 for that of everything, and
/// n − correction counts as 0 where it is less. `axes` count from either end; `None` means all.
/// Shape: the axes go away, or stay with size 1 where `keepdims` is set.
pub fn var<T: Scalar>(
    x: &Tensor<T>,
    axes: Option<&[i64]>,
    correction: f64,
    keepdims: bool,
) -> Result<Tensor<T>> {
    let n = Reduced::new("var", &x.shape(), axes, keepdims)?.count as f64;
    let gap = sub(x, &mean(x, axes, true)?)?;
    let squares = sum(&mul(&gap, &gap)?, axes, keepdims)?;
    div(&squares, &Tensor::scalar((n - correction).max(0.0)))
}

/// By name: one tensor; `axis` (an integer or a list), `correction` (1 where it is left out),
/// `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    var(
        args.tensor(0)?,
        args.integers("axis")?.as_deref(),
        args.number("correction")?.unwrap_or(1.0),
        args.flag("keepdims")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_over_any_axes() {
        for axes in [None, Some(&[0][..]), Some(&[-1]), Some(&[0, 2])] {
            for (correction, keepdims) in [(0.0, false), (1.0, true)] {
                check(&[&[2, 3, 4]], |x| var(&x[0], axes, correction, keepdims));
            }
        }
    }

    #[test]
    fn the_correction_is_taken_off_the_count() {
        let x = tensor(&[1., 2., 3., 6.], &[4]);
        let of = |correction| var(&x, None, correction, false).unwrap().item();
        assert_eq!((of(0.0), of(1.0), of(2.0)), (3.5, 14.0 / 3.0, 7.0));
        assert_eq!(of(4.0), f64::INFINITY);
        let one = var(&tensor(&[5.0], &[1]), None, 1.0, false).unwrap();
        assert!(one.item().is_nan());
        let error = var(&x, Some(&[1]), 1.0, false).unwrap_err();
        assert_eq!(error.fields()["place"], "var");
    }
}
