//! The rectifier.

use super::Args;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels;

/// y = max(x, 0); dx = dy where x > 0, else 0.
/// The slope at 0 is 0, as in PyTorch and Keras. NaN stays NaN and its slope is 0, as in Keras
/// (PyTorch's is 1).
pub fn relu<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    let shape = x.shape();
    let x_value = x.value().contiguous();
    let mut y = vec![T::ZERO; x_value.len()];
    kernels::relu::forward(x_value.as_slice().expect("contiguous"), &mut y);
    let y = NdArray::from_vec(y, &shape);
    let y_value = y.clone();
    Ok(Tensor::record("relu", y)
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; dy.len()];
            let y = y_value.as_slice().expect("contiguous");
            kernels::relu::backward(y, dy.as_slice().expect("contiguous"), &mut dx);
            NdArray::from_vec(dx, dy.shape())
        })
        .done())
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    relu(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 4]], |x| relu(&x[0]));
    }

    #[test]
    fn the_slope_at_zero_is_zero() {
        let (y, dx) = value_and_gradient(&[-2.0, 0.0, 3.0], relu);
        assert_eq!((y, dx), (vec![0.0, 0.0, 3.0], vec![0.0, 0.0, 1.0]));
    }
}
