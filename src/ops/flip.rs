//! Axes in reverse.

use super::axes::normal_axes;
use super::{Args, slice};
use crate::array::views::Slice;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x with the order along each of `axes` reversed, composed: a slice. `None` means all axes.
pub fn flip<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>) -> Result<Tensor<T>> {
    let shape = x.shape();
    let axes = normal_axes("flip", axes, shape.len())?;
    let step = |axis: usize| if axes.contains(&axis) { -1 } else { 1 };
    let along = |(axis, &size): (usize, &usize)| Slice::python(size, None, None, step(axis));
    let slices: Vec<Slice> = shape.iter().enumerate().map(along).collect();
    slice(x, &slices)
}

/// By name: one tensor; `axis` (an integer or a list).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    flip(args.tensor(0)?, args.integers("axis")?.as_deref())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        for axes in [None, Some(&[0][..]), Some(&[-1, 0]), Some(&[])] {
            check(&[&[2, 3, 4]], |x| flip(&x[0], axes));
        }
    }

    #[test]
    fn values_by_hand_and_no_values_at_all() {
        let x = tensor(&[1., 2., 3., 4.], &[2, 2]);
        let of = |axes| flip(&x, axes).unwrap().value().to_vec();
        assert_eq!(of(None), [4., 3., 2., 1.]);
        assert_eq!(of(Some(&[1][..])), [2., 1., 4., 3.]);
        assert_eq!(flip(&input(1, &[0, 2]), None).unwrap().shape(), [0, 2]);
        let error = flip(&x, Some(&[0, -2])).unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
    }
}
