//! A run: a plan, its data, its optimiser, and where it stands.

use std::ops::Range;

use super::loss::{StoredTargets, Targets};
use super::member::Exchange;
use super::network::Network;
use super::optimizer::FlatOptimizer;
use super::parameters;
use super::plan::{BatchScore, Plan};
use super::report::{Evaluation, Split, StepReport, Total};
use super::restraints::Restraints;
use super::samples::{Batch, Samples};
use super::shards::ShardSum;
use super::spec::RunSpec;
use super::stage::Mode;
use super::team::{Team, middle};
use super::watch::Watch;
use crate::data::BatchOrder;
use crate::error::{Error, Result};
use crate::kernels::sum;
use crate::rng::Rng;

/// A run in progress. The same spec, seed, shards, data and calls give the same bytes of weights
/// on every platform (variant `simd`), however the steps are cut into calls of
/// [`Session::run_steps`], and however many workers share the shards.
pub struct Session {
    spec: RunSpec,
    team: Team,
    pub(super) plan: Plan,
    pub(super) optimizer: FlatOptimizer,
    pub(super) restraints: Restraints,
    pub(super) watch: Option<Watch>,
    /// The parameters of the best evaluation, where the run is to end with them.
    pub(super) best: Option<Vec<f32>>,
    /// What the other workers of the team say in a step.
    pub(super) exchange: Exchange,
    /// The sum of the shards of a step that are computed one by one.
    pub(super) shards: ShardSum,
    /// Sums of shards' gradients that wait for the other half of their subtree.
    partial_sums: Vec<Vec<f32>>,
    pub(super) order_rng: Rng,
    pub(super) augment_rng: Rng,
    /// Of what stages draw in training, by step.
    pub(super) noise_rng: Rng,
    pub(super) train: Option<(Samples, BatchOrder)>,
    /// Where the order of the training data goes on, and the epoch, once they are set.
    pub(super) resume: Option<([usize; 2], usize)>,
    /// The sample numbers of the present batch.
    drawn: Vec<u32>,
    /// Of the batch at hand: nothing, a number a sample, or one a target.
    pub(super) loss_weights: Vec<f32>,
    validation: Option<Samples>,
    pub(super) step: u64,
    pub(super) epoch: usize,
}

/// The least room of a plan, so that small batches do not make evaluation slow.
const LEAST_CAPACITY: usize = 32;
/// No room is made beyond what is asked for where the values of so many samples would have more
/// elements than this.
const ROOMY: usize = 1 << 22;

impl Session {
    /// Checks the spec, allocates everything, draws the initial weights.
    ///
    /// Errs where the spec does not describe a network; see [`Network::new`].
    pub fn new(spec: RunSpec, seed: u64) -> Result<Session> {
        Session::in_team(spec, seed, Team::ALONE)
    }

    /// The same as one worker of a team, or alone with batches cut into shards. A worker among
    /// others holds all the data and parameters, and steps as `member.rs` says.
    pub fn in_team(spec: RunSpec, seed: u64, team: Team) -> Result<Session> {
        let (network, stages) = Network::with_stages(&spec)?;
        let root = Rng::new(seed);
        let params = parameters::initial(&network, &root.fork(0));
        let restraints = Restraints::new(&spec, &network)?;
        let owned = team.owned(team.rank(), network.flat_len);
        let optimizer = FlatOptimizer::new(&spec, &network, &restraints, owned);
        let watch = spec.early_stopping.map(Watch::new);
        let exchange = Exchange::new(&team, network.flat_len);
        let width: usize = network.widths().sum();
        let roomy = (ROOMY / width.max(1)).clamp(1, LEAST_CAPACITY);
        let capacity = team.largest_shard(spec.batch_size).max(roomy);
        let plan = Plan::new((network, stages), &spec.loss, params, capacity);
        Ok(Session {
            spec,
            team,
            plan,
            optimizer,
            restraints,
            watch,
            best: None,
            exchange,
            shards: ShardSum::default(),
            partial_sums: Vec::new(),
            order_rng: root.fork(1),
            augment_rng: root.fork(2),
            noise_rng: root.fork(3),
            train: None,
            resume: None,
            drawn: Vec::new(),
            loss_weights: Vec::new(),
            validation: None,
            step: 0,
            epoch: 0,
        })
    }

    /// The run as it was asked for.
    pub fn spec(&self) -> &RunSpec {
        &self.spec
    }

    /// Gives the session its data; training data begin a new order of batches.
    ///
    /// Shape: x `[N][...]`, a sample's inputs one after another; targets are class numbers below the
    /// classes, one for each row of the answer, or numbers of the answer's shape, as the loss wants.
    /// N ≥ 1.
    pub fn set_data(
        &mut self,
        split: Split,
        x: Vec<f32>,
        targets: impl Into<StoredTargets>,
    ) -> Result<()> {
        let targets = targets.into();
        let count = self.check_samples(split.name(), &x, Some(targets.view()))?;
        let mut order = BatchOrder::new(count, self.spec.batch_size, self.order_rng.clone())?;
        let samples = Samples { x, targets, count };
        match split {
            Split::Train => {
                let (place, epoch) = self.resume.take().unwrap_or(([0, 0], 0));
                order.go_to(place);
                self.train = Some((samples, order));
                self.epoch = epoch;
            }
            Split::Validation => self.validation = Some(samples),
        }
        Ok(())
    }

    /// Trains `steps` ≥ 1 batches of the training data, in seeded shuffled order.
    ///
    /// Errs where no training data were set.
    pub fn run_steps(&mut self, steps: usize) -> Result<StepReport> {
        check_steps("run_steps", steps)?;
        self.check_alone("run_steps")?;
        let mut total = Total::default();
        for _ in 0..steps {
            let (score, samples) = self.next_gradient()?;
            total.add(score, samples);
            self.update_all(&mut total, samples);
        }
        Ok(self.report(total))
    }

    /// Trains `steps` ≥ 1 times on one batch of the caller's. Not augmented.
    pub fn train_batch<'a>(
        &mut self,
        x: &[f32],
        targets: impl Into<Targets<'a>>,
        steps: usize,
    ) -> Result<StepReport> {
        check_steps("train_batch", steps)?;
        self.check_alone("train_batch")?;
        let targets = targets.into();
        let mut total = Total::default();
        for _ in 0..steps {
            let (score, samples) = self.given_gradient(x, targets)?;
            total.add(score, samples);
            self.update_all(&mut total, samples);
        }
        Ok(self.report(total))
    }

    /// Loss and accuracy on one part of the data, as it is (not augmented).
    pub fn evaluate(&mut self, split: Split) -> Result<Evaluation> {
        let no_data = || Error::NoData {
            split: split.name().into(),
        };
        match split {
            Split::Train => {
                let data = self.train.take().ok_or_else(no_data)?;
                let result = self.evaluate_samples(&data.0);
                self.train = Some(data);
                Ok(result)
            }
            Split::Validation => {
                let data = self.validation.take().ok_or_else(no_data)?;
                let result = self.evaluate_samples(&data);
                self.validation = Some(data);
                Ok(result)
            }
        }
    }

    /// Loss and accuracy on samples of the caller's.
    pub fn evaluate_on<'a>(
        &mut self,
        x: &[f32],
        targets: impl Into<Targets<'a>>,
    ) -> Result<Evaluation> {
        let targets = targets.into();
        let count = self.check_samples("evaluate_on", x, Some(targets))?;
        Ok(self.evaluate_checked(x, targets, count))
    }

    fn evaluate_samples(&mut self, samples: &Samples) -> Evaluation {
        self.evaluate_checked(&samples.x, samples.targets.view(), samples.count)
    }

    fn evaluate_checked(&mut self, x: &[f32], targets: Targets<'_>, count: usize) -> Evaluation {
        let mut total = Total::default();
        let (chunk, width) = (self.plan.capacity(), self.plan.network().input_len());
        let per_sample = self.plan.objective.targets();
        let mut first = 0;
        for x in x.chunks(chunk * width) {
            let n = x.len() / width;
            let targets = targets.part(first * per_sample..(first + n) * per_sample);
            self.plan.load(x);
            self.plan.forward(n, Mode::Inference);
            total.add(self.plan.score(n, targets, false), n);
            first += n;
        }
        total.add_cost(self.restraints.cost(&self.plan.params), total.samples);
        Evaluation {
            loss: total.loss(),
            accuracy: total.accuracy(self.plan.objective.judged()),
            count,
        }
    }

    /// The model's answers: probabilities where it ends in them.
    ///
    /// Shape: x `[N][...]`, a sample's inputs one after another → `[N][answer]`.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.check_samples("predict", x, None)?;
        let (chunk, width) = (self.plan.capacity(), self.plan.network().input_len());
        let mut out = Vec::new();
        for x in x.chunks(chunk * width) {
            let n = x.len() / width;
            self.plan.load(x);
            self.plan.forward(n, Mode::Inference);
            self.plan.predict(n, &mut out);
        }
        Ok(out)
    }

    /// The same before the activation that the loss takes over: what a softmax is made of.
    pub fn logits(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.check_samples("logits", x, None)?;
        let (chunk, width) = (self.plan.capacity(), self.plan.network().input_len());
        let mut out = Vec::new();
        for x in x.chunks(chunk * width) {
            let n = x.len() / width;
            self.plan.load(x);
            self.plan.forward(n, Mode::Inference);
            out.extend_from_slice(self.plan.answers(n));
        }
        Ok(out)
    }

    /// The weights as a safetensors file.
    pub fn weights(&self) -> Vec<u8> {
        parameters::to_bytes(self.plan.network(), &self.plan.params)
    }

    /// Takes weights from a safetensors file; the optimiser's state stays as it is.
    ///
    /// Errs, leaving the weights alone, where a tensor is missing, unknown or of another shape.
    pub fn set_weights(&mut self, bytes: &[u8]) -> Result<()> {
        let mut params = std::mem::take(&mut self.plan.params);
        let result = parameters::from_bytes(self.plan.network(), bytes, &mut params);
        self.plan.params = params;
        result
    }

    /// Changes the learning rate for the steps to come.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        if !(rate > 0.0 && rate.is_finite()) {
            return Err(Error::InvalidArgument {
                place: "set_learning_rate".into(),
                argument: "learning_rate".into(),
                expected: "> 0".into(),
                got: rate.to_string(),
            });
        }
        self.optimizer.set_learning_rate(rate);
        Ok(())
    }

    /// Lets a layer learn in the steps to come, or freezes it: its weights then stay as they are, to
    /// the byte. What the optimiser remembers of them is kept.
    ///
    /// Errs where no layer has that name.
    pub fn set_trainable(&mut self, layer: &str, trainable: bool) -> Result<()> {
        let layer = self.plan.network().find("set_trainable", layer)?;
        self.plan.set_trainable(layer, trainable);
        self.learning_changed();
        Ok(())
    }

    /// After layers were frozen or freed.
    pub(super) fn learning_changed(&mut self) {
        self.optimizer.learn(&self.plan.network, &self.restraints);
        // They may hold gradients of what is frozen now.
        self.partial_sums.clear();
    }

    /// This worker's place in its team.
    pub fn team(&self) -> &Team {
        &self.team
    }

    /// Fills the plan's gradient with this worker's part of the next batch's; gives its score, and
    /// how many samples the whole batch has.
    pub(super) fn next_gradient(&mut self) -> Result<(BatchScore, usize)> {
        let no_data = || Error::NoData {
            split: Split::Train.name().into(),
        };
        let (data, mut order) = self.train.take().ok_or_else(no_data)?;
        let mut numbers = std::mem::take(&mut self.drawn);
        numbers.clear();
        numbers.extend_from_slice(order.next_batch());
        let batch = Batch::Drawn {
            data: &data,
            numbers: &numbers,
            epoch: order.epoch(),
        };
        let score = self.gradient_of(&batch);
        self.epoch = order.epoch() + usize::from(order.epoch_ended());
        let samples = numbers.len();
        self.drawn = numbers;
        self.train = Some((data, order));
        Ok((score, samples))
    }

    /// Fills the plan's gradient with this worker's part of the batch's.
    pub(super) fn gradient_of(&mut self, batch: &Batch) -> BatchScore {
        self.plan.prepare_training();
        self.gradient(batch, self.team.own_shards(), 0)
    }

    /// Fills the plan's gradient with the sum over a subtree of shards, `depth` levels down.
    fn gradient(&mut self, batch: &Batch, shards: Range<usize>, depth: usize) -> BatchScore {
        if shards.len() == 1 {
            return self.shard_gradient(batch, shards.start);
        }
        let half = middle(&shards);
        let left = self.gradient(batch, shards.start..half, depth + 1);
        if self.partial_sums.len() <= depth {
            self.partial_sums
                .resize(depth + 1, vec![0.0; self.plan.grads.len()]);
        }
        // The right half overwrites every number of the buffer that it finds.
        std::mem::swap(&mut self.plan.grads, &mut self.partial_sums[depth]);
        let right = self.gradient(batch, half..shards.end, depth + 1);
        sum::accumulate(&mut self.plan.grads, &self.partial_sums[depth]);
        left + right
    }

    /// Forward, loss and backward on one shard: its share of the batch's gradient.
    pub(super) fn shard_gradient(&mut self, batch: &Batch, shard: usize) -> BatchScore {
        let samples = self.team.samples(shard, batch.len());
        if samples.is_empty() {
            self.plan.grads.fill(0.0);
            return BatchScore::default();
        }
        self.gather(batch, samples.clone());
        let (n, first) = (samples.len(), samples.start);
        let per_sample = self.loss_weights.len() / batch.len();
        let own = samples.start * per_sample..samples.end * per_sample;
        self.plan.objective.weigh(&self.loss_weights[own]);
        let targets = batch.targets(samples, self.plan.objective.targets());
        let noise = self.noise_rng.fork(self.step);
        let noise = &noise;
        self.plan.forward(n, Mode::Training { noise, first });
        let score = self.plan.score(n, targets.view(), true);
        self.plan.backward(n, targets.view(), batch.len());
        score
    }

    /// Moves the parameters; `total` hears what the penalties cost before.
    pub(super) fn update_all(&mut self, total: &mut Total, samples: usize) {
        let Plan {
            network,
            params,
            grads,
            ..
        } = &mut self.plan;
        total.add_cost(self.restraints.cost(params), samples);
        network.follow(&(0..params.len()), params, grads);
        self.optimizer.take(params, grads);
        self.optimizer.apply(params, grads);
        self.restraints.hold(network, params);
        self.step += 1;
    }

    /// Copies some samples of the batch into the plan, changed where the run augments. The change
    /// depends on seed, epoch and sample alone.
    fn gather(&mut self, batch: &Batch, samples: Range<usize>) {
        let width = self.plan.network().input_len();
        let (data, numbers, epoch) = match *batch {
            Batch::Drawn {
                data,
                numbers,
                epoch,
            } => (data, &numbers[samples], epoch),
            Batch::Given { x, first, .. } => {
                let part = (samples.start - first) * width..(samples.end - first) * width;
                self.plan.load(&x[part]);
                return;
            }
        };
        let rng = self.augment_rng.fork(epoch as u64);
        let shape = <[usize; 3]>::try_from(self.spec.model.input());
        let mut from = 0;
        for input in 0..self.plan.network().inputs.len() {
            let slots = self.plan.batch_mut(input, numbers.len());
            let part = slots.len() / numbers.len();
            for (slot, &number) in slots.chunks_exact_mut(part).zip(numbers) {
                let sample = &data.x[number as usize * width + from..][..part];
                match (&self.spec.augment, shape) {
                    (Some(augment), Ok(shape)) if input == 0 => {
                        augment.apply(&mut rng.fork(u64::from(number)), shape, sample, slot);
                    }
                    _ => slot.copy_from_slice(sample),
                }
            }
            from += part;
        }
    }

    /// Errs where other workers would have to take part.
    pub(super) fn check_alone(&self, place: &str) -> Result<()> {
        match self.team.workers() {
            1 => Ok(()),
            workers => Err(Error::InvalidArgument {
                place: place.into(),
                argument: "workers".into(),
                expected: "1".into(),
                got: workers.to_string(),
            }),
        }
    }

    pub(super) fn report(&self, total: Total) -> StepReport {
        StepReport {
            step: self.step,
            epoch: self.epoch,
            samples: total.samples,
            loss: total.loss(),
            accuracy: total.accuracy(self.plan.objective.judged()),
            learning_rate: self.optimizer.rate(),
        }
    }
}

fn check_steps(place: &str, steps: usize) -> Result<()> {
    if steps == 0 {
        return Err(Error::InvalidArgument {
            place: place.into(),
            argument: "steps".into(),
            expected: ">= 1".into(),
            got: "0".into(),
        });
    }
    Ok(())
}
