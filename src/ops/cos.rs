//! The cosine.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = cos x, x in radians; dx = −dy · sin x.
pub fn cos<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("cos", x, T::cos, |x, _| -x.sin()))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    cos(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| cos(&x[0]));
    }

    #[test]
    fn values_by_hand() {
        let (y, dx) = value_and_gradient(&[0.0], cos);
        assert_eq!((y, dx), (vec![1.0], vec![0.0]));
    }
}
