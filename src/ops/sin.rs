//! The sine.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = sin x, x in radians; dx = dy · cos x.
pub fn sin<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("sin", x, T::sin, |x, _| x.cos()))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    sin(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| sin(&x[0]));
    }

    #[test]
    fn values_by_hand() {
        let (y, dx) = value_and_gradient(&[0.0], sin);
        assert_eq!((y, dx), (vec![0.0], vec![1.0]));
    }
}
