//! The squared error.

use super::pointwise_loss::{Point, pointwise_loss};
use super::{Args, Reduction};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// loss = (x − t)²; dx = 2·(x − t)·dloss, dt = −dx.
///
/// Shape: input and target alike → [] or, unreduced, theirs (PyTorch's `mse_loss`; its mean is over
/// all elements, as that of Keras's `MeanSquaredError` comes to).
pub fn mse_loss<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let rule = |x: T, t: T, _| {
        let off = x - t;
        let slope = off + off;
        Point {
            loss: off * off,
            dx: slope,
            dt: -slope,
        }
    };
    pointwise_loss("mse_loss", input, target, vec![T::ONE], rule, reduction)
}

/// By name: input and target; `reduction`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    mse_loss(args.tensor(0)?, args.tensor(1)?, Reduction::read(args)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            check(&[&[3, 4], &[3, 4]], |x| mse_loss(&x[0], &x[1], reduction));
        }
    }

    #[test]
    fn values_by_hand() {
        let (x, t) = (tensor(&[1., 3.], &[2]), tensor(&[0., 5.], &[2]));
        let loss = |reduction| mse_loss(&x, &t, reduction).unwrap().value().to_vec();
        assert_eq!(loss(Reduction::Mean), [2.5]);
        assert_eq!(loss(Reduction::Sum), [5.0]);
        assert_eq!(loss(Reduction::None), [1.0, 4.0]);
    }

    #[test]
    fn a_target_is_never_stretched() {
        let error = mse_loss(&input(1, &[3, 1]), &input(2, &[3]), Reduction::Mean).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
    }
}
