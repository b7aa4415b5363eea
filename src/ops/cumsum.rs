//! Running sums.

use super::Args;
use super::axes::normal_axis;
use crate::array::NdArray;
use crate::array::order::lanes;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// yᵢ = Σ xⱼ over j ≤ i along `axis`; dxⱼ = Σ dyᵢ over i ≥ j.
pub fn cumsum<T: Scalar>(x: &Tensor<T>, axis: i64) -> Result<Tensor<T>> {
    let shape = x.shape();
    let axis = normal_axis("cumsum", axis, shape.len())?;
    let mut y = x.value().to_vec();
    lanes(&shape, axis, |first, n, step| {
        for i in 1..n {
            let before = y[first + (i - 1) * step];
            y[first + i * step] += before;
        }
    });
    Ok(Tensor::record("cumsum", NdArray::from_vec(y, &shape))
        .input(x, move |dy| {
            let mut dx = dy.to_vec();
            lanes(&shape, axis, |first, n, step| {
                for i in (1..n).rev() {
                    let behind = dx[first + i * step];
                    dx[first + (i - 1) * step] += behind;
                }
            });
            NdArray::from_vec(dx, &shape)
        })
        .done())
}

/// By name: one tensor; `axis`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    cumsum(args.tensor(0)?, args.required_integer("axis")?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_along_any_axis() {
        for axis in [0, 1, -1] {
            check(&[&[3, 4, 5]], |x| cumsum(&x[0], axis));
        }
        check(&[&[1, 1]], |x| cumsum(&x[0], 0));
    }

    #[test]
    fn values_by_hand_and_no_values_at_all() {
        let (y, dx) = value_and_gradient(&[1., 2., 4.], |x| cumsum(x, 0));
        assert_eq!((y, dx), (vec![1., 3., 7.], vec![3., 2., 1.]));
        assert_eq!(cumsum(&input(1, &[2, 0]), 1).unwrap().shape(), [2, 0]);
    }

    #[test]
    fn an_axis_that_is_not_there_is_refused() {
        let error = cumsum(&input(1, &[2, 3]), 2).unwrap_err();
        assert_eq!(error.code(), "axis_out_of_range");
    }
}
