//! The exponential.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = eˣ; dx = dy · y.
pub fn exp<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("exp", x, T::exp, |_, y| y))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    exp(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| exp(&x[0]));
    }
}
