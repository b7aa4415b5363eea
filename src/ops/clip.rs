//! Values held within bounds.

use super::Args;
use super::elementwise::times;
use super::shapes::require;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = min(max(x, low), high); dx = dy where low ≤ x ≤ high, else 0.
///
/// One bound may be left out. As in PyTorch's `clamp` the gradient passes at the bounds
/// themselves, y = high where low > high, and NaN stays NaN.
pub fn clip<T: Scalar>(x: &Tensor<T>, low: Option<f64>, high: Option<f64>) -> Result<Tensor<T>> {
    let some = low.is_some() || high.is_some();
    require(some, "clip", "bounds", "low, high", "none")?;
    let low = T::from_f64(low.unwrap_or(f64::NEG_INFINITY));
    let high = T::from_f64(high.unwrap_or(f64::INFINITY));
    let x_value = x.value();
    let y = x_value.map(|x| {
        let raised = if x < low { low } else { x };
        if raised > high { high } else { raised }
    });
    Ok(Tensor::record("clip", y)
        .input(x, move |dy| {
            let inside = |x: T| low <= x && x <= high;
            times(
                dy,
                &x_value.map(|x| if inside(x) { T::ONE } else { T::ZERO }),
            )
        })
        .done())
}

/// By name: one tensor; `low`, `high`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    clip(args.tensor(0)?, args.number("low")?, args.number("high")?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| clip(&x[0], Some(-0.5), Some(0.7)));
        check(&[&[3, 4]], |x| clip(&x[0], None, Some(0.1)));
        check(&[&[3, 4]], |x| clip(&x[0], Some(0.1), None));
    }

    #[test]
    fn the_gradient_passes_at_the_bounds() {
        let clipped = |low, high| {
            value_and_gradient(&[-2.0, -1.0, 0.5, 1.0, 3.0], |x| {
                clip(x, Some(low), Some(high))
            })
        };
        let (y, dx) = clipped(-1.0, 1.0);
        assert_eq!(y, [-1.0, -1.0, 0.5, 1.0, 1.0]);
        assert_eq!(dx, [0.0, 1.0, 1.0, 1.0, 0.0]);
        let (y, dx) = clipped(1.0, -1.0);
        assert_eq!((y, dx), (vec![-1.0; 5], vec![0.0; 5]));
        let (y, dx) = value_and_gradient(&[f64::NAN], |x| clip(x, Some(0.0), Some(1.0)));
        assert!(y[0].is_nan() && dx[0] == 0.0);
    }

    #[test]
    fn no_bound_at_all_is_refused() {
        let error = clip(&input(1, &[2]), None, None).unwrap_err();
        assert_eq!(error.fields()["argument"], "bounds");
    }
}
