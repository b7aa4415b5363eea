//! Running products.

use super::Args;
use super::axes::normal_axis;
use crate::array::NdArray;
use crate::array::order::lanes;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// yᵢ = Π xⱼ over j ≤ i along `axis`; dxⱼ = yⱼ₋₁ · tⱼ with tⱼ = dyⱼ + xⱼ₊₁ · tⱼ₊₁.
///
/// Unlike a division by xⱼ this is right where values are 0.
pub fn cumprod<T: Scalar>(x: &Tensor<T>, axis: i64) -> Result<Tensor<T>> {
    let shape = x.shape();
    let axis = normal_axis("cumprod", axis, shape.len())?;
    let x_value = x.value().contiguous();
    let mut y = x_value.to_vec();
    lanes(&shape, axis, |first, n, step| {
        for i in 1..n {
            let before = y[first + (i - 1) * step];
            y[first + i * step] = before * y[first + i * step];
        }
    });
    let y = NdArray::from_vec(y, &shape);
    let y_value = y.clone();
    Ok(Tensor::record("cumprod", y)
        .input(x, move |dy| {
            let x = x_value.as_slice().expect("contiguous");
            let y = y_value.as_slice().expect("contiguous");
            let mut dx = dy.to_vec();
            lanes(&shape, axis, |first, n, step| {
                for i in (1..n).rev() {
                    let (here, before) = (first + i * step, first + (i - 1) * step);
                    let t = dx[here];
                    dx[before] += x[here] * t;
                    dx[here] = y[before] * t;
                }
            });
            NdArray::from_vec(dx, &shape)
        })
        .done())
}

/// By name: one tensor; `axis`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    cumprod(args.tensor(0)?, args.required_integer("axis")?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_at, input, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_along_any_axis() {
        for axis in [0, 1, -1] {
            check(&[&[3, 4, 5]], |x| cumprod(&x[0], axis));
        }
        check(&[&[1, 1]], |x| cumprod(&x[0], 0));
    }

    #[test]
    fn gradient_is_the_slope_where_values_are_zero() {
        let some_zeros = |x: f64| if x < -0.5 { 0.0 } else { x };
        check_at(&[&[6, 5]], some_zeros, |x| cumprod(&x[0], 1));
    }

    #[test]
    fn values_by_hand_and_no_values_at_all() {
        let (y, dx) = value_and_gradient(&[2., 3., 5.], |x| cumprod(x, 0));
        assert_eq!((y, dx), (vec![2., 6., 30.], vec![19., 12., 6.]));
        assert_eq!(cumprod(&input(1, &[2, 0]), 1).unwrap().shape(), [2, 0]);
    }

    #[test]
    fn an_axis_that_is_not_there_is_refused() {
        let error = cumprod(&input(1, &[2, 3]), -3).unwrap_err();
        assert_eq!(error.code(), "axis_out_of_range");
    }
}
