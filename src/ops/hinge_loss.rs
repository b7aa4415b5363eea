//! The hinge loss.

use super::pointwise_loss::{Point, pointwise_loss};
use super::{Args, Reduction};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// loss = max(0, 1 − t·x); dx = −t·dloss and dt = −x·dloss where that is above 0, else 0.
///
/// Targets are −1 or 1 (Keras's `Hinge`, which also takes 0 for −1; PyTorch has none of this kind).
/// Shape: input and target alike → [] or, unreduced, theirs.
pub fn hinge_loss<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let rule = |x: T, t: T, _| {
        let loss = T::ONE - t * x;
        // A margin that is no number must be seen.
        if loss <= T::ZERO {
            Point {
                loss: T::ZERO,
                dx: T::ZERO,
                dt: T::ZERO,
            }
        } else {
            Point {
                loss,
                dx: -t,
                dt: -x,
            }
        }
    };
    pointwise_loss("hinge_loss", input, target, vec![T::ONE], rule, reduction)
}

/// By name: input and target; `reduction`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    hinge_loss(args.tensor(0)?, args.tensor(1)?, Reduction::read(args)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            check(&[&[3, 4], &[3, 4]], |x| hinge_loss(&x[0], &x[1], reduction));
        }
    }

    #[test]
    fn a_margin_beyond_one_costs_nothing() {
        let (x, t) = (
            tensor(&[2.0, 0.5, 2.0], &[3]),
            tensor(&[1.0, 1.0, -1.0], &[3]),
        );
        let loss = hinge_loss(&x, &t, Reduction::None).unwrap();
        assert_eq!(loss.value().to_vec(), [0.0, 0.5, 3.0]);
    }
}
