//! The cross-entropy of yes and no.

use super::pointwise_loss::{Point, pointwise_loss};
use super::{Args, Reduction};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// loss = (1 − t)·x + l·ln(1 + e⁻ˣ) with l = 1 + (p − 1)·t, which is −p·t·ln σ(x) − (1 − t)·ln(1 − σ(x));
/// dx = (1 − t − l·σ(−x))·dloss, dt = ((p − 1)·ln(1 + e⁻ˣ) − x)·dloss.
///
/// `pos_weight` p weighs the positive targets, one for each place of the last axis (PyTorch's
/// `binary_cross_entropy_with_logits`, Keras's `BinaryCrossentropy(from_logits=True)`). Targets are
/// 0 to 1. Shape: input and target alike → [] or, unreduced, theirs. No exponential overflows.
pub fn binary_cross_entropy_with_logits<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    pos_weight: Option<&[f64]>,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let op = "binary_cross_entropy_with_logits";
    let pos_weight: Vec<T> = match pos_weight {
        None => vec![T::ONE],
        Some(weights) => {
            let expected = input.shape().last().copied().unwrap_or(1);
            if weights.len() != expected {
                return Err(Error::LengthMismatch {
                    place: format!("{op} pos_weight"),
                    expected,
                    got: weights.len(),
                });
            }
            weights.iter().map(|&weight| T::from_f64(weight)).collect()
        }
    };
    let rule = |x: T, t: T, p: T| {
        let small = (-x.abs()).exp();
        // ln(1 + e⁻ˣ), and σ(−x).
        let below = if x < T::ZERO { -x } else { T::ZERO };
        let softplus = small.ln_1p() + below;
        let share = if x < T::ZERO { T::ONE } else { small } / (T::ONE + small);
        let (rest, weight) = (T::ONE - t, T::ONE + (p - T::ONE) * t);
        Point {
            loss: rest * x + weight * softplus,
            dx: rest - weight * share,
            dt: (p - T::ONE) * softplus - x,
        }
    };
    pointwise_loss(op, input, target, pos_weight, rule, reduction)
}

/// By name: logits and targets; `pos_weight` (a list), `reduction`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let weights = args.numbers("pos_weight")?;
    let reduction = Reduction::read(args)?;
    binary_cross_entropy_with_logits(
        args.tensor(0)?,
        args.tensor(1)?,
        weights.as_deref(),
        reduction,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor, value_and_gradient};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            for weights in [None, Some(&[0.5, 2.0, 1.0, 3.0][..])] {
                check(&[&[3, 4], &[3, 4]], |x| {
                    binary_cross_entropy_with_logits(&x[0], &x[1], weights, reduction)
                });
            }
        }
    }

    #[test]
    fn far_logits_cost_their_distance_and_have_finite_slopes() {
        let target = tensor(&[0.0, 0.0, 1.0, 1.0], &[4]);
        let (loss, dx) = value_and_gradient(&[1000.0, -1000.0, 1000.0, -1000.0], |x| {
            binary_cross_entropy_with_logits(x, &target, None, Reduction::None)
        });
        assert_eq!(loss, [1000.0, 0.0, 0.0, 1000.0]);
        assert_eq!(dx, [1.0, 0.0, 0.0, -1.0]);
    }

    #[test]
    fn weights_must_be_one_for_each_class() {
        let x = input(1, &[2, 3]);
        let weights = Some(&[1.0, 2.0][..]);
        let error = binary_cross_entropy_with_logits(&x, &x, weights, Reduction::Mean);
        assert_eq!(error.unwrap_err().code(), "length_mismatch");
    }
}
