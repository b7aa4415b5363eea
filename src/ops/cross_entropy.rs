//! The cross-entropy of logits against labels.

use super::shapes::{expect, require};
use super::{Args, Reduction, div, sum};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::{cross_entropy as kernel, soft_cross_entropy, softmax};

/// loss = ln Σⱼ e^(xⱼ) − x_label a row; dx = (softmax x − one_hot label) · dloss, / N for a mean.
///
/// Shape: logits [N, classes], labels N → [] or, unreduced, [N]. Softmax is part of it, as in
/// PyTorch's `cross_entropy` and Keras's `from_logits=True`. Errs on a label that names no class.
/// [`CrossEntropy`] has the rarer settings.
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

/// What the right answers are.
pub enum Target<'a, T: Scalar> {
    /// A class a row.
    Labels(&'a [i64]),
    /// A probability for every class. Shape: that of the logits.
    Probabilities(&'a Tensor<T>),
}

/// The cross-entropy with all of PyTorch's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossEntropy {
    /// 0 to 1: how much of the target is spread over all classes (Szegedy et al. 2016).
    pub label_smoothing: f64,
    /// One for each class; the mean is then over the weights of the labels.
    pub weights: Option<Vec<f64>>,
    /// Rows with this label cost nothing and don't count.
    pub ignore_index: i64,
    /// What becomes of the losses.
    pub reduction: Reduction,
}

impl Default for CrossEntropy {
    fn default() -> Self {
        Self {
            label_smoothing: 0.0,
            weights: None,
            ignore_index: -100,
            reduction: Reduction::Mean,
        }
    }
}

impl CrossEntropy {
    /// loss = Σⱼ qⱼ·(ln Σₖ e^(xₖ) − xⱼ) a row, with qⱼ = wⱼ·((1 − ε)·tⱼ + ε / classes);
    /// dx = (softmax x · Σ q − q)·dloss, dt = w·(1 − ε)·(ln Σ eˣ − x)·dloss.
    ///
    /// Shape: logits [..., classes] → [] or, unreduced, [...]. A label y stands for t = 1 at y, and
    /// its first term has weight w_y alone. A mean is over Σ w_y of the rows not ignored, or over
    /// all rows where the target is probabilities (PyTorch's `cross_entropy`). Where every row is
    /// ignored it is NaN, with a gradient of 0. A target of 0 leaves its class out, also where that is
    /// impossible (x = −∞; PyTorch gives NaN there). Errs on a label that names no class, and on shapes that don't fit.
    pub fn of<T: Scalar>(&self, logits: &Tensor<T>, target: Target<T>) -> Result<Tensor<T>> {
        let shape = logits.shape();
        let [outer @ .., classes] = &shape[..] else {
            return Err(dimensions(&shape));
        };
        if outer.is_empty() {
            return Err(dimensions(&shape));
        }
        let (classes, rows) = (*classes, outer.iter().product::<usize>());
        require(classes > 0, "cross_entropy", "classes", ">= 1", classes)?;
        let weights = self.checked_weights(classes)?;
        let (targets, counted, counts) = match target {
            Target::Labels(labels) => {
                let (targets, counted) = self.of_labels(labels, rows, &weights)?;
                let counts = labels.iter().map(|&label| label != self.ignore_index);
                (targets, counted, counts.collect())
            }
            Target::Probabilities(target) => {
                expect("cross_entropy target", target, &shape)?;
                let spread = self.label_smoothing / classes as f64;
                let kept = 1.0 - self.label_smoothing;
                let target = target.value().to_vec();
                let pairs = target.iter().zip(weights.iter().cycle());
                let one = |(t, w): (&T, &f64)| T::from_f64(w * (kept * t.to_f64() + spread));
                (pairs.map(one).collect(), rows as f64, vec![true; rows])
            }
        };
        let x = logits.value().to_vec();
        let mut losses = vec![T::ZERO; rows];
        soft_cross_entropy::forward(rows, classes, &x, &targets, &mut losses);
        let mut recorded = Tensor::record("cross_entropy", NdArray::from_vec(losses, outer));
        if let Target::Probabilities(target) = target {
            let (x, shape, kept) = (x.clone(), shape.clone(), 1.0 - self.label_smoothing);
            recorded = recorded.input(target, move |dy| {
                let mut costs = vec![T::ZERO; x.len()];
                softmax::log_forward(rows, classes, &x, &mut costs);
                let dy = dy.to_vec();
                for (costs, dy) in costs.chunks_exact_mut(classes).zip(dy) {
                    for (cost, w) in costs.iter_mut().zip(&weights) {
                        *cost = -*cost * T::from_f64(w * kept) * dy;
                    }
                }
                NdArray::from_vec(costs, &shape)
            });
        }
        let losses = recorded
            .input(logits, move |dy| {
                let mut dx = vec![T::ZERO; x.len()];
                soft_cross_entropy::backward(rows, classes, &x, &targets, T::ONE, &mut dx);
                let rows = dx.chunks_exact_mut(classes).zip(dy.to_vec());
                // Where all are ignored, dy is infinite: the mean was over no weight.
                for ((dx, dy), _) in rows.zip(&counts).filter(|(_, counts)| **counts) {
                    dx.iter_mut().for_each(|dx| *dx *= dy);
                }
                NdArray::from_vec(dx, &shape)
            })
            .done();
        match self.reduction {
            Reduction::None => Ok(losses),
            Reduction::Sum => sum(&losses, None, false),
            // Divided, so that 0 rows of 0 weight give NaN.
            Reduction::Mean => div(&sum(&losses, None, false)?, &Tensor::scalar(counted)),
        }
    }

    fn checked_weights(&self, classes: usize) -> Result<Vec<f64>> {
        let smoothing = self.label_smoothing;
        if !(0.0..=1.0).contains(&smoothing) {
            return Err(Error::InvalidArgument {
                place: "cross_entropy".into(),
                argument: "label_smoothing".into(),
                expected: ">= 0, <= 1".into(),
                got: smoothing.to_string(),
            });
        }
        match &self.weights {
            None => Ok(vec![1.0; classes]),
            Some(weights) if weights.len() == classes => Ok(weights.clone()),
            Some(weights) => Err(Error::LengthMismatch {
                place: "cross_entropy weights".into(),
                expected: classes,
                got: weights.len(),
            }),
        }
    }

    /// q of every row, and the sum of the labels' weights.
    fn of_labels<T: Scalar>(
        &self,
        labels: &[i64],
        rows: usize,
        weights: &[f64],
    ) -> Result<(Vec<T>, f64)> {
        if labels.len() != rows {
            return Err(Error::LengthMismatch {
                place: "cross_entropy labels".into(),
                expected: rows,
                got: labels.len(),
            });
        }
        let classes = weights.len();
        let spread = self.label_smoothing / classes as f64;
        let mut targets = vec![T::ZERO; rows * classes];
        let mut counted = 0.0;
        for (row, &label) in labels.iter().enumerate() {
            if label == self.ignore_index {
                continue;
            }
            let weight = usize::try_from(label).ok().and_then(|l| weights.get(l));
            let Some(weight) = weight else {
                // A negative label is told as the number that it would be without a sign.
                return Err(Error::LabelOutOfRange {
                    position: row,
                    label: label as u64,
                    classes,
                });
            };
            let q = &mut targets[row * classes..][..classes];
            for (q, w) in q.iter_mut().zip(weights) {
                *q = T::from_f64(spread * w);
            }
            q[label as usize] += T::from_f64((1.0 - self.label_smoothing) * weight);
            counted += weight;
        }
        Ok((targets, counted))
    }
}

fn dimensions(shape: &[usize]) -> Error {
    Error::DimensionCount {
        place: "cross_entropy".into(),
        expected: ">= 2".into(),
        got: shape.to_vec(),
    }
}

/// By name: logits, and probabilities or `labels` (a list of integers); `label_smoothing`,
/// `weights` (a list), `ignore_index` (−100), `reduction` ("mean", "sum", "none").
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let default = CrossEntropy::default();
    let ignore_index = match args.integers("ignore_index")?.as_deref() {
        None => default.ignore_index,
        Some(&[label]) => label,
        Some(_) => return Err(args.refused("ignore_index", "an integer")),
    };
    let options = CrossEntropy {
        label_smoothing: args.number("label_smoothing")?.unwrap_or(0.0),
        weights: args.numbers("weights")?,
        ignore_index,
        reduction: Reduction::read(args)?,
    };
    let labels = args.integers("labels")?;
    let logits = args.tensor(0)?;
    match (labels, args.optional_tensor(1)) {
        (None, Some(target)) => options.of(logits, Target::Probabilities(target)),
        (None, None) | (Some(_), Some(_)) => {
            Err(args.refused("labels", "integers | a second array"))
        }
        (Some(labels), None) => options.of(logits, Target::Labels(&labels)),
    }
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

    const LABELS: [i64; 4] = [2, 0, -100, 1];

    fn settings() -> [CrossEntropy; 4] {
        let weights = Some(vec![0.5, 2.0, 1.0]);
        let plain = CrossEntropy::default();
        let smooth = CrossEntropy {
            label_smoothing: 0.2,
            ..plain.clone()
        };
        let weighted = CrossEntropy {
            weights,
            reduction: Reduction::Sum,
            ..plain.clone()
        };
        let both = CrossEntropy {
            weights: weighted.weights.clone(),
            reduction: Reduction::None,
            ..smooth.clone()
        };
        [plain, smooth, weighted, both]
    }

    #[test]
    fn gradients_are_the_slopes_for_every_setting() {
        for options in settings() {
            check(&[&[2, 2, 3]], |x| {
                options.of(&x[0], Target::Labels(&LABELS))
            });
            check(&[&[4, 3], &[4, 3]], |x| {
                options.of(&x[0], Target::Probabilities(&x[1]))
            });
        }
    }

    #[test]
    fn the_settings_left_alone_give_the_plain_loss() {
        let x = input(1, &[4, 3]);
        let plain = cross_entropy(&x, &[2, 0, 1, 1], Reduction::Mean).unwrap();
        let general = CrossEntropy::default().of(&x, Target::Labels(&[2, 0, 1, 1]));
        assert!((plain.item() - general.unwrap().item()).abs() < 1e-14);
    }

    #[test]
    fn ignored_rows_do_not_count() {
        let (x, few) = (input(1, &[4, 3]), CrossEntropy::default());
        let some = few.of(&x, Target::Labels(&LABELS)).unwrap().item();
        let each = cross_entropy(&x, &[2, 0, 0, 1], Reduction::None).unwrap();
        let each = each.value().to_vec();
        assert!((some - (each[0] + each[1] + each[3]) / 3.0).abs() < 1e-14);
        let x = Tensor::parameter(x.value());
        let none = few.of(&x, Target::Labels(&[-100; 4])).unwrap();
        assert!(none.item().is_nan());
        none.backward_scalar();
        assert_eq!(x.grad().unwrap().to_vec(), [0.0; 12]);
    }

    #[test]
    fn what_does_not_fit_the_settings_is_refused() {
        let x = input(1, &[2, 3]);
        let code = |options: CrossEntropy, labels: &[i64]| {
            let loss = options.of(&x, Target::Labels(labels));
            loss.unwrap_err().code()
        };
        let plain = CrossEntropy::default;
        assert_eq!(code(plain(), &[0, -1]), "label_out_of_range");
        assert_eq!(code(plain(), &[0]), "length_mismatch");
        let weights = Some(vec![1.0]);
        let short = CrossEntropy { weights, ..plain() };
        assert_eq!(code(short, &[0, 1]), "length_mismatch");
        let label_smoothing = 1.5;
        let beyond = CrossEntropy {
            label_smoothing,
            ..plain()
        };
        assert_eq!(code(beyond, &[0, 1]), "invalid_argument");
        let target = input(2, &[3, 2]);
        let error = plain().of(&x, Target::Probabilities(&target)).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
        let none = input(3, &[2, 0]);
        let error = plain().of(&none, Target::Probabilities(&none)).unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
    }
}
