//! The sign turned.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = −x; dx = −dy.
pub fn neg<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("neg", x, |x| -x, |_, _| -T::ONE))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    neg(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| neg(&x[0]));
    }
}
