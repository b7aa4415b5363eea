//! The hyperbolic tangent.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = tanh x; dx = dy · (1 − y²).
pub fn tanh<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("tanh", x, T::tanh, |_, y| T::ONE - y * y))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    tanh(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| tanh(&x[0]));
    }
}
