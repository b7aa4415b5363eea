//! The logarithm of a sum of exponentials.

use super::axes::Reduced;
use super::extremum::extremes;
use super::{Args, add, exp, log, reshape, sub, sum};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = ln Σ eˣ over `axes`, composed, the largest x taken off first so that nothing overflows.
///
/// Of nothing, and of −∞ alone, it is −∞. `axes` count from either end; `None` means all. Shape:
/// the axes go away, or stay with size 1 where `keepdims` is set.
pub fn logsumexp<T: Scalar>(
    x: &Tensor<T>,
    axes: Option<&[i64]>,
    keepdims: bool,
) -> Result<Tensor<T>> {
    let over = Reduced::new("logsumexp", &x.shape(), axes, keepdims)?;
    let shift = if over.count == 0 {
        NdArray::zeros(&over.kept)
    } else {
        let finite = |m: T| if m.is_finite() { m } else { T::ZERO };
        extremes(&x.value(), &over, T::gt).map(finite)
    };
    let shift = Tensor::constant(shift);
    let rest = sum(&exp(&sub(x, &shift)?)?, axes, true)?;
    reshape(&add(&log(&rest)?, &shift)?, &over.result)
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    logsumexp(
        args.tensor(0)?,
        args.integers("axis")?.as_deref(),
        args.flag("keepdims")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_at, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_over_any_axes() {
        for axes in [None, Some(&[0][..]), Some(&[-1]), Some(&[0, 2]), Some(&[])] {
            for keepdims in [false, true] {
                check(&[&[2, 3, 4]], |x| logsumexp(&x[0], axes, keepdims));
            }
        }
        check_at(&[&[3, 4]], |x| 900.0 + x, |x| logsumexp(&x[0], None, false));
    }

    #[test]
    fn huge_values_infinities_and_nothing() {
        let of = |x: &[f64]| {
            logsumexp(&tensor(x, &[x.len()]), None, false)
                .unwrap()
                .item()
        };
        assert_eq!(of(&[1000.0, 1000.0]), 1000.0 + 2f64.ln());
        assert_eq!(of(&[-1000.0]), -1000.0);
        assert_eq!(of(&[0.0, f64::INFINITY]), f64::INFINITY);
        assert_eq!(
            of(&[f64::NEG_INFINITY, f64::NEG_INFINITY]),
            f64::NEG_INFINITY
        );
        assert_eq!(of(&[]), f64::NEG_INFINITY);
        assert!(of(&[1.0, f64::NAN]).is_nan());
    }
}
