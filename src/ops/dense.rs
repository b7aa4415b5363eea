//! The fully connected layer.

use super::{Args, add, matmul};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x · w + b, composed; dx = dy · wᵀ, dw = xᵀ · dy, db = Σ dy over all axes but the last.
///
/// Shape: x [..., in], w [in, out], b [out] → [..., out], Keras's `Dense` (PyTorch's `linear` holds
/// the transposed weight).
pub fn dense<T: Scalar>(x: &Tensor<T>, w: &Tensor<T>, b: Option<&Tensor<T>>) -> Result<Tensor<T>> {
    let y = matmul(x, w)?;
    match b {
        Some(b) => add(&y, b),
        None => Ok(y),
    }
}

/// By name: x, w and, if there is one, b.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    dense(args.tensor(0)?, args.tensor(1)?, args.optional_tensor(2))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn gradients_are_the_slopes_with_and_without_bias() {
        check(&[&[5, 3], &[3, 4], &[4]], |x| {
            dense(&x[0], &x[1], Some(&x[2]))
        });
        check(&[&[2, 5, 3], &[3, 4], &[4]], |x| {
            dense(&x[0], &x[1], Some(&x[2]))
        });
        check(&[&[3], &[3, 4]], |x| dense(&x[0], &x[1], None));
    }
}
