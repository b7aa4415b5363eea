//! The size of a number.

use super::Args;
use super::elementwise::unary;
use super::sign::sign_of;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = |x|; dx = dy · sign x.
/// The slope at 0 is 0, as PyTorch has it.
pub fn abs<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("abs", x, T::abs, |x, _| sign_of(x)))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    abs(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| abs(&x[0]));
    }

    #[test]
    fn the_slope_at_zero_is_zero() {
        let (y, dx) = value_and_gradient(&[-2.0, 0.0, 3.0], abs);
        assert_eq!((y, dx), (vec![2.0, 0.0, 3.0], vec![-1.0, 0.0, 1.0]));
    }
}
