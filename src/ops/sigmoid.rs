//! The logistic function.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = 1 / (1 + e⁻ˣ); dx = dy · y · (1 − y).
pub fn sigmoid<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("sigmoid", x, logistic, |_, y| y * (T::ONE - y)))
}

/// Takes the exponential of −|x| only, which cannot overflow.
pub(super) fn logistic<T: Scalar>(x: T) -> T {
    let small = (-x.abs()).exp();
    if x < T::ZERO {
        small / (T::ONE + small)
    } else {
        T::ONE / (T::ONE + small)
    }
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    sigmoid(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| sigmoid(&x[0]));
    }

    #[test]
    fn far_inputs_reach_the_ends_without_nan() {
        let (y, dx) = value_and_gradient(&[-1000.0, 0.0, 1000.0], sigmoid);
        assert_eq!((y, dx), (vec![0.0, 0.5, 1.0], vec![0.0, 0.25, 0.0]));
    }
}
