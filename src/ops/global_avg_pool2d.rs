//! The mean of each channel over an image.

use super::{Args, adaptive_avg_pool2d, reshape};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y[c] = Σ x[..][c] / (H · W), composed; dx = dy / (H · W) everywhere.
///
/// Shape: [N, H, W, C] → [N, C], as Keras's layer. Errs on empty images.
pub fn global_avg_pool2d<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    let y = adaptive_avg_pool2d(x, (1, 1))?;
    let shape = y.shape();
    reshape(&y, &[shape[0], shape[3]])
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    global_avg_pool2d(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3, 4, 5]], |x| global_avg_pool2d(&x[0]));
    }
}
