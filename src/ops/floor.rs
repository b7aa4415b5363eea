//! The next integer below.

use super::Args;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = ⌊x⌋. There is no gradient.
pub fn floor<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    Ok(Tensor::constant(x.value().map(T::floor)))
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    floor(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::tensor;
    use super::*;

    #[test]
    fn values_by_hand() {
        let y = floor(&tensor(&[-1.5, 2.0, 2.9], &[3])).unwrap();
        assert_eq!(y.value().to_vec(), [-2.0, 2.0, 2.0]);
    }
}
