//! The cross-entropy of logits against labels.

use super::Args;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::cross_entropy as kernel;

/// What becomes of the losses of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Their mean, one value.
    #[default]
    Mean,
    /// Their sum, one value.
    Sum,
    /// They stay, one a row.
    None,
}

/// loss = ln Σⱼ e^(xⱼ) − x_label a row; dx = (softmax x − one_hot label) · dloss, / N for a mean.
///
/// Shape: logits [N, classes], labels N → [] or, unreduced, [N]. Softmax is part of it, as in
/// PyTorch's `cross_entropy` and Keras's `from_logits=True`. Errs on a label that names no class.
pub fn cross_entropy<T: Scalar>(
    logits: &Tensor<T>,
    labels: &[u32],
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let shape = logits.shape();
    let [rows, classes] = shape[..] else {
        return Err(Error::DimensionCount {
            place: "cross_entropy".into(),
            expected: "2".into(),
            got: shape,
        });
    };
    if labels.len() != rows {
        return Err(Error::LengthMismatch {
            place: "cross_entropy labels".into(),
            expected: rows,
            got: labels.len(),
        });
    }
    check_labels(labels, classes)?;
    let x = logits.value().contiguous();
    let mut losses = vec![T::ZERO; rows];
    if rows > 0 {
        let x = x.as_slice().expect("contiguous");
        kernel::forward_labels(rows, classes, x, labels, &mut losses);
    }
    let sum = |losses: &[T]| losses.iter().fold(T::ZERO, |sum, &loss| sum + loss);
    let count = T::from_f64(rows as f64);
    let y = match reduction {
        Reduction::None => NdArray::from_vec(losses, &[rows]),
        Reduction::Sum => NdArray::scalar(sum(&losses)),
        Reduction::Mean => NdArray::scalar(sum(&losses) / count),
    };
    let labels = labels.to_vec();
    Ok(Tensor::record("cross_entropy", y)
        .input(logits, move |dy| {
            let mut dx = vec![T::ZERO; rows * classes];
            let scale = match reduction {
                Reduction::None => T::ONE,
                Reduction::Sum => dy.item(),
                Reduction::Mean => dy.item() / count,
            };
            if rows > 0 {
                let x = x.as_slice().expect("contiguous");
                kernel::backward_labels(rows, classes, x, &labels, scale, &mut dx);
            }
            if reduction == Reduction::None {
                for (dx, dy) in dx.chunks_exact_mut(classes.max(1)).zip(dy.to_vec()) {
                    dx.iter_mut().for_each(|dx| *dx *= dy);
                }
            }
            NdArray::from_vec(dx, &[rows, classes])
        })
        .done())
}

/// Errs with the first label that names no class.
pub fn check_labels(labels: &[u32], classes: usize) -> Result<()> {
    match labels.iter().position(|&label| label as usize >= classes) {
        None => Ok(()),
        Some(position) => Err(Error::LabelOutOfRange {
            position,
            label: u64::from(labels[position]),
            classes,
        }),
    }
}

/// By name: logits; `labels` (a list of integers), `reduction` ("mean", "sum", "none").
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let reduction = match args.text("reduction")? {
        None | Some("mean") => Reduction::Mean,
        Some("sum") => Reduction::Sum,
        Some("none") => Reduction::None,
        Some(_) => return Err(args.refused("reduction", "mean, sum, none")),
    };
    let labels = args.required_sizes("labels")?;
    // A label too great for u32 is too great for every number of classes.
    let labels: Vec<u32> = labels
        .iter()
        .map(|&l| u32::try_from(l).unwrap_or(u32::MAX))
        .collect();
    cross_entropy(args.tensor(0)?, &labels, reduction)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_for_every_reduction() {
        for reduction in [Reduction::Mean, Reduction::Sum, Reduction::None] {
            check(&[&[4, 3]], |x| {
                cross_entropy(&x[0], &[2, 0, 1, 1], reduction)
            });
        }
    }

    #[test]
    fn equal_logits_cost_the_logarithm_of_the_classes() {
        let loss = cross_entropy(&tensor(&[7.0; 10], &[1, 10]), &[3], Reduction::Mean).unwrap();
        assert!((loss.item() - 10f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let x = input(1, &[2, 3]);
        let code = |labels: &[u32]| {
            cross_entropy(&x, labels, Reduction::Mean)
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[0, 3]), "label_out_of_range");
        assert_eq!(code(&[0]), "length_mismatch");
        let error = cross_entropy(&input(1, &[3]), &[0], Reduction::Mean).unwrap_err();
        assert_eq!(error.code(), "dimension_count");
    }
}
