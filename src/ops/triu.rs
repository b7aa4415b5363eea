//! The upper triangle of matrices.

use super::Args;
use super::triangle::triangle;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x on and above the given diagonal of the last two axes, else 0, composed; dx alike of dy.
///
/// Shape: [..., M, N] → the same. `diagonal` 0 is the main one, larger ones lie above it.
pub fn triu<T: Scalar>(x: &Tensor<T>, diagonal: i64) -> Result<Tensor<T>> {
    triangle("triu", x, |above| above >= diagonal)
}

/// By name: one tensor; `diagonal` (0 where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    triu(args.tensor(0)?, args.integer("diagonal")?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        for diagonal in [-4, -1, 0, 1, 4] {
            check(&[&[2, 3, 4]], |x| triu(&x[0], diagonal));
        }
    }

    #[test]
    fn what_is_cut_off_may_be_infinite() {
        let x = tensor(&[1., 2., f64::INFINITY, 4.], &[2, 2]);
        assert_eq!(triu(&x, 0).unwrap().value().to_vec(), [1., 2., 0., 4.]);
        assert_eq!(triu(&x, 1).unwrap().value().to_vec(), [0., 2., 0., 0.]);
    }

    #[test]
    fn what_has_no_two_axes_is_refused() {
        let error = triu(&input(1, &[3]), 0).unwrap_err();
        assert_eq!(error.code(), "dimension_count");
    }
}
