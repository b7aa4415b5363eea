//! The absolute error.

use super::pointwise_loss::{Point, pointwise_loss};
use super::{Args, Reduction};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// loss = |x − t|; dx = sign(x − t)·dloss, dt = −dx; the slope at 0 is 0, at NaN it is NaN
/// (0 in PyTorch).
///
/// Shape: input and target alike → [] or, unreduced, theirs (PyTorch's `l1_loss`, Keras's
/// `MeanAbsoluteError`).
pub fn l1_loss<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let rule = |x: T, t: T, _| {
        let off = x - t;
        let slope = if off > T::ZERO {
            T::ONE
        } else if off < T::ZERO {
            -T::ONE
        } else {
            off * T::ZERO
        };
        Point {
            loss: off.abs(),
            dx: slope,
            dt: -slope,
        }
    };
    pointwise_loss("l1_loss", input, target, vec![T::ONE], rule, reduction)
}

/// By name: input and target; `reduction`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    l1_loss(args.tensor(0)?, args.tensor(1)?, Reduction::read(args)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, tensor, value_and_gradient};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            check(&[&[3, 4], &[3, 4]], |x| l1_loss(&x[0], &x[1], reduction));
        }
    }

    #[test]
    fn the_slope_at_zero_is_zero() {
        let target = tensor(&[1.0; 3], &[3]);
        let (y, dx) =
            value_and_gradient(&[1.0, 3.0, -1.0], |x| l1_loss(x, &target, Reduction::Sum));
        assert_eq!((y, dx), (vec![4.0], vec![0.0, 1.0, -1.0]));
    }
}
