//! The sum of two broadcast tensors.

use super::Args;
use crate::autograd::{Scalar, Tensor, unbroadcast};
use crate::error::Result;

/// y = a + b; da = dy, db = dy, summed over what was stretched.
pub fn add<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let (a_shape, b_shape) = (a.shape(), b.shape());
    let y = a.value().zip_broadcast(&b.value(), |a, b| a + b)?;
    Ok(Tensor::record("add", y)
        .input(a, move |dy| unbroadcast(dy, &a_shape))
        .input(b, move |dy| unbroadcast(dy, &b_shape))
        .done())
}

/// By name: two tensors.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    add(args.tensor(0)?, args.tensor(1)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_where_inputs_are_stretched() {
        for shapes in [
            [&[3, 4][..], &[3, 4][..]],
            [&[3, 4], &[4]],
            [&[2, 1, 4], &[3, 1]],
            [&[], &[2, 2]],
        ] {
            check(&shapes, |x| add(&x[0], &x[1]));
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let error = add(&input(1, &[2, 3]), &input(2, &[4])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }
}
