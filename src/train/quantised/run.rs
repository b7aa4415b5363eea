//! Answers of a quantised network.

use super::super::loss::Targets;
use super::super::report::{Evaluation, Total};
use super::{Op, QuantisedModel};
use crate::error::{Error, Result};
use crate::kernels::quantised::{self, Out, Requantise};
use crate::kernels::{Conv2dShape, Pool2dShape};

/// Samples that are computed at once.
const CHUNK: usize = 32;

impl QuantisedModel {
    /// The answers: probabilities where the network ends in them.
    ///
    /// Shape: x `[N][...]` → `[N][answer]`.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        let mut answers = self.logits(x)?;
        self.objective.finish(&mut answers);
        Ok(answers)
    }

    /// The same before the activation that the loss takes over: the same bits on every machine.
    pub fn logits(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.check(x, None)?;
        let mut answers = Vec::new();
        for x in x.chunks(CHUNK * self.outline.widths[0]) {
            self.forward(x);
            answers.extend_from_slice(&self.answers);
        }
        Ok(answers)
    }

    /// Loss and accuracy on samples.
    pub fn evaluate(&mut self, x: &[f32], targets: Targets<'_>) -> Result<Evaluation> {
        let count = self.check(x, Some(targets))?;
        let (width, per_sample) = (self.outline.widths[0], self.objective.targets());
        let mut total = Total::default();
        let mut first = 0;
        for x in x.chunks(CHUNK * width) {
            let n = x.len() / width;
            self.forward(x);
            let part = targets.part(first * per_sample..(first + n) * per_sample);
            total.add(self.objective.score(n, &self.answers, part, false), n);
            first += n;
        }
        Ok(Evaluation {
            loss: total.loss(),
            accuracy: total.accuracy(self.objective.judged()),
            count,
        })
    }

    /// Computes one step of the last batch over again, `times` times: for who measures it.
    ///
    /// Errs where there is no such step, or no batch yet.
    pub fn repeat_step(&mut self, step: usize, times: usize) -> Result<()> {
        let steps = self.ops.len();
        if step >= steps || self.values[0].is_empty() {
            return Err(Error::InvalidArgument {
                place: "repeat_step".into(),
                argument: "step".into(),
                expected: format!("< {steps}, after a batch"),
                got: step.to_string(),
            });
        }
        let n = self.values[0].len() / self.outline.widths[0];
        for _ in 0..times {
            self.compute(step, n);
        }
        Ok(())
    }

    fn check(&self, x: &[f32], targets: Option<Targets<'_>>) -> Result<usize> {
        let width = self.outline.widths[0];
        let n = (x.len() / width).max(1);
        let mismatch = |expected: usize, got: usize| Error::LengthMismatch {
            place: "QuantisedModel".into(),
            expected,
            got,
        };
        if x.len() != n * width {
            return Err(mismatch(n * width, x.len()));
        }
        if let Some(targets) = targets {
            if targets.len() != n * self.objective.targets() {
                return Err(mismatch(n * self.objective.targets(), targets.len()));
            }
            self.objective.check(targets)?;
        }
        Ok(n)
    }

    /// Leaves the answers to up to [`CHUNK`] samples in `answers`.
    fn forward(&mut self, x: &[f32]) {
        let n = x.len() / self.outline.widths[0];
        let input = self.parts.grids[0];
        let value = &mut self.values[0];
        value.resize(x.len(), 0);
        quantised::quantise(x, input.scale, input.zero, value);
        for step in 0..self.ops.len() {
            self.compute(step, n);
        }
        let last = self.ops.len();
        self.answers.clear();
        match (self.parts.grids.get(last), self.parts.weights.last()) {
            (Some(grid), _) => {
                let number = |&q: &i8| (f32::from(q) - f32::from(grid.zero)) * grid.scale;
                self.answers.extend(self.values[last].iter().map(number));
            }
            (None, Some(Some(weights))) => {
                let step = &self.outline.steps[last - 1];
                let (x_scale, channels) =
                    (self.parts.grids[step.inputs[0]].scale, weights.bias.len());
                let worth: Vec<f32> = (0..channels).map(|o| weights.worth(x_scale, o)).collect();
                let rows = self.sums.chunks_exact(channels);
                for row in rows {
                    let number = |(&sum, worth): (&i32, &f32)| sum as f32 * worth;
                    self.answers.extend(row.iter().zip(&worth).map(number));
                }
            }
            _ => unreachable!("an answer without a grid is sums"),
        }
    }

    fn compute(&mut self, step: usize, n: usize) {
        let inputs = &self.outline.steps[step].inputs;
        let width = self.outline.widths[step + 1];
        let mut y = std::mem::take(&mut self.values[step + 1]);
        let x = &self.values[inputs[0]];
        let zero = self.parts.grids[inputs[0]].zero;
        let (len, sums) = (n * width, &mut self.sums);
        match &self.ops[step] {
            Op::Conv2d {
                shape,
                packed,
                pooled,
                how,
            } => {
                let shape = Conv2dShape { n, ..*shape };
                let mut out = out(how, len, &mut y, sums);
                quantised::conv2d(&shape, x, zero, packed, *pooled, &mut out);
            }
            Op::Dense { rows, packed, how } => {
                let mut out = out(how, len, &mut y, sums);
                quantised::dense(n * rows, x, zero, packed, &mut out);
            }
            other => {
                y.resize(len, 0);
                match other {
                    Op::MaxPool(shape) => {
                        quantised::max_pool(&Pool2dShape { n, ..*shape }, x, &mut y);
                    }
                    Op::Mean(windows) => {
                        let mut windows = windows.clone();
                        windows.n = n;
                        quantised::mean_pool(&windows, x, &mut y);
                    }
                    Op::Table(table) => quantised::look_up(table, x, &mut y),
                    Op::Sum(how) => quantised::add(how, x, &self.values[inputs[1]], &mut y),
                    _ => unreachable!("layers with weights came before"),
                }
            }
        }
        self.values[step + 1] = y;
    }
}

/// Where a layer's sums go.
fn out<'a>(
    how: &'a Option<Requantise>,
    len: usize,
    y: &'a mut Vec<i8>,
    sums: &'a mut Vec<i32>,
) -> Out<'a> {
    match how {
        None => {
            sums.resize(len, 0);
            Out::Sums(sums)
        }
        Some(how) => {
            y.resize(len, 0);
            Out::Int8(how, y)
        }
    }
}
