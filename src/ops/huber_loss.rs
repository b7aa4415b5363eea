//! Huber's loss: squared near 0, absolute beyond.

use super::pointwise_loss::{Point, pointwise_loss};
use super::{Args, Reduction};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// loss = a²/2 where a = |x − t| ≤ δ, else δ·(a − δ/2); dx = clip(x − t, −δ, δ)·dloss, dt = −dx
/// (Huber 1964).
///
/// `delta` > 0. Shape: input and target alike → [] or, unreduced, theirs (PyTorch's `huber_loss`,
/// Keras's `Huber`).
pub fn huber_loss<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    delta: f64,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    if !(delta > 0.0 && delta.is_finite()) {
        return Err(Error::InvalidArgument {
            place: "huber_loss".into(),
            argument: "delta".into(),
            expected: "> 0".into(),
            got: delta.to_string(),
        });
    }
    let rule = |x: T, t: T, delta: T| {
        let off = x - t;
        let slope = if off > delta {
            delta
        } else if off < -delta {
            -delta
        } else {
            off
        };
        let half = T::from_f64(0.5);
        Point {
            loss: slope * (off - half * slope),
            dx: slope,
            dt: -slope,
        }
    };
    let delta = vec![T::from_f64(delta)];
    pointwise_loss("huber_loss", input, target, delta, rule, reduction)
}

/// By name: input and target; `delta` (1), `reduction`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let delta = args.number("delta")?.unwrap_or(1.0);
    let reduction = Reduction::read(args)?;
    huber_loss(args.tensor(0)?, args.tensor(1)?, delta, reduction)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            check(&[&[3, 4], &[3, 4]], |x| {
                huber_loss(&x[0], &x[1], 0.7, reduction)
            });
        }
    }

    #[test]
    fn near_zero_it_is_squared_and_beyond_it_is_a_line() {
        let (x, zero) = (
            tensor(&[0.5, 2.0, -4.0, 0.0], &[4]),
            tensor(&[0.0; 4], &[4]),
        );
        let loss = huber_loss(&x, &zero, 2.0, Reduction::None).unwrap();
        assert_eq!(loss.value().to_vec(), [0.125, 2.0, 6.0, 0.0]);
    }

    #[test]
    fn a_delta_of_zero_is_refused() {
        let x = input(1, &[2]);
        for delta in [0.0, -1.0, f64::NAN] {
            assert!(huber_loss(&x, &x, delta, Reduction::Mean).is_err());
        }
    }
}
