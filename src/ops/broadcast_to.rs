//! Values stretched over new or longer axes.

use super::Args;
use crate::autograd::{Scalar, Tensor, unbroadcast};
use crate::error::Result;

/// y = x, repeated along axes of size 1 and new leading axes; dx = Σ dy over them.
pub fn broadcast_to<T: Scalar>(x: &Tensor<T>, shape: &[usize]) -> Result<Tensor<T>> {
    let x_shape = x.shape();
    let y = x.value().broadcast_to(shape)?;
    Ok(Tensor::record("broadcast_to", y)
        .input(x, move |dy| unbroadcast(dy, &x_shape))
        .done())
}

/// By name: one tensor; `shape`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    broadcast_to(args.tensor(0)?, &args.required_sizes("shape")?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[3, 1]], |x| broadcast_to(&x[0], &[2, 3, 4]));
        check(&[&[]], |x| broadcast_to(&x[0], &[2, 2]));
    }

    #[test]
    fn a_shape_that_it_does_not_stretch_to_is_refused() {
        let error = broadcast_to(&input(1, &[3]), &[4]).unwrap_err();
        assert_eq!(error.code(), "array_broadcast_into");
    }
}
