//! Batches of the caller's own.

use std::ops::Range;

use super::loss::{Targets, plain};
use super::plan::BatchScore;
use super::report::StepReport;
use super::samples::Batch;
use super::session::Session;
use crate::error::{Error, Result};

impl Session {
    /// How many samples `x` holds; errs where that is no whole number, none, or not the targets',
    /// and where a number that is looked up names nothing.
    pub(super) fn check_samples(
        &self,
        place: &str,
        x: &[f32],
        targets: Option<Targets>,
    ) -> Result<usize> {
        let n = self.check_lengths(place, x.len(), targets)?;
        self.plan.network().check_lookups(place, x)?;
        Ok(n)
    }

    /// The same of `len` numbers, whatever they are.
    fn check_lengths(&self, place: &str, len: usize, targets: Option<Targets>) -> Result<usize> {
        let width = self.plan.network().input_len();
        let per_sample = self.plan.objective.targets();
        let mismatch = |expected: usize, got: usize| Error::LengthMismatch {
            place: place.into(),
            expected,
            got,
        };
        let n = match targets {
            None => len.div_ceil(width),
            Some(targets) => targets.len().div_ceil(per_sample),
        };
        let n = n.max(1);
        if len != n * width {
            return Err(mismatch(n * width, len));
        }
        if let Some(targets) = targets {
            if targets.len() != n * per_sample {
                return Err(mismatch(n * per_sample, targets.len()));
            }
            self.plan.objective.check(targets)?;
        }
        Ok(n)
    }

    /// Refuses a batch that [`Session::begin_step_on`] would refuse, and gives how many samples it
    /// has: of `len` numbers, which `x` gives where a layer looks them up.
    pub fn check_batch<'a>(
        &self,
        len: usize,
        x: impl FnOnce() -> Vec<f32>,
        targets: impl Into<Targets<'a>>,
    ) -> Result<usize> {
        const PLACE: &str = "train_batch";
        let n = self.check_lengths(PLACE, len, Some(targets.into()))?;
        let inputs = &self.plan.network().inputs;
        if inputs.iter().any(|input| input.below.is_some()) {
            self.plan.network().check_lookups(PLACE, &x())?;
        }
        Ok(n)
    }

    /// [`Session::train_batch`] on the loss `1 / (N · targets) · Σ weight · loss`: the divisor counts samples and a
    /// sample's targets, whatever the weights are (Keras's `sample_weight`, its temporal kind too).
    ///
    /// Shape: weights `[N]`, or `[N][targets]`: a number for each row of class numbers, as for each position of a
    /// language model, or for each number of another loss's answer. Any finite number: 0 leaves an answer out, a
    /// negative one raises its loss (REINFORCE: Williams 1992, with an advantage as the weight of each token).
    /// Clipping, accumulation and penalties see the gradient of the whole loss, as in any step; the report's loss
    /// is the weighted one, its accuracy counts all alike.
    ///
    /// Errs on any other number of weights, and beside a teacher.
    pub fn train_batch_weighed<'a>(
        &mut self,
        x: &[f32],
        targets: impl Into<Targets<'a>>,
        weights: Vec<f32>,
        steps: usize,
    ) -> Result<StepReport> {
        let targets = targets.into();
        let count = self.check_samples("train_batch", x, Some(targets))?;
        if let Targets::Taught(_) = targets {
            return Err(plain("weights"));
        }
        let (all, got) = (targets.len(), weights.len());
        if got != count && got != all {
            let place = "train_batch: weights".into();
            return Err(if count == all {
                Error::LengthMismatch {
                    place,
                    expected: count,
                    got,
                }
            } else {
                Error::InvalidArgument {
                    place,
                    argument: "length".into(),
                    expected: format!("{count} | {all}"),
                    got: got.to_string(),
                }
            });
        }
        self.loss_weights = weights;
        let report = self.train_batch(x, targets, steps);
        self.loss_weights.clear();
        report
    }

    /// Computes this worker's part of the gradient of a whole batch; how it did, and of how many
    /// samples it is.
    pub(super) fn given_gradient(
        &mut self,
        x: &[f32],
        targets: Targets<'_>,
    ) -> Result<(BatchScore, usize)> {
        let count = self.check_samples("train_batch", x, Some(targets))?;
        Ok((self.checked_gradient(x, targets, 0, count), count))
    }

    /// The samples of a batch of `n` that this worker computes.
    pub fn own_samples(&self, n: usize) -> Range<usize> {
        let (team, shards) = (self.team(), self.team().own_shards());
        team.samples(shards.start, n).start..team.samples(shards.end - 1, n).end
    }

    /// Computes the gradient of the samples from number `first` on, which hold this worker's, of a
    /// batch of `count` that was checked.
    pub(super) fn checked_gradient(
        &mut self,
        x: &[f32],
        targets: Targets<'_>,
        first: usize,
        count: usize,
    ) -> BatchScore {
        self.plan.reserve(self.team().largest_shard(count));
        self.gradient_of(&Batch::Given {
            x,
            targets,
            first,
            count,
        })
    }
}
