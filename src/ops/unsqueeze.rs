//! A new axis of size 1.

use super::axes::normal_axis;
use super::{Args, reshape};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x with a new axis of size 1 that becomes its axis `axis`, composed: a reshape.
pub fn unsqueeze<T: Scalar>(x: &Tensor<T>, axis: i64) -> Result<Tensor<T>> {
    let mut shape = x.shape();
    let axis = normal_axis("unsqueeze", axis, shape.len() + 1)?;
    shape.insert(axis, 1);
    reshape(x, &shape)
}

/// By name: one tensor; `axis`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    unsqueeze(args.tensor(0)?, args.required_integer("axis")?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3]], |x| unsqueeze(&x[0], 1));
    }

    #[test]
    fn the_new_axis_counts_from_either_end() {
        let shape = |axis| unsqueeze(&input(1, &[2, 3]), axis).map(|y| y.shape());
        assert_eq!(shape(0).unwrap(), [1, 2, 3]);
        assert_eq!(shape(2).unwrap(), [2, 3, 1]);
        assert_eq!(shape(-1).unwrap(), [2, 3, 1]);
        assert_eq!(shape(-3).unwrap(), [1, 2, 3]);
        assert_eq!(shape(3).unwrap_err().code(), "axis_out_of_range");
    }
}
