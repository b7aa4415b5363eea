//! A step of one worker among several.
//!
//! Each worker holds the whole run: data, parameters, the order of the batches. In a step it
//! computes the gradient of its shards, hands every other worker the part that this one owns, sums
//! what it gets for its own part, updates its own parameters, and gives them to the others. So a
//! step's work in the optimiser is divided too, and each number crosses twice. How the numbers
//! travel is the caller's affair:
//!
//! 1. [`Session::begin_step`]; [`Session::gradient_for`] every other worker, and [`Session::score`];
//! 2. when all have begun: [`Session::receive`] every other worker's, then [`Session::sum_gradients`];
//!    where [`Session::squares_of`] the own part are not empty, they go to all others, and when all
//!    have gathered, theirs come in; then [`Session::update`];
//! 3. [`Session::parameters_of`] the own part; when all have updated: the others' parts into
//!    [`Session::parameters_of_mut`], then [`Session::end_step`].
//!
//! Where the others are lost on the way, [`Session::abandon_step`] goes back to the last whole step.

use std::ops::Range;

use super::loss::Targets;
use super::optimizer::FlatOptimizer;
use super::plan::BatchScore;
use super::report::{StepReport, Total};
use super::session::Session;
use super::team::{Team, middle, sum_workers};
use crate::error::Result;

/// So many numbers are summed and updated at a time: with the optimiser's state they stay in the
/// second-level cache. Whole blocks of vectors, so that a parameter's bits don't depend on it.
const PART: usize = 8192;

/// What a step has heard so far from the other workers.
pub(super) struct Exchange {
    /// From each worker, the gradient of the parameters that are owned here; empty from itself.
    received: Vec<Vec<f32>>,
    scores: Vec<BatchScore>,
    /// The owned parameters as they were before the step.
    kept: Vec<f32>,
    /// Whether they may have changed in a step that has not ended.
    updated: bool,
    /// Samples of the present batch.
    samples: usize,
    /// What the penalties cost before the step.
    cost: f64,
    total: Total,
}

impl Exchange {
    pub fn new(team: &Team, flat_len: usize) -> Exchange {
        let own = team.owned(team.rank(), flat_len).len();
        let buffer = |worker| vec![0.0; if worker == team.rank() { 0 } else { own }];
        Exchange {
            received: (0..team.workers()).map(buffer).collect(),
            scores: vec![BatchScore::default(); team.workers()],
            kept: Vec::new(),
            updated: false,
            samples: 0,
            cost: 0.0,
            total: Total::default(),
        }
    }
}

impl Session {
    /// How many numbers the flat arrays of parameters and gradients have.
    pub fn flat_len(&self) -> usize {
        self.plan.params.len()
    }

    /// Computes this worker's part of the gradient of the next batch of the training data.
    ///
    /// Errs where none were set.
    pub fn begin_step(&mut self) -> Result<()> {
        let (score, samples) = self.next_gradient()?;
        self.note_own(score, samples);
        Ok(())
    }

    /// The same of a batch of the caller's. Not augmented.
    pub fn begin_step_on<'a>(&mut self, x: &[f32], targets: impl Into<Targets<'a>>) -> Result<()> {
        let (score, samples) = self.given_gradient(x, targets.into())?;
        self.note_own(score, samples);
        Ok(())
    }

    /// The same of a batch of `count` samples that [`Session::check_batch`] has let pass, of which
    /// those of [`Session::own_samples`] are given alone.
    pub fn begin_step_on_own<'a>(
        &mut self,
        count: usize,
        x: &[f32],
        targets: impl Into<Targets<'a>>,
    ) {
        let own = self.own_samples(count);
        let width = self.plan.network().input_len();
        assert_eq!(
            x.len(),
            own.len() * width,
            "Session::begin_step_on_own: numbers of x for {own:?} of {count}"
        );
        let score = self.checked_gradient(x, targets.into(), own.start, count);
        self.note_own(score, count);
    }

    fn note_own(&mut self, score: BatchScore, samples: usize) {
        let rank = self.team().rank();
        self.exchange.scores[rank] = score;
        self.exchange.samples = samples;
        self.exchange.cost = self.restraints.cost(&self.plan.params);
    }

    /// This worker's gradient of the parameters that `rank` owns.
    pub fn gradient_for(&self, rank: usize) -> &[f32] {
        &self.plan.grads[self.team().owned(rank, self.flat_len())]
    }

    /// How this worker's samples of the batch did.
    pub fn score(&self) -> BatchScore {
        self.exchange.scores[self.team().rank()]
    }

    /// Where the gradient that worker `rank` has for this one is to be written; with its score.
    pub fn receive(&mut self, rank: usize, score: BatchScore) -> &mut [f32] {
        assert_ne!(rank, self.team().rank(), "Session::receive: from itself");
        self.exchange.scores[rank] = score;
        &mut self.exchange.received[rank]
    }

    /// Sums the gradients of the owned parameters in the tree's order; what follows the batches
    /// moves at once. Where the update can go by parts, it sums each itself.
    pub fn sum_gradients(&mut self) {
        self.exchange.kept.clear();
        self.exchange.updated = true;
        if !self.optimizer.goes_by_parts() {
            self.each_part(usize::MAX, |optimizer, _, params, grads| {
                optimizer.take(params, grads);
            });
        }
    }

    /// Sums the owned gradients part by part, and lets `then` have each with its parameters.
    fn each_part(
        &mut self,
        len: usize,
        mut then: impl FnMut(&mut FlatOptimizer, &Range<usize>, &mut [f32], &mut [f32]),
    ) {
        let (team, flat_len) = (*self.team(), self.flat_len());
        let own = team.owned(team.rank(), flat_len);
        let (plan, exchange) = (&mut self.plan, &mut self.exchange);
        let mut first = 0;
        while first < own.len() {
            let part = first..first + len.min(own.len() - first);
            let flat = own.start + part.start..own.start + part.end;
            // From itself nothing was received.
            let mut gradients: Vec<&mut [f32]> = exchange
                .received
                .iter_mut()
                .map(|received| received.get_mut(part.clone()).unwrap_or_default())
                .collect();
            gradients[team.rank()] = &mut plan.grads[flat.clone()];
            sum_workers(&mut gradients);
            let params = &mut plan.params[flat.clone()];
            exchange.kept.extend_from_slice(params);
            plan.network.follow(&flat, params, gradients[0]);
            then(&mut self.optimizer, &part, params, gradients[0]);
            first = part.end;
        }
    }

    /// What clipping by a norm needs of the part that `rank` owns: to be told to the others, or as
    /// they tell it. Empty where nothing needs it.
    pub fn squares_of(&mut self, rank: usize) -> &mut [f64] {
        let owned = self.team().owned(rank, self.flat_len());
        self.optimizer.squares_of(&owned)
    }

    /// Updates the owned parameters by the gathered gradients.
    pub fn update(&mut self) {
        if self.optimizer.goes_by_parts() {
            self.optimizer.begin_batch();
            self.each_part(PART, |optimizer, part, params, grads| {
                optimizer.take_part(part, params, grads);
                optimizer.apply_part(part, params, grads);
            });
            self.optimizer.end_batch();
            return;
        }
        let rank = self.team().rank();
        let own = self.team().owned(rank, self.flat_len());
        // Where the tree left the sum.
        let grads = match rank {
            0 => &mut self.plan.grads[own.clone()],
            _ => &mut self.exchange.received[0],
        };
        self.optimizer.apply(&mut self.plan.params[own], grads);
    }

    /// The parameters that `rank` owns.
    pub fn parameters_of(&self, rank: usize) -> &[f32] {
        &self.plan.params[self.team().owned(rank, self.plan.params.len())]
    }

    /// Where the parameters that another worker has updated are to be written.
    pub fn parameters_of_mut(&mut self, rank: usize) -> &mut [f32] {
        let owned = self.team().owned(rank, self.flat_len());
        &mut self.plan.params[owned]
    }

    /// Counts the step, now that all parameters are those after it.
    pub fn end_step(&mut self) {
        self.restraints
            .hold(&self.plan.network, &mut self.plan.params);
        self.step += 1;
        let score = score_of(&self.exchange.scores);
        let samples = self.exchange.samples;
        self.exchange.total.add(score, samples);
        self.exchange.total.add_cost(self.exchange.cost, samples);
        self.exchange.updated = false;
    }

    /// Forgets a step that could not be ended: the parameters are again those before it. The
    /// optimiser's state and the order of the batches have gone on.
    pub fn abandon_step(&mut self) {
        if std::mem::take(&mut self.exchange.updated) {
            let kept = std::mem::take(&mut self.exchange.kept);
            self.parameters_of_mut(self.team().rank())
                .copy_from_slice(&kept);
        }
    }

    /// What the whole steps since the last report did.
    pub fn take_report(&mut self) -> StepReport {
        let total = std::mem::take(&mut self.exchange.total);
        self.report(total)
    }
}

/// Summed as the gradients are.
fn score_of(scores: &[BatchScore]) -> BatchScore {
    match scores {
        [score] => *score,
        _ => {
            let (left, right) = scores.split_at(middle(&(0..scores.len())));
            score_of(left) + score_of(right)
        }
    }
}
