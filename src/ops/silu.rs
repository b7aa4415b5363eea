//! The sigmoid linear unit, also called swish.

use super::{Args, mul, sigmoid};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x · σ(x), composed; dx = dy · (σ(x) + y · (1 − σ(x))).
pub fn silu<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    mul(x, &sigmoid(x)?)
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    silu(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| silu(&x[0]));
    }

    #[test]
    fn far_inputs_reach_the_rectifier_without_nan() {
        let (y, dx) = value_and_gradient(&[-1000.0, 0.0, 1000.0], silu);
        assert_eq!((y, dx), (vec![0.0, 0.0, 1000.0], vec![0.0, 0.5, 1.0]));
    }
}
