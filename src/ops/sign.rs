//! The sign of a number.

use super::Args;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = −1, 0 or 1. There is no gradient. NaN has the sign 0, as in PyTorch.
pub fn sign<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(Tensor::constant(x.value().map(sign_of)))
}

/// The sign of one number.
pub fn sign_of<T: Scalar>(x: T) -> T {
    if x > T::ZERO {
        T::ONE
    } else if x < T::ZERO {
        -T::ONE
    } else {
        T::ZERO
    }
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    sign(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::tensor;
    use super::*;

    #[test]
    fn values_by_hand() {
        let y = sign(&tensor(&[-2.5, 0.0, 0.1, f64::NAN], &[4])).unwrap();
        assert_eq!(y.value().to_vec(), [-1.0, 0.0, 1.0, 0.0]);
    }
}
