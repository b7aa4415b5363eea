//! The product of two broadcast tensors, element by element.

use super::Args;
use super::elementwise::binary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = a · b; da = dy · b, db = dy · a, summed over what was stretched.
pub fn mul<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    binary("mul", a, b, |a, b| a * b, |_, b| b, |a, _| a)
}

/// By name: two tensors.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    mul(args.tensor(0)?, args.tensor(1)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_where_inputs_are_stretched() {
        for shapes in [
            [&[3, 4][..], &[3, 4][..]],
            [&[3, 4], &[4]],
            [&[2, 1, 4], &[3, 1]],
            [&[], &[2, 2]],
        ] {
            check(&shapes, |x| mul(&x[0], &x[1]));
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let error = mul(&input(1, &[2, 3]), &input(2, &[4])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }
}
