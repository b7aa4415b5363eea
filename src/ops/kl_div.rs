//! The Kullback–Leibler divergence.

use super::pointwise_loss::{Point, pointwise_loss};
use super::{Args, Reduction, mul};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// loss = t·(ln t − x), 0 where t is 0; dx = −t·dloss, dt = (ln t + 1 − x)·dloss.
///
/// x holds logarithms of probabilities, t probabilities, or with `log_target` their logarithms:
/// loss = eᵗ·(t − x) (PyTorch's `kl_div`). Shape: both alike → [] or, unreduced, theirs. A mean is
/// over all elements; the divergence of distributions is the sum over N ([`by_batch`]). Where
/// t is 0, dt is its limit, −∞ (NaN in PyTorch).
pub fn kl_div<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    log_target: bool,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let plain = |x: T, t: T, _| {
        let log = if t > T::ZERO { t.ln() } else { T::ZERO };
        Point {
            // A target below 0 is no probability, and gives no number.
            loss: if t < T::ZERO { T::NAN } else { t * (log - x) },
            dx: -t,
            dt: t.ln() + T::ONE - x,
        }
    };
    let of_logarithms = |x: T, t: T, _| {
        let probability = t.exp();
        Point {
            loss: probability * (t - x),
            dx: -probability,
            dt: probability * (t - x + T::ONE),
        }
    };
    let rule = if log_target { of_logarithms } else { plain };
    pointwise_loss("kl_div", input, target, vec![T::ONE], rule, reduction)
}

/// The sum over the number of rows, PyTorch's "batchmean". Shape: [N, ...] → [].
pub fn by_batch<T: Scalar>(
    input: &Tensor<T>,
    target: &Tensor<T>,
    log_target: bool,
) -> Result<Tensor<T>> {
    let rows = input.shape().first().copied().unwrap_or(1);
    let sum = kl_div(input, target, log_target, Reduction::Sum)?;
    mul(&sum, &Tensor::scalar(1.0 / rows as f64))
}

/// By name: input and target; `log_target`, `reduction` ("batchmean" too).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (input, target) = (args.tensor(0)?, args.tensor(1)?);
    let log_target = args.flag("log_target")?;
    if args.text("reduction")? == Some("batchmean") {
        return by_batch(input, target, log_target);
    }
    kl_div(input, target, log_target, Reduction::read(args)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_at, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            let shapes: [&[usize]; 2] = [&[3, 4], &[3, 4]];
            check(&shapes, |x| kl_div(&x[0], &x[1], true, reduction));
            check_at(
                &shapes,
                |x| x.abs() + 0.1,
                |x| kl_div(&x[0], &x[1], false, reduction),
            );
        }
        check(&[&[3, 4], &[3, 4]], |x| by_batch(&x[0], &x[1], true));
    }

    #[test]
    fn equal_distributions_have_no_divergence_and_zeros_cost_nothing() {
        let p: [f64; 4] = [0.5, 0.5, 0.25, 0.75];
        let logs = tensor(&p.map(f64::ln), &[2, 2]);
        let loss = by_batch(&logs, &tensor(&p, &[2, 2]), false).unwrap();
        assert!(loss.item().abs() < 1e-15);
        let sure = tensor(&[1.0, 0.0], &[1, 2]);
        let half = tensor(&[0.5f64.ln(); 2], &[1, 2]);
        let loss = by_batch(&half, &sure, false).unwrap().item();
        assert!((loss - 2f64.ln()).abs() < 1e-15);
        let wrong = tensor(&[-0.5, 1.5], &[1, 2]);
        assert!(by_batch(&half, &wrong, false).unwrap().item().is_nan());
    }
}
