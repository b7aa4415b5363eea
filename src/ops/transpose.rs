//! All axes in reverse order.

use super::{Args, permute};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = xᵀ, composed: a permutation that reverses the axes.
pub fn transpose<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    let reversed: Vec<i64> = (0..x.ndim() as i64).rev().collect();
    permute(x, &reversed)
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    transpose(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3]], |x| transpose(&x[0]));
        check(&[&[2, 3, 4]], |x| transpose(&x[0]));
    }
}
