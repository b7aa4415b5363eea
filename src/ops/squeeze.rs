//! Axes of size 1 taken away.

use super::axes::normal_axes;
use super::{Args, reshape};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x without those of `axes` whose size is 1, composed: a reshape. `None` means all axes.
///
/// As in PyTorch an axis of another size stays.
pub fn squeeze<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>) -> Result<Tensor<T>> {
    let shape = x.shape();
    let axes = normal_axes("squeeze", axes, shape.len())?;
    let stays = |&axis: &usize| shape[axis] != 1 || !axes.contains(&axis);
    let left = (0..shape.len()).filter(stays).map(|axis| shape[axis]);
    reshape(x, &left.collect::<Vec<_>>())
}

/// By name: one tensor; `axis` (an integer or a list).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    squeeze(args.tensor(0)?, args.integers("axis")?.as_deref())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[1, 3, 1]], |x| squeeze(&x[0], None));
        check(&[&[1, 3, 1]], |x| squeeze(&x[0], Some(&[-1])));
    }

    #[test]
    fn only_axes_of_one_go() {
        let shape = |axes| squeeze(&input(1, &[1, 3, 1, 2]), axes).unwrap().shape();
        assert_eq!(shape(None), [3, 2]);
        assert_eq!(shape(Some(&[0][..])), [3, 1, 2]);
        assert_eq!(shape(Some(&[1, -2])), [1, 3, 2]);
        let error = squeeze(&input(1, &[1]), Some(&[1])).unwrap_err();
        assert_eq!(error.code(), "axis_out_of_range");
    }
}
