//! Standard deviations over axes.

use super::elementwise::unary;
use super::{Args, var};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = √var x over `axes`; with v the variance, dv = dy / 2y, and 0 where y is 0.
///
/// As in PyTorch equal values get a gradient of 0; the rest stands at [`var`](super::var::var).
pub fn std<T: Scalar>(
    x: &Tensor<T>,
    axes: Option<&[i64]>,
    correction: f64,
    keepdims: bool,
) -> Result<Tensor<T>> {
    let slope = |_, y: T| {
        if y == T::ZERO {
            T::ZERO
        } else {
            T::from_f64(0.5) / y
        }
    };
    let variance = var(x, axes, correction, keepdims)?;
    Ok(unary("std", &variance, T::sqrt, slope))
}

/// By name: one tensor; `axis` (an integer or a list), `correction` (1 where it is left out),
/// `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    std(
        args.tensor(0)?,
        args.integers("axis")?.as_deref(),
        args.number("correction")?.unwrap_or(1.0),
        args.flag("keepdims")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_over_any_axes() {
        for axes in [None, Some(&[0][..]), Some(&[-1]), Some(&[0, 2])] {
            for (correction, keepdims) in [(0.0, false), (1.0, true)] {
                check(&[&[2, 3, 4]], |x| std(&x[0], axes, correction, keepdims));
            }
        }
    }

    #[test]
    fn equal_values_get_no_gradient() {
        let (y, dx) = value_and_gradient(&[3.0; 4], |x| std(x, None, 0.0, false));
        assert_eq!((y, dx), (vec![0.0], vec![0.0; 4]));
    }
}
