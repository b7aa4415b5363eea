//! Normalisation of each channel over the batch.

use super::Args;
use super::normalize::{Affine, Moments, moments, normalized};
use super::shapes::{at_least, expect, require};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::normalize::{NormShape, Statistics};

const OP: &str = "batch_norm";

/// y = (x − mean) / √(variance + ε) · γ + β with given statistics, which count as constants;
/// dx = dy · γ / √(variance + ε), dγ = Σ dy · x̂, dβ = Σ dy. What a net does after training.
///
/// Shape: x [N, ..., C], mean, variance, γ, β [C] → x's: channels last. Errs where shapes don't fit.
pub fn batch_norm<T: Scalar>(
    x: &Tensor<T>,
    mean: &NdArray<T>,
    variance: &NdArray<T>,
    gamma: Option<&Tensor<T>>,
    beta: Option<&Tensor<T>>,
    epsilon: f64,
) -> Result<Tensor<T>> {
    let shape = channels(OP, x)?;
    let affine = Affine { gamma, beta };
    affine.check(OP, &[shape.groups])?;
    for (place, statistic) in [("batch_norm mean", mean), ("batch_norm variance", variance)] {
        expect(place, &Tensor::constant(statistic.clone()), &[shape.groups])?;
    }
    let moments = Moments {
        mean: mean.to_vec(),
        variance: variance.to_vec(),
    };
    normalized(OP, x, shape, Statistics::Given, &moments, affine, epsilon)
}

/// What training gives: the result, and what the batch says of its channels.
pub struct BatchNormTraining<T: Scalar> {
    /// The normalised values.
    pub y: Tensor<T>,
    /// The batch's mean [C].
    pub mean: NdArray<T>,
    /// The batch's variance [C], divided by the count.
    pub variance: NdArray<T>,
    /// Values behind each mean.
    pub count: usize,
}

/// y = x̂ · γ + β, x̂ = (x − mean) / √(variance + ε), each channel over the whole batch;
/// dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(variance + ε) with g = dy · γ, dγ = Σ dy · x̂, dβ = Σ dy.
///
/// Shape: x [N, ..., C], γ and β [C] → x's: channels last, as Keras (PyTorch has channels second).
/// Ioffe and Szegedy 2015; ε is 1e-5 in PyTorch and 1e-3 in Keras. Errs where shapes don't fit, and on
/// an empty batch.
pub fn batch_norm_training<T: Scalar>(
    x: &Tensor<T>,
    gamma: Option<&Tensor<T>>,
    beta: Option<&Tensor<T>>,
    epsilon: f64,
) -> Result<BatchNormTraining<T>> {
    let shape = channels(OP, x)?;
    let affine = Affine { gamma, beta };
    affine.check(OP, &[shape.groups])?;
    require(shape.middle > 0, OP, "x", ">= 1 pixel", 0)?;
    let moments = moments(&x.value(), &shape, true);
    let y = normalized(OP, x, shape, Statistics::Own, &moments, affine, epsilon)?;
    Ok(BatchNormTraining {
        y,
        mean: NdArray::from_vec(moments.mean, &[shape.groups]),
        variance: NdArray::from_vec(moments.variance, &[shape.groups]),
        count: shape.middle,
    })
}

impl<T: Scalar> BatchNormTraining<T> {
    /// running + (batch − running) · `momentum`, mean and variance.
    ///
    /// `momentum` is the batch's share as in PyTorch: 0.1 there, and 0.01 for Keras's 0.99.
    /// `unbiased` divides the batch's variance by count − 1, as PyTorch does and Keras doesn't; errs
    /// on it where the count is 1.
    pub fn running(
        &self,
        mean: &NdArray<T>,
        variance: &NdArray<T>,
        momentum: f64,
        unbiased: bool,
    ) -> Result<(NdArray<T>, NdArray<T>)> {
        const OP: &str = "batch_norm_statistics";
        let (count, share) = (self.count, T::from_f64(momentum));
        require(
            (0.0..=1.0).contains(&momentum),
            OP,
            "momentum",
            ">= 0, <= 1",
            momentum,
        )?;
        require(count > 1 || !unbiased, OP, "x", ">= 2 pixels", count)?;
        let correction = if unbiased {
            T::from_f64(count as f64 / (count - 1) as f64)
        } else {
            T::ONE
        };
        let blend = |old: T, new: T| old * (T::ONE - share) + new * share;
        let batch_variance = self.variance.map(|variance| variance * correction);
        let mean = mean.zip_broadcast(&self.mean, blend)?;
        let variance = variance.zip_broadcast(&batch_variance, blend)?;
        Ok((mean, variance))
    }
}

fn channels<T: Scalar>(op: &str, x: &Tensor<T>) -> Result<NormShape> {
    let sizes = at_least(op, x, 2)?;
    let (c, pixels) = sizes.split_last().expect("two axes at least");
    Ok(NormShape {
        outer: 1,
        middle: pixels.iter().product(),
        groups: *c,
        inner: 1,
    })
}

/// By name: x, running mean, running variance and, if there are, gamma and beta; `training` (false
/// where it is left out: then the running statistics are used), `epsilon` (1e-5). The new
/// running statistics come from `batch_norm_statistics`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (x, mean, variance) = (args.tensor(0)?, args.tensor(1)?, args.tensor(2)?);
    let (gamma, beta) = (args.optional_tensor(3), args.optional_tensor(4));
    let epsilon = args.number("epsilon")?.unwrap_or(1e-5);
    if args.flag("training")? {
        return Ok(batch_norm_training(x, gamma, beta, epsilon)?.y);
    }
    batch_norm(x, &mean.value(), &variance.value(), gamma, beta, epsilon)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_in_training() {
        check(&[&[3, 2, 2, 4], &[4], &[4]], |x| {
            Ok(batch_norm_training(&x[0], Some(&x[1]), Some(&x[2]), 1e-5)?.y)
        });
        check(&[&[6, 3]], |x| {
            Ok(batch_norm_training(&x[0], None, None, 1e-3)?.y)
        });
    }

    #[test]
    fn gradients_are_the_slopes_with_given_statistics() {
        let mean = input(4, &[4]).value();
        let variance = input(5, &[4]).value().map(|v| v * v + 0.5);
        check(&[&[3, 2, 2, 4], &[4], &[4]], |x| {
            batch_norm(&x[0], &mean, &variance, Some(&x[1]), Some(&x[2]), 1e-5)
        });
    }

    #[test]
    fn running_statistics_move_towards_the_batch() {
        let x = tensor(&[1., 3., 5., 7.], &[4, 1]);
        let batch = batch_norm_training(&x, None, None, 0.0).unwrap();
        assert_eq!((batch.mean.item(), batch.variance.item()), (4., 5.));
        let (zero, one) = (NdArray::zeros(&[1]), NdArray::full(&[1], 1.0));
        let running = |unbiased| {
            let (mean, variance) = batch.running(&zero, &one, 0.25, unbiased).unwrap();
            (mean.item(), variance.item())
        };
        assert_eq!(running(false), (1., 2.));
        let (mean, variance) = running(true);
        assert_eq!(mean, 1.);
        assert!((variance - (0.75 + 20. / 12.)).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |x: &[usize], gamma: &[usize]| {
            let gamma = input(2, gamma);
            batch_norm_training(&input(1, x), Some(&gamma), None, 1e-5)
                .err()
                .expect("refused")
                .code()
        };
        assert_eq!(code(&[3], &[3]), "dimension_count");
        assert_eq!(code(&[2, 3], &[2]), "shape_mismatch");
        assert_eq!(code(&[0, 3], &[3]), "invalid_argument");
        let three = NdArray::<f64>::zeros(&[3]);
        let two = NdArray::<f64>::zeros(&[2]);
        let error = batch_norm(&input(1, &[2, 3]), &three, &two, None, None, 1e-5);
        assert_eq!(error.unwrap_err().code(), "shape_mismatch");
        let single = batch_norm_training(&input(1, &[1, 3]), None, None, 1e-5).unwrap();
        assert!(single.running(&three, &three, 0.1, true).is_err());
        assert!(single.running(&three, &three, 0.1, false).is_ok());
    }
}
