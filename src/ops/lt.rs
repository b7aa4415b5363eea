//! Less than, element by element.

use super::args::{Args, answer};
use super::comparison::compare;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// Where a < b, over broadcast elements. There is no gradient.
pub fn lt<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<NdArray<bool>> {
    compare(a, b, T::lt)
}

/// By name: two tensors; 1 where it holds, else 0.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    Ok(answer(&lt(args.tensor(0)?, args.tensor(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check_comparison;

    #[test]
    fn equals_less_greater_and_nan() {
        check_comparison("lt", [0., 1., 0., 0.]);
    }
}
