//! Probabilities from logits.

use super::axes::normal_axis;
use super::{Args, permute};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::softmax as kernel;

/// y = eˣ / Σ eˣ along `axis`; dx = y · (dy − Σ dy · y).
///
/// The largest x is taken off first, so that nothing overflows.
pub fn softmax<T: Scalar>(x: &Tensor<T>, axis: i64) -> Result<Tensor<T>> {
    along_axis("softmax", x, axis, kernel::forward, kernel::backward)
}

/// y of rows and columns from x.
type Forward<T> = fn(usize, usize, &[T], &mut [T]);
/// dx of rows and columns from y and dy.
type Backward<T> = fn(usize, usize, &[T], &[T], &mut [T]);

/// A pair of kernels over the columns of rows, along any axis.
pub(super) fn along_axis<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    axis: i64,
    forward: Forward<T>,
    backward: Backward<T>,
) -> Result<Tensor<T>> {
    let dimensions = x.ndim();
    let axis = normal_axis(op, axis, dimensions)?;
    if axis + 1 == dimensions {
        return Ok(along_rows(op, x, forward, backward));
    }
    let mut order: Vec<i64> = (0..dimensions as i64).collect();
    order.swap(axis, dimensions - 1);
    let y = along_rows(op, &permute(x, &order)?, forward, backward);
    permute(&y, &order)
}

fn along_rows<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    forward: Forward<T>,
    backward: Backward<T>,
) -> Tensor<T> {
    let x_value = x.value().contiguous();
    let shape = x_value.shape().to_vec();
    let cols = shape[shape.len() - 1];
    let mut y = vec![T::ZERO; x_value.len()];
    // Without columns there is nothing to do, and no row to be counted.
    let rows = x_value.len() / cols.max(1);
    if rows > 0 {
        forward(rows, cols, x_value.as_slice().expect("contiguous"), &mut y);
    }
    let y = NdArray::from_vec(y, &shape);
    let y_value = y.clone();
    Tensor::record(op, y)
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; dy.len()];
            if rows > 0 {
                let (y, dy) = (y_value.as_slice(), dy.as_slice());
                let (y, dy) = (y.expect("contiguous"), dy.expect("contiguous"));
                backward(rows, cols, y, dy, &mut dx);
            }
            NdArray::from_vec(dx, &shape)
        })
        .done()
}

/// By name: one tensor; `axis` (the last where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    softmax(args.tensor(0)?, args.integer("axis")?.unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_along_any_axis() {
        for axis in [0, 1, -1] {
            check(&[&[2, 3, 4]], |x| softmax(&x[0], axis));
        }
        check(&[&[1]], |x| softmax(&x[0], 0));
    }

    #[test]
    fn empty_tensors_give_empty_ones_and_scalars_are_refused() {
        assert_eq!(softmax(&input(1, &[2, 0]), -1).unwrap().shape(), [2, 0]);
        assert_eq!(softmax(&input(1, &[0, 2]), -1).unwrap().shape(), [0, 2]);
        assert_eq!(
            softmax(&input(1, &[]), -1).unwrap_err().code(),
            "axis_out_of_range"
        );
    }

    #[test]
    fn probabilities_sum_to_one_along_the_axis_however_large_the_logits() {
        let y = softmax(&tensor(&[1000., 1001., -1000., 1.], &[2, 2]), 0)
            .unwrap()
            .value();
        assert_eq!(y.to_vec(), [1., 1., 0., 0.]);
    }
}
