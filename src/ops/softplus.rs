//! The smooth rectifier.

use super::Args;
use super::elementwise::unary;
use super::sigmoid::logistic;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = ln(1 + eˣ); dx = dy · σ(x).
///
/// Taken as max(x, 0) + ln(1 + e^(−|x|)), which neither overflows nor loses digits. PyTorch puts x
/// itself above 20, which differs by less than 3e-9.
pub fn softplus<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("softplus", x, value, |x, _| logistic(x)))
}

fn value<T: Scalar>(x: T) -> T {
    let above = if x < T::ZERO { T::ZERO } else { x };
    above + (-x.abs()).exp().ln_1p()
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    softplus(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| softplus(&x[0]));
    }

    #[test]
    fn far_inputs_reach_the_rectifier_and_nan_stays() {
        let (y, dx) = value_and_gradient(&[-1000.0, 0.0, 1000.0], softplus);
        assert_eq!((y[0], y[2], dx), (0.0, 1000.0, vec![0.0, 0.5, 1.0]));
        assert!((y[1] - 2f64.ln()).abs() < 1e-15);
        assert!(value_and_gradient(&[f64::NAN], softplus).0[0].is_nan());
    }
}
