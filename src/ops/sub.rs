//! The difference of two broadcast tensors.

use super::Args;
use super::{add, neg};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = a − b, composed: a + (−b).
pub fn sub<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    add(a, &neg(b)?)
}

/// By name: two tensors.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    sub(args.tensor(0)?, args.tensor(1)?)
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
            check(&shapes, |x| sub(&x[0], &x[1]));
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let error = sub(&input(1, &[2, 3]), &input(2, &[4])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }
}
