//! The order that sorts.

use super::args::{Args, answer};
use super::axes::normal_axis;
use crate::array::{Array, NdArray, order};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// The indices along `axis` of the values in ascending order, or in `descending`. There is no
/// gradient.
///
/// Equals keep their order, and NaN counts as larger than every number (PyTorch's stable sort).
/// Shape: that of x.
pub fn argsort<T: Scalar>(x: &Tensor<T>, axis: i64, descending: bool) -> Result<NdArray<i64>> {
    let x = x.value();
    let axis = normal_axis("argsort", axis, x.ndim())?;
    let numbers = Array::F64(x.map(T::to_f64));
    Ok(order::argsort(&numbers, axis, descending))
}

/// By name: one tensor; `axis` (the last where it is left out), `descending`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let axis = args.integer("axis")?.unwrap_or(-1);
    let descending = args.flag("descending")?;
    Ok(answer(&argsort(args.tensor(0)?, axis, descending)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{input, tensor};
    use super::*;

    #[test]
    fn equals_keep_their_order_and_nan_is_the_largest() {
        let x = tensor(&[2., f64::NAN, 1., 2., f64::NEG_INFINITY], &[5]);
        let of = |descending| argsort(&x, 0, descending).unwrap().to_vec();
        assert_eq!(of(false), [4, 2, 0, 3, 1]);
        assert_eq!(of(true), [1, 0, 3, 2, 4]);
    }

    #[test]
    fn any_axis_is_sorted_by_itself() {
        let x = tensor(&[3., 1., 2., 1., 5., 0.], &[2, 3]);
        let of = |axis| argsort(&x, axis, false).unwrap().to_vec();
        assert_eq!(of(0), [1, 0, 1, 0, 1, 0]);
        assert_eq!(of(-1), [1, 2, 0, 2, 0, 1]);
        assert_eq!(
            argsort(&input(1, &[2, 0]), 1, true).unwrap().shape(),
            [2, 0]
        );
        let error = argsort(&x, 2, false).unwrap_err();
        assert_eq!(error.code(), "axis_out_of_range");
    }
}
