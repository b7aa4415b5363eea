//! The square root.

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = √x; dx = dy / 2y.
/// Below 0 it is NaN; the slope at 0 is ∞.
pub fn sqrt<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(unary("sqrt", x, T::sqrt, |_, y| T::from_f64(0.5) / y))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    sqrt(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_at;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check_at(&[&[3, 4]], |x| x * x + 0.1, |x| sqrt(&x[0]));
    }
}
