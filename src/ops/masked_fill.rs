//! One value in place of those that a mask marks.

use super::{Args, shapes, r#where};
use crate::array::{NdArray, broadcast_shapes};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = value where the mask holds, else x, composed: a `where`; dx = dy where it doesn't hold.
///
/// Errs unless the mask stretches to x's shape, as in PyTorch.
pub fn masked_fill<T: Scalar>(
    x: &Tensor<T>,
    mask: &NdArray<bool>,
    value: f64,
) -> Result<Tensor<T>> {
    let both = broadcast_shapes(mask.shape(), &x.shape())?;
    shapes::expect("masked_fill", x, &both)?;
    r#where(mask, &Tensor::scalar(value), x)
}

/// By name: x, the mask (not 0: it holds); `value`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    masked_fill(
        args.tensor(0)?,
        &args.mask(1)?,
        args.required_number("value")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        for shape in [&[3, 4][..], &[4], &[3, 1], &[]] {
            let mask = input(9, shape).value().map(|x| x > 0.0);
            check(&[&[3, 4]], |x| masked_fill(&x[0], &mask, -5.0));
        }
    }

    #[test]
    fn a_mask_that_does_not_stretch_to_x_is_refused() {
        let fill =
            |mask: &[usize]| masked_fill(&input(1, &[1, 3]), &NdArray::full(mask, true), 0.0);
        assert_eq!(fill(&[2, 3]).unwrap_err().code(), "shape_mismatch");
        assert_eq!(fill(&[2]).unwrap_err().code(), "array_broadcast");
    }
}
