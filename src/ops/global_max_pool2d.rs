//! The maximum of each channel over an image.

use super::{Args, max, shapes};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y[c] = max x[..][c], composed of `max`; dx = dy shared evenly by the values that equal the maximum.
///
/// Shape: [N, H, W, C] → [N, C], as Keras's layer, which shares between equals too (windowed
/// pooling gives all to the first). Errs on empty images.
pub fn global_max_pool2d<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    let _: [usize; 4] = shapes::sizes("global_max_pool2d", x)?;
    max(x, Some(&[1, 2]), false)
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    global_max_pool2d(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3, 4, 5]], |x| global_max_pool2d(&x[0]));
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let code = |shape: &[usize]| global_max_pool2d(&input(1, shape)).unwrap_err().code();
        assert_eq!(code(&[2, 3, 4]), "dimension_count");
        assert_eq!(code(&[2, 0, 4, 1]), "array_empty_reduction");
    }
}
