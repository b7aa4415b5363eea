//! The optimiser of a run, over the part of the plan's flat arrays that this worker owns.
//!
//! An update has two halves. [`FlatOptimizer::take`] makes a batch's gradient ready: batches are
//! gathered, penalties pull, values are clipped. Between the halves the workers of a team tell each
//! other the squares that clipping by a norm needs. [`FlatOptimizer::apply`] clips norms and moves the
//! parameters. Where no norm is clipped both can go part by part, while a part is in the cache.

use std::collections::BTreeMap;
use std::ops::Range;

use super::learning::within;
use super::network::Network;
use super::pieces::Pieces;
use super::restraints::Restraints;
use super::session::Session;
use super::spec::RunSpec;
use crate::error::{Error, Result};
use crate::kernels::optimizer::{flush_tiny, prepare};
use crate::kernels::sum;
use crate::optim::{
    Clip, Convention, Moment, Penalty, Plateau, Rule, STEPS_BETWEEN_FLUSHES, Schedule, WeightDecay,
};

/// A rule with its state, flat as the parameters are; by Keras's reading.
#[derive(Clone, Debug)]
pub struct FlatOptimizer {
    rule: Rule,
    learning_rate: f64,
    schedule: Schedule,
    plateau: Option<Plateau>,
    /// Parameters move after so many batches.
    every: u64,
    clip: Option<Clip>,
    decay: WeightDecay,
    /// What is owned of the flat arrays. Ranges below count from its start.
    owned: Range<usize>,
    /// Parts that learn with one weight decay, gaps between parameters included.
    parts: Vec<(Range<usize>, f64)>,
    penalties: Vec<(Range<usize>, Penalty)>,
    /// Empty unless norms are clipped.
    pieces: Pieces,
    batches: u64,
    steps: u64,
    /// The rate in force in the last batch.
    rate: f64,
    /// Whether the parameters move at the end of this batch.
    due: bool,
    /// Sum of the batches since the last step; empty where each batch is a step.
    gathered: Vec<f32>,
    /// An array for each of the rule's slots.
    slots: Vec<Vec<f32>>,
}

/// What a run's optimiser remembers, for a checkpoint. In a team, each worker's arrays are those of
/// the parameters that it owns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunState {
    /// Counts, and where reduce-on-plateau stands.
    pub numbers: BTreeMap<String, f64>,
    /// Flat as the parameters are: `adam/m`.
    pub arrays: BTreeMap<String, Vec<f32>>,
}

impl FlatOptimizer {
    /// As the spec says; `owned` is this worker's part of the flat arrays.
    pub fn new(
        spec: &RunSpec,
        network: &Network,
        restraints: &Restraints,
        owned: Range<usize>,
    ) -> Self {
        let optimizer = &spec.optimizer;
        let decay = WeightDecay {
            rate: optimizer.weight_decay,
            coupled: false,
            exclude: optimizer.exclude_from_weight_decay.clone(),
        };
        let (rule, clip, every) = (
            optimizer.rule,
            optimizer.clip(),
            optimizer.gradient_accumulation_steps,
        );
        let mut new = FlatOptimizer {
            rule,
            learning_rate: optimizer.learning_rate,
            schedule: spec.schedule.clone(),
            plateau: spec.reduce_on_plateau.map(Plateau::new),
            every,
            clip,
            decay,
            parts: Vec::new(),
            penalties: Vec::new(),
            pieces: Pieces::default(),
            batches: 0,
            steps: 0,
            rate: 0.0,
            due: false,
            gathered: Vec::new(),
            slots: Vec::new(),
            owned,
        };
        new.rate = new.next_rate();
        new.learn(network, restraints);
        new
    }

    /// Works out again what learns, where layers were frozen or freed. What is remembered of their
    /// weights stays.
    pub fn learn(&mut self, network: &Network, restraints: &Restraints) {
        self.parts.clear();
        for (range, parameter) in network.learning(&self.owned) {
            let decay = self.decay.of(&parameter.name);
            match self.parts.last_mut() {
                Some((last, before)) if *before == decay && last.end == range.start => {
                    last.end = range.end;
                }
                _ => self.parts.push((range, decay)),
            }
        }
        let penalties = restraints.penalties().iter();
        self.penalties = penalties
            .filter(|(range, _)| network.learns(range))
            .map(|(range, penalty)| (within(range, &self.owned), *penalty))
            .collect();
        if matches!(self.clip, Some(Clip::Norm(_) | Clip::GlobalNorm(_))) {
            self.pieces = Pieces::new(network);
        }
    }

    /// Makes room for what it remembers, which only training needs.
    fn wake(&mut self) {
        let (len, rule) = (self.owned.len(), self.rule);
        let slot = || vec![rule.initial() as f32; len];
        self.slots.resize_with(rule.slots().len(), slot);
        self.gathered
            .resize(if self.every > 1 { len } else { 0 }, 0.0);
    }

    /// The first half of an update: takes the gradient of a batch.
    pub fn take(&mut self, params: &[f32], grads: &mut [f32]) {
        self.begin_batch();
        self.take_part(&(0..params.len()), params, grads);
        self.pieces.measure(&self.owned, grads);
    }

    /// Whether both halves may be done part by part: nothing needs the whole gradient first.
    pub fn goes_by_parts(&self) -> bool {
        !matches!(self.clip, Some(Clip::Norm(_) | Clip::GlobalNorm(_)))
    }

    /// Counts a batch, whose parts come next.
    pub fn begin_batch(&mut self) {
        self.wake();
        self.rate = self.next_rate();
        self.batches += 1;
        self.due = self.batches.is_multiple_of(self.every);
        self.steps += u64::from(self.due);
    }

    /// The first half for a part of what is owned; both slices are the part's.
    pub fn take_part(&mut self, part: &Range<usize>, params: &[f32], grads: &mut [f32]) {
        if self.every > 1 {
            let gathered = &mut self.gathered[part.clone()];
            sum::accumulate(gathered, grads);
            if !self.due {
                return;
            }
            grads.copy_from_slice(gathered);
            prepare::scale(grads, 1.0 / self.every as f64);
            gathered.fill(0.0);
        }
        for (range, penalty) in &self.penalties {
            let inside = within(range, part);
            penalty.pull(&params[inside.clone()], &mut grads[inside]);
        }
        if let Some(Clip::Value(bound)) = self.clip {
            prepare::clamp(grads, bound);
        }
    }

    /// The squares that clipping needs of what lies in a part of the flat arrays: to be told to
    /// other workers, or as they told them. Empty where nothing needs them.
    pub fn squares_of(&mut self, part: &Range<usize>) -> &mut [f64] {
        self.pieces.squares_of(part)
    }

    /// The second half: moves the parameters, where it is time.
    pub fn apply(&mut self, params: &mut [f32], grads: &mut [f32]) {
        if self.due {
            self.clip_norms(grads);
            self.apply_part(&(0..params.len()), params, grads);
        }
        self.end_batch();
    }

    /// The second half for a part of what is owned; both slices are the part's.
    pub fn apply_part(&mut self, part: &Range<usize>, params: &mut [f32], grads: &[f32]) {
        if !self.due {
            return;
        }
        let step = self.batches - 1;
        let momentum = self.schedule.momentum(step);
        let rule = momentum.map_or(self.rule, |momentum| self.rule.with_momentum(momentum));
        for (range, decay) in &self.parts {
            let inside = within(range, part);
            let moment = Moment {
                lr: self.rate,
                keep: 1.0 - self.rate * decay,
                step: self.steps,
                fresh: self.steps == 1,
                convention: Convention::Keras,
            };
            let mut state: Vec<&mut [f32]> = self
                .slots
                .iter_mut()
                .map(|slot| &mut slot[part.clone()][inside.clone()])
                .collect();
            let (params, grads) = (&mut params[inside.clone()], &grads[inside.clone()]);
            rule.apply(&moment, params, grads, &mut state);
        }
    }

    /// After the last part of a batch.
    pub fn end_batch(&mut self) {
        if self.due && self.steps.is_multiple_of(STEPS_BETWEEN_FLUSHES) {
            self.slots.iter_mut().for_each(|slot| flush_tiny(slot));
        }
    }

    fn clip_norms(&self, grads: &mut [f32]) {
        let mut scaled = |range: Range<usize>, norm: f64, bound: f64| {
            let scale = Convention::Keras.clip_scale(norm, bound);
            if scale != 1.0 {
                prepare::scale(&mut grads[range], scale);
            }
        };
        match self.clip {
            None | Some(Clip::Value(_)) => {}
            Some(Clip::GlobalNorm(bound)) => {
                scaled(0..self.owned.len(), self.pieces.norm(), bound);
            }
            Some(Clip::Norm(bound)) => {
                for (range, norm) in self.pieces.norms(&self.owned) {
                    scaled(range, norm, bound);
                }
            }
        }
    }

    /// The learning rate that was in force in the last batch; before the first, that of the first.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// That of the next batch.
    pub fn next_rate(&self) -> f64 {
        let plateau = self.plateau.as_ref().map_or(1.0, Plateau::factor);
        self.learning_rate * self.schedule.factor(self.batches) * plateau
    }

    /// Changes the rate that schedules start from; it must be a positive number.
    pub fn set_learning_rate(&mut self, rate: f64) {
        self.learning_rate = rate;
    }

    /// Tells reduce-on-plateau of a validation loss.
    pub fn observe(&mut self, loss: f64) {
        if let Some(plateau) = &mut self.plateau {
            plateau.observe(loss);
        }
    }

    /// What it remembers.
    pub fn state(&self) -> RunState {
        let mut numbers = BTreeMap::from([
            ("batches".to_string(), self.batches as f64),
            ("steps".to_string(), self.steps as f64),
            ("learning_rate".to_string(), self.learning_rate),
        ]);
        if let Some(plateau) = &self.plateau {
            let state = ["best", "waited", "cooling", "factor"];
            for (name, number) in state.iter().zip(plateau.state()) {
                numbers.insert(format!("plateau/{name}"), number);
            }
        }
        let arrays = self.array_names().into_iter();
        let mut awake = self.clone();
        awake.wake();
        let values = awake.slots.into_iter().chain([awake.gathered]);
        RunState {
            numbers,
            arrays: arrays.zip(values).collect(),
        }
    }

    /// Goes on from where a state was taken.
    ///
    /// Errs, leaving everything as it was, where a number or an array is missing, unknown or of
    /// another length.
    pub fn set_state(&mut self, mut state: RunState) -> Result<()> {
        let mut new = self.clone();
        new.wake();
        let mut take = |name: &str| {
            let missing = || Error::MissingTensor { name: name.into() };
            state.numbers.remove(name).ok_or_else(missing)
        };
        new.batches = take("batches")? as u64;
        new.steps = take("steps")? as u64;
        new.learning_rate = take("learning_rate")?;
        if let Some(plateau) = &mut new.plateau {
            let mut at = |name: &str| take(&format!("plateau/{name}"));
            plateau.set_state([at("best")?, at("waited")?, at("cooling")?, at("factor")?]);
        }
        let names = new.array_names();
        let places = new.slots.iter_mut().chain([&mut new.gathered]);
        for (name, place) in names.iter().zip(places) {
            let missing = || Error::MissingTensor { name: name.clone() };
            let array = state.arrays.remove(name).ok_or_else(missing)?;
            if array.len() != place.len() {
                return Err(Error::LengthMismatch {
                    place: name.clone(),
                    expected: place.len(),
                    got: array.len(),
                });
            }
            *place = array;
        }
        let left = state.numbers.into_keys().chain(state.arrays.into_keys());
        if let Some(name) = left.min() {
            return Err(Error::UnexpectedTensor { name });
        }
        new.rate = new.next_rate();
        *self = new;
        Ok(())
    }

    /// The slots' names, then that of the gathered gradients where there are any.
    fn array_names(&self) -> Vec<String> {
        let slots = self.rule.slots().iter();
        let mut names: Vec<String> = slots
            .map(|slot| format!("{}/{slot}", self.rule.name()))
            .collect();
        if self.every > 1 {
            names.push("gathered".into());
        }
        names
    }
}

impl Session {
    /// What the optimiser remembers, for a checkpoint.
    pub fn optimizer_state(&self) -> RunState {
        self.optimizer.state()
    }

    /// Lets the optimiser go on from a checkpoint.
    ///
    /// Errs, leaving it as it was, where the state is another optimiser's.
    pub fn set_optimizer_state(&mut self, state: RunState) -> Result<()> {
        self.optimizer.set_state(state)
    }
}
