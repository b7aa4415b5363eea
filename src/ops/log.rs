//! The natural logarithm.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = ln x; dx = dy / x.
/// Below 0 it is NaN, at 0 it is −∞.
pub fn log<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("log", x, T::ln, |x, _| T::ONE / x))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    log(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_at;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check_at(&[&[3, 4]], |x| x * x + 0.1, |x| log(&x[0]));
    }
}
