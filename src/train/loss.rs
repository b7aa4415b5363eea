//! What training makes small, computed from the numbers before the activation that belongs to it.

use super::layers::Activation;
use super::plan::BatchScore;
use super::spec::{Loss, LossSpec};
use super::taught::{StoredTaught, Taught};
use crate::data::check_labels;
use crate::error::{Error, Result};
use crate::kernels::{activation, cross_entropy, pointwise_loss, soft_cross_entropy, softmax};

/// What the samples should have answered.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a> {
    /// Class numbers.
    Labels(&'a [u32]),
    /// Numbers.
    Values(&'a [f32]),
    /// Class numbers, and what a teacher said.
    Taught(Taught<'a>),
}

impl<'a> From<&'a [u32]> for Targets<'a> {
    fn from(labels: &'a [u32]) -> Self {
        Targets::Labels(labels)
    }
}

impl<'a> From<&'a Vec<u32>> for Targets<'a> {
    fn from(labels: &'a Vec<u32>) -> Self {
        Targets::Labels(labels)
    }
}

impl<'a, const N: usize> From<&'a [u32; N]> for Targets<'a> {
    fn from(labels: &'a [u32; N]) -> Self {
        Targets::Labels(labels)
    }
}

impl<'a> From<&'a [f32]> for Targets<'a> {
    fn from(values: &'a [f32]) -> Self {
        Targets::Values(values)
    }
}

impl<'a> From<&'a Vec<f32>> for Targets<'a> {
    fn from(values: &'a Vec<f32>) -> Self {
        Targets::Values(values)
    }
}

impl<'a> From<Taught<'a>> for Targets<'a> {
    fn from(taught: Taught<'a>) -> Self {
        Targets::Taught(taught)
    }
}

impl Targets<'_> {
    /// How many numbers they are.
    pub(super) fn len(&self) -> usize {
        match self {
            Targets::Labels(labels) => labels.len(),
            Targets::Values(values) => values.len(),
            Targets::Taught(taught) => taught.labels.len(),
        }
    }

    /// Those in a range of numbers.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> Targets<'_> {
        match self {
            Targets::Labels(labels) => Targets::Labels(&labels[range]),
            Targets::Values(values) => Targets::Values(&values[range]),
            Targets::Taught(taught) => Targets::Taught(taught.part(range)),
        }
    }
}

/// The same, kept.
#[derive(Clone, Debug)]
pub enum StoredTargets {
    Labels(Vec<u32>),
    Values(Vec<f32>),
    Taught(StoredTaught),
}

impl From<Vec<u32>> for StoredTargets {
    fn from(labels: Vec<u32>) -> Self {
        StoredTargets::Labels(labels)
    }
}

impl From<Vec<f32>> for StoredTargets {
    fn from(values: Vec<f32>) -> Self {
        StoredTargets::Values(values)
    }
}

impl From<Targets<'_>> for StoredTargets {
    fn from(targets: Targets<'_>) -> Self {
        match targets {
            Targets::Labels(labels) => StoredTargets::Labels(labels.to_vec()),
            Targets::Values(values) => StoredTargets::Values(values.to_vec()),
            Targets::Taught(taught) => StoredTargets::Taught(taught.into()),
        }
    }
}

impl StoredTargets {
    /// A look at them.
    pub(super) fn view(&self) -> Targets<'_> {
        match self {
            StoredTargets::Labels(labels) => Targets::Labels(labels),
            StoredTargets::Values(values) => Targets::Values(values),
            StoredTargets::Taught(taught) => Targets::Taught(taught.view()),
        }
    }

    /// Those of the samples with these numbers, `width` to a sample.
    pub(super) fn gather(&self, numbers: &[u32], width: usize) -> StoredTargets {
        match self {
            StoredTargets::Labels(labels) => StoredTargets::Labels(rows(labels, numbers, width)),
            StoredTargets::Values(values) => StoredTargets::Values(rows(values, numbers, width)),
            StoredTargets::Taught(taught) => {
                let columns = taught.view().columns();
                StoredTargets::Taught(StoredTaught {
                    labels: rows(&taught.labels, numbers, width),
                    logits: rows(&taught.logits, numbers, width * columns),
                    ..*taught
                })
            }
        }
    }
}

fn rows<T: Copy>(all: &[T], numbers: &[u32], width: usize) -> Vec<T> {
    let row = |&number: &u32| &all[number as usize * width..][..width];
    numbers.iter().flat_map(row).copied().collect()
}

impl LossSpec {
    /// Errs where the loss can't judge answers of this shape: classes have one place, or one for
    /// each step, and each its weight where there are weights.
    pub(super) fn check_shape(&self, shape: &[usize]) -> Result<()> {
        if self.kind != Loss::CategoricalCrossEntropy {
            return Ok(());
        }
        if shape.len() > 2 {
            return Err(Error::LastLayer {
                expected: "[classes] | [steps, classes]".into(),
                got: format!("{shape:?}"),
            });
        }
        let (weights, classes) = (self.class_weights.len(), shape[shape.len() - 1]);
        if weights != 0 && weights != classes {
            return Err(Error::InvalidArgument {
                place: "loss".into(),
                argument: "class_weights".into(),
                expected: format!("{classes} numbers"),
                got: weights.to_string(),
            });
        }
        Ok(())
    }
}

impl Loss {
    /// The activation that the loss computes together with itself, which keeps digits; the model
    /// must end in it.
    pub(super) fn takes(self) -> Option<Activation> {
        match self {
            Loss::CategoricalCrossEntropy => Some(Activation::Softmax),
            Loss::BinaryCrossEntropy => Some(Activation::Sigmoid),
            Loss::MeanSquaredError | Loss::MeanAbsoluteError | Loss::Huber => None,
        }
    }

    /// Loss and slope of one number, where the loss is a mean over them.
    fn pointwise(self) -> pointwise_loss::Loss {
        match self {
            Loss::BinaryCrossEntropy => pointwise_loss::binary_cross_entropy_with_logits,
            Loss::MeanSquaredError => pointwise_loss::squared,
            Loss::MeanAbsoluteError => pointwise_loss::absolute,
            Loss::Huber => pointwise_loss::huber,
            Loss::CategoricalCrossEntropy => unreachable!("a loss of whole rows"),
        }
    }
}

/// A run's loss on answers of one shape.
#[derive(Default)]
pub(super) struct Objective {
    loss: Loss,
    /// Of one sample's answer: answers to as many questions, of as many numbers each.
    rows: usize,
    columns: usize,
    losses: Vec<f32>,
    label_smoothing: f64,
    class_weights: Vec<f32>,
    /// Of the samples at hand, in training: a number a sample, or one a target; empty where all weigh 1.
    loss_weights: Vec<f32>,
    /// What smoothing and weights make of the labels.
    soft: Vec<f32>,
}

impl Objective {
    /// The loss on answers of a shape that [`Loss::check_shape`] has seen.
    pub fn new(spec: &LossSpec, shape: &[usize]) -> Objective {
        let loss = spec.kind;
        let numbers = shape.iter().product();
        let columns = match loss {
            Loss::CategoricalCrossEntropy => shape[shape.len() - 1],
            _ => numbers,
        };
        Objective {
            loss,
            rows: numbers / columns,
            columns,
            losses: Vec::new(),
            label_smoothing: spec.label_smoothing,
            class_weights: spec.class_weights.iter().map(|&w| w as f32).collect(),
            loss_weights: Vec::new(),
            soft: Vec::new(),
        }
    }

    /// Whether targets are class numbers.
    pub fn takes_labels(&self) -> bool {
        self.loss == Loss::CategoricalCrossEntropy
    }

    /// How many numbers tell what one sample should have answered.
    pub fn targets(&self) -> usize {
        if self.takes_labels() {
            self.rows
        } else {
            self.columns
        }
    }

    /// How many of a sample's answers are right or wrong; 0 where they are only near or far.
    pub fn judged(&self) -> usize {
        match self.loss {
            Loss::CategoricalCrossEntropy => self.rows,
            Loss::BinaryCrossEntropy => self.columns,
            _ => 0,
        }
    }

    /// Errs on targets of another kind, on labels of no class, and on numbers that are none.
    pub fn check(&self, targets: Targets<'_>) -> Result<()> {
        let mismatch = |expected: &str, got: &str| Error::DtypeMismatch {
            place: "targets".into(),
            expected: expected.into(),
            got: got.into(),
        };
        match (targets, self.takes_labels()) {
            (Targets::Labels(labels), true) => check_labels(labels, self.columns),
            (Targets::Values(_), false) => Ok(()),
            (Targets::Labels(_), false) => Err(mismatch("f32", "u32")),
            (Targets::Values(_), true) => Err(mismatch("u32", "f32")),
            (Targets::Taught(taught), true) => {
                if self.label_smoothing != 0.0 || !self.class_weights.is_empty() {
                    return Err(plain("loss"));
                }
                check_labels(taught.labels, self.columns)?;
                taught.check(self.columns)
            }
            (Targets::Taught(_), false) => Err(mismatch("f32", "u32")),
        }
    }

    /// What the next losses are multiplied by in training: a number a sample, or one a target; nothing: by 1.
    pub fn weigh(&mut self, weights: &[f32]) {
        self.loss_weights.clear();
        self.loss_weights.extend_from_slice(weights);
    }

    /// Fills `soft` where the labels are smoothed or, in training, weighted; says whether.
    fn soften(&mut self, labels: &[u32], training: bool) -> bool {
        let weighted = training && !self.class_weights.is_empty();
        let weighed = training && !self.loss_weights.is_empty();
        if self.label_smoothing == 0.0 && !weighted && !weighed {
            return false;
        }
        self.soft.resize(labels.len() * self.columns, 0.0);
        let (columns, smoothing) = (self.columns, self.label_smoothing);
        soft_cross_entropy::smooth_labels(columns, labels, smoothing, &mut self.soft);
        if weighted {
            for (row, &label) in self.soft.chunks_exact_mut(columns).zip(labels) {
                let weight = self.class_weights[label as usize];
                row.iter_mut().for_each(|target| *target *= weight);
            }
        }
        if weighed {
            scale_each(&mut self.soft, &self.loss_weights);
        }
        true
    }

    /// Loss, summed over the samples, and right answers; in training by the weights of classes, samples and targets.
    /// Shape: answers `[n][rows][columns]`.
    pub fn score(
        &mut self,
        n: usize,
        answers: &[f32],
        targets: Targets<'_>,
        training: bool,
    ) -> BatchScore {
        // An evaluation asks for the labels alone.
        let targets = match targets {
            Targets::Taught(taught) if !training => Targets::Labels(taught.labels),
            targets => targets,
        };
        match targets {
            Targets::Labels(labels) | Targets::Taught(Taught { labels, .. }) => {
                let (rows, columns) = (n * self.rows, self.columns);
                self.losses.resize(rows, 0.0);
                if let Targets::Taught(taught) = targets {
                    taught.losses(columns, answers, &mut self.losses);
                } else if self.soften(labels, training) {
                    let (soft, losses) = (&self.soft, &mut self.losses);
                    soft_cross_entropy::forward(rows, columns, answers, soft, losses);
                } else {
                    cross_entropy::forward_labels(rows, columns, answers, labels, &mut self.losses);
                }
                let hit = |(row, &label): (&[f32], &u32)| arg_max(row) == label as usize;
                let pairs = answers.chunks_exact(columns).zip(labels);
                let sum: f64 = self.losses.iter().map(|&loss| f64::from(loss)).sum();
                BatchScore {
                    loss: sum / self.rows as f64,
                    correct: pairs.filter(|&pair| hit(pair)).count(),
                }
            }
            Targets::Values(values) => {
                let loss = self.loss.pointwise();
                let sum = if training && !self.loss_weights.is_empty() {
                    let width = values.len() / self.loss_weights.len();
                    let parts = answers.chunks_exact(width).zip(values.chunks_exact(width));
                    let one = |((answers, values), &weight): ((&[f32], &[f32]), &f32)| {
                        f64::from(weight) * pointwise_loss::forward(loss, answers, values)
                    };
                    parts.zip(&self.loss_weights).map(one).sum()
                } else {
                    pointwise_loss::forward(loss, answers, values)
                };
                let hit = |&(&answer, &value): &(&f32, &f32)| (answer > 0.0) == (value > 0.5);
                let correct = match self.judged() {
                    0 => 0,
                    _ => answers.iter().zip(values).filter(hit).count(),
                };
                BatchScore {
                    loss: sum / self.columns as f64,
                    correct,
                }
            }
        }
    }

    /// The gradient of the mean over a batch of `batch_len`. Shape: as [`Objective::score`].
    pub fn gradient(
        &mut self,
        n: usize,
        batch_len: usize,
        answers: &[f32],
        targets: Targets<'_>,
        dy: &mut [f32],
    ) {
        match targets {
            Targets::Labels(labels) => {
                let (rows, columns) = (n * self.rows, self.columns);
                let scale = 1.0 / (batch_len * self.rows) as f32;
                if self.soften(labels, true) {
                    soft_cross_entropy::backward(rows, columns, answers, &self.soft, scale, dy);
                } else {
                    cross_entropy::backward_labels(rows, columns, answers, labels, scale, dy);
                }
            }
            Targets::Taught(taught) => {
                let scale = 1.0 / (batch_len * self.rows) as f32;
                taught.gradient(self.columns, answers, scale, dy);
            }
            Targets::Values(values) => {
                let scale = 1.0 / (batch_len * self.columns) as f32;
                pointwise_loss::backward(self.loss.pointwise(), answers, values, scale, dy);
                if !self.loss_weights.is_empty() {
                    scale_each(dy, &self.loss_weights);
                }
            }
        }
    }

    /// Through the activation that the loss took over.
    pub fn finish(&self, answers: &mut [f32]) {
        match self.loss.takes() {
            Some(Activation::Softmax) => {
                softmax::forward_in_place(answers.len() / self.columns, self.columns, answers);
            }
            Some(Activation::Sigmoid) => activation::sigmoid(answers, 0.0),
            _ => {}
        }
    }
}

/// A teacher's answers mix with the labels alone: nothing of it smooths or weighs.
pub(super) fn plain(argument: &str) -> Error {
    Error::InvalidArgument {
        place: "teacher".into(),
        argument: argument.into(),
        expected: "neither smoothing nor weights".into(),
        got: "some".into(),
    }
}

/// Multiplies the numbers of each sample, or of each of its answers, by their weight.
fn scale_each(numbers: &mut [f32], weights: &[f32]) {
    let width = numbers.len() / weights.len();
    for (part, weight) in numbers.chunks_exact_mut(width).zip(weights) {
        part.iter_mut().for_each(|number| *number *= weight);
    }
}

/// The index of the first largest value.
fn arg_max(row: &[f32]) -> usize {
    let mut best = 0;
    for (i, &value) in row.iter().enumerate() {
        if value > row[best] {
            best = i;
        }
    }
    best
}
