//! Tensors side by side along a new axis.

use super::{Args, concat, unsqueeze};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = the tensors along a new axis, which becomes axis `axis` of y, composed of `unsqueeze` and
/// `concat`.
///
/// All shapes must agree.
pub fn stack<T: Scalar>(tensors: &[Tensor<T>], axis: i64) -> Result<Tensor<T>> {
    let raised: Vec<Tensor<T>> = tensors
        .iter()
        .map(|tensor| unsqueeze(tensor, axis))
        .collect::<Result<_>>()?;
    concat(&raised, axis)
}

/// By name: any number of tensors; `axis` (0 where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    stack(args.tensors(), args.integer("axis")?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_along_any_axis() {
        for axis in [0, 1, 2, -1, -3] {
            check(&[&[2, 3], &[2, 3]], |x| {
                stack(&[x[0].clone(), x[1].clone(), x[0].clone()], axis)
            });
        }
        check(&[&[], &[]], |x| stack(x, 0));
    }

    #[test]
    fn the_new_axis_is_as_long_as_the_list() {
        let x = [input(1, &[2, 3]), input(2, &[2, 3])];
        assert_eq!(stack(&x, 1).unwrap().shape(), [2, 2, 3]);
        assert_eq!(stack(&x, -1).unwrap().shape(), [2, 3, 2]);
    }

    #[test]
    fn shapes_that_differ_are_refused() {
        let error = stack(&[input(1, &[2, 3]), input(2, &[3, 2])], 0).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
        assert_eq!(stack::<f64>(&[], 0).unwrap_err().code(), "invalid_argument");
    }
}
