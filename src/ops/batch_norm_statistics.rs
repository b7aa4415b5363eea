//! The running statistics after a batch.

use super::{Args, batch_norm::batch_norm_training, concat, reshape, shapes};
use crate::autograd::{Scalar, Tensor, no_grad};
use crate::error::Result;

/// running + (batch − running) · momentum: the mean in row 0, the variance in row 1. No gradient
/// flows through it.
///
/// Shape: x [N, ..., C], running mean and variance [C] → [2, C]. Conventions are those of
/// [`BatchNormTraining::running`](super::batch_norm::BatchNormTraining::running).
pub fn batch_norm_statistics<T: Scalar>(
    x: &Tensor<T>,
    mean: &Tensor<T>,
    variance: &Tensor<T>,
    momentum: f64,
    unbiased: bool,
) -> Result<Tensor<T>> {
    no_grad(|| {
        let batch = batch_norm_training(x, None, None, 0.0)?;
        let shape = batch.mean.shape();
        shapes::expect("batch_norm_statistics mean", mean, shape)?;
        shapes::expect("batch_norm_statistics variance", variance, shape)?;
        let (mean, variance) = (mean.value(), variance.value());
        let (mean, variance) = batch.running(&mean, &variance, momentum, unbiased)?;
        let row = |values| reshape(&Tensor::constant(values), &[1, shape[0]]);
        concat(&[row(mean)?, row(variance)?], 0)
    })
}

/// By name: x, running mean, running variance; `momentum` (0.1 where it is left out), `unbiased`
/// (true), both as in PyTorch.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let unbiased = match args.json("unbiased") {
        None => true,
        Some(_) => args.flag("unbiased")?,
    };
    batch_norm_statistics(
        args.tensor(0)?,
        args.tensor(1)?,
        args.tensor(2)?,
        args.number("momentum")?.unwrap_or(0.1),
        unbiased,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{input, tensor};
    use super::*;

    #[test]
    fn the_running_statistics_move_towards_the_batch() {
        let x = tensor(&[1., 10., 3., 30.], &[2, 2]);
        let (mean, variance) = (tensor(&[0., 0.], &[2]), tensor(&[2., 2.], &[2]));
        let y = batch_norm_statistics(&x, &mean, &variance, 0.5, false).unwrap();
        assert_eq!(y.value().to_vec(), [1., 10., 1.5, 51.]);
    }

    #[test]
    fn no_gradient_flows_through_them() {
        let x = Tensor::parameter(input(1, &[4, 3]).value());
        let (mean, variance) = (input(2, &[3]), input(3, &[3]));
        let y = batch_norm_statistics(&x, &mean, &variance, 0.1, true).unwrap();
        assert!(!y.requires_grad());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let (x, three, two) = (input(1, &[4, 3]), input(2, &[3]), input(3, &[2]));
        let error = batch_norm_statistics(&x, &three, &two, 0.1, true).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
        let error = batch_norm_statistics(&x, &three, &three, 1.5, true).unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
    }
}
