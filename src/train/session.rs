//! A run: a plan, its data, its optimiser, and where it stands.

use std::ops::Range;

use super::inspect::{LayerActivation, LayerInfo};
use super::member::Exchange;
use super::network::Network;
use super::optimizer::FlatOptimizer;
use super::parameters;
use super::plan::{BatchScore, Plan};
use super::report::{Evaluation, Split, StepReport, Total};
use super::restraints::Restraints;
use super::spec::RunSpec;
use super::team::{Team, middle};
use super::watch::Watch;
use crate::data::{BatchOrder, check_labels};
use crate::error::{Error, Result};
use crate::kernels::{softmax, sum};
use crate::rng::Rng;

struct Samples {
    images: Vec<f32>,
    labels: Vec<u32>,
}

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
    /// Sums of shards' gradients that wait for the other half of their subtree.
    partial_sums: Vec<Vec<f32>>,
    order_rng: Rng,
    augment_rng: Rng,
    train: Option<(Samples, BatchOrder)>,
    /// The sample numbers of the present batch.
    drawn: Vec<u32>,
    validation: Option<Samples>,
    pub(super) step: u64,
    epoch: usize,
}

/// The samples of one step.
enum Batch<'a> {
    /// Those numbers of the training data, augmented as the run says.
    Drawn {
        data: &'a Samples,
        numbers: &'a [u32],
        epoch: usize,
    },
    /// The caller's own.
    Given { x: &'a [f32], labels: &'a [u32] },
}

impl Batch<'_> {
    fn len(&self) -> usize {
        match self {
            Batch::Drawn { numbers, .. } => numbers.len(),
            Batch::Given { labels, .. } => labels.len(),
        }
    }

    fn labels(&self, samples: Range<usize>) -> Vec<u32> {
        match self {
            Batch::Drawn { data, numbers, .. } => numbers[samples]
                .iter()
                .map(|&number| data.labels[number as usize])
                .collect(),
            Batch::Given { labels, .. } => labels[samples].to_vec(),
        }
    }
}

/// The least room of a plan, so that small batches do not make evaluation slow: so many samples,
/// or as many as have this many activations (16 MB), where a network is as large as VGG16.
const LEAST_CAPACITY: usize = 32;
const LEAST_ACTIVATIONS: usize = 1 << 22;

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
        let network = Network::new(&spec)?;
        let root = Rng::new(seed);
        let params = parameters::initial(&network, &root.fork(0));
        let restraints = Restraints::new(&spec, &network)?;
        let owned = team.owned(team.rank(), network.flat_len);
        let optimizer = FlatOptimizer::new(&spec, &network, &restraints, owned);
        let watch = spec.early_stopping.map(Watch::new);
        let exchange = Exchange::new(&team, network.flat_len);
        let outputs = network.layers.iter().map(|layer| &layer.output_shape);
        let activations: usize = outputs.map(|shape| shape.iter().product::<usize>()).sum();
        let least = (LEAST_ACTIVATIONS / activations.max(1)).clamp(1, LEAST_CAPACITY);
        let capacity = team.largest_shard(spec.batch_size).max(least);
        let plan = Plan::new(network, params, capacity);
        Ok(Session {
            spec,
            team,
            plan,
            optimizer,
            restraints,
            watch,
            best: None,
            exchange,
            partial_sums: Vec::new(),
            order_rng: root.fork(1),
            augment_rng: root.fork(2),
            train: None,
            drawn: Vec::new(),
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
    /// Shape: images `[N][H][W][C]`, labels `[N]`, N ≥ 1, each label below the classes.
    pub fn set_data(&mut self, split: Split, images: Vec<f32>, labels: Vec<u32>) -> Result<()> {
        self.check_samples(split.name(), &images, Some(&labels))?;
        let order = BatchOrder::new(labels.len(), self.spec.batch_size, self.order_rng.clone())?;
        let samples = Samples { images, labels };
        match split {
            Split::Train => {
                self.train = Some((samples, order));
                self.epoch = 0;
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
    pub fn train_batch(&mut self, x: &[f32], labels: &[u32], steps: usize) -> Result<StepReport> {
        check_steps("train_batch", steps)?;
        self.check_alone("train_batch")?;
        let mut total = Total::default();
        for _ in 0..steps {
            let (score, samples) = self.given_gradient(x, labels)?;
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
                let result = self.evaluate_on(&data.0.images, &data.0.labels);
                self.train = Some(data);
                result
            }
            Split::Validation => {
                let data = self.validation.take().ok_or_else(no_data)?;
                let result = self.evaluate_on(&data.images, &data.labels);
                self.validation = Some(data);
                result
            }
        }
    }

    /// Loss and accuracy on samples of the caller's.
    pub fn evaluate_on(&mut self, x: &[f32], labels: &[u32]) -> Result<Evaluation> {
        self.check_samples("evaluate_on", x, Some(labels))?;
        let mut total = Total::default();
        let (chunk, width) = (self.plan.capacity(), self.plan.network().input_len());
        for (x, labels) in x.chunks(chunk * width).zip(labels.chunks(chunk)) {
            self.plan.batch_mut(labels.len()).copy_from_slice(x);
            self.plan.forward(labels.len());
            total.add(self.plan.score(labels), labels.len());
        }
        total.add_cost(self.restraints.cost(&self.plan.params), total.samples);
        Ok(Evaluation {
            loss: total.loss(),
            accuracy: total.accuracy(),
            count: total.samples,
        })
    }

    /// Probabilities. Shape: x `[N][H][W][C]` → `[N][classes]`.
    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.check_samples("predict", x, None)?;
        let (chunk, width) = (self.plan.capacity(), self.plan.network().input_len());
        let mut out = Vec::new();
        for x in x.chunks(chunk * width) {
            let n = x.len() / width;
            self.plan.batch_mut(n).copy_from_slice(x);
            self.plan.forward(n);
            self.plan.probabilities(n, &mut out);
        }
        Ok(out)
    }

    /// What every layer answers, the last one as probabilities. Shape: x `[N][H][W][C]`.
    pub fn activations(&mut self, x: &[f32]) -> Result<Vec<LayerActivation>> {
        let n = self.check_samples("activations", x, None)?;
        self.plan.reserve(n);
        self.plan.batch_mut(n).copy_from_slice(x);
        self.plan.forward(n);
        let mut outputs: Vec<Vec<f32>> = Vec::new();
        self.plan.inspect(n, |y| outputs.push(y.to_vec()));
        let classes = self.plan.network().classes();
        let logits = outputs.last().expect("a network has a last layer").clone();
        let last = outputs.last_mut().expect("a network has a last layer");
        softmax::forward(n, classes, &logits, last);
        let layers = &self.plan.network().layers;
        assert_eq!(
            outputs.len(),
            layers.len(),
            "Plan::inspect: outputs for each layer"
        );
        let activation = |(layer, data): (&super::network::Layer, Vec<f32>)| LayerActivation {
            name: layer.name.clone(),
            kind: layer.op.kind(),
            shape: [&[n], &layer.output_shape[..]].concat(),
            data,
        };
        Ok(layers.iter().zip(outputs).map(activation).collect())
    }

    /// The layers with their shapes and how many parameters each has.
    pub fn layers(&self) -> Vec<LayerInfo> {
        let info = |layer: &super::network::Layer| LayerInfo {
            name: layer.name.clone(),
            kind: layer.op.kind(),
            output_shape: layer.output_shape.clone(),
            parameters: layer.parameters.iter().map(|p| p.len()).sum(),
        };
        self.plan.network().layers.iter().map(info).collect()
    }

    /// How many numbers training changes.
    pub fn parameter_count(&self) -> usize {
        self.plan.network().parameter_count()
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
        let score = self.gradient(&batch, self.team.own_shards(), 0);
        self.epoch = order.epoch() + usize::from(order.epoch_ended());
        let samples = numbers.len();
        self.drawn = numbers;
        self.train = Some((data, order));
        Ok((score, samples))
    }

    /// The same of a batch of the caller's.
    pub(super) fn given_gradient(
        &mut self,
        x: &[f32],
        labels: &[u32],
    ) -> Result<(BatchScore, usize)> {
        self.check_samples("train_batch", x, Some(labels))?;
        self.plan.reserve(self.team.largest_shard(labels.len()));
        let batch = Batch::Given { x, labels };
        let score = self.gradient(&batch, self.team.own_shards(), 0);
        Ok((score, labels.len()))
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
    fn shard_gradient(&mut self, batch: &Batch, shard: usize) -> BatchScore {
        let samples = self.team.samples(shard, batch.len());
        if samples.is_empty() {
            self.plan.grads.fill(0.0);
            return BatchScore::default();
        }
        self.gather(batch, samples.clone());
        let labels = batch.labels(samples);
        self.plan.forward(labels.len());
        let score = self.plan.score(&labels);
        self.plan.backward(&labels, batch.len());
        score
    }

    /// Moves the parameters; `total` hears what the penalties cost before.
    fn update_all(&mut self, total: &mut Total, samples: usize) {
        let (params, grads) = (&mut self.plan.params, &mut self.plan.grads);
        total.add_cost(self.restraints.cost(params), samples);
        self.optimizer.take(params, grads);
        self.optimizer.apply(params, grads);
        self.restraints.hold(params);
        self.step += 1;
    }

    /// Copies some samples of the batch into the plan, changed where the run augments. The change
    /// depends on seed, epoch and sample alone.
    fn gather(&mut self, batch: &Batch, samples: Range<usize>) {
        let width = self.plan.network().input_len();
        let shape = <[usize; 3]>::try_from(&self.plan.network().input_shape[..]);
        let slots = self.plan.batch_mut(samples.len());
        let (data, numbers, epoch) = match *batch {
            Batch::Drawn {
                data,
                numbers,
                epoch,
            } => (data, &numbers[samples], epoch),
            Batch::Given { x, .. } => {
                slots.copy_from_slice(&x[samples.start * width..samples.end * width]);
                return;
            }
        };
        let rng = self.augment_rng.fork(epoch as u64);
        for (slot, &number) in slots.chunks_exact_mut(width).zip(numbers) {
            let image = &data.images[number as usize * width..][..width];
            match (&self.spec.augment, shape) {
                (Some(augment), Ok(shape)) => {
                    augment.apply(&mut rng.fork(u64::from(number)), shape, image, slot);
                }
                _ => slot.copy_from_slice(image),
            }
        }
    }

    /// Errs where other workers would have to take part.
    fn check_alone(&self, place: &str) -> Result<()> {
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
            accuracy: total.accuracy(),
            learning_rate: self.optimizer.rate(),
        }
    }

    /// How many samples `x` holds; errs where that is no whole number, none, or not the labels'.
    fn check_samples(&self, place: &str, x: &[f32], labels: Option<&[u32]>) -> Result<usize> {
        let width = self.plan.network().input_len();
        let n = labels.map_or(x.len().div_ceil(width), <[u32]>::len).max(1);
        if x.len() != n * width {
            let (expected, got) = (n * width, x.len());
            return Err(Error::LengthMismatch {
                place: place.into(),
                expected,
                got,
            });
        }
        if let Some(labels) = labels {
            check_labels(labels, self.plan.network().classes())?;
        }
        Ok(n)
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
