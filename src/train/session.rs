//! A run: a plan, its data, its optimiser, and where it stands.

use serde::Serialize;

use super::inspect::{LayerActivation, LayerInfo};
use super::network::Network;
use super::optimizer::FlatOptimizer;
use super::parameters;
use super::plan::{BatchScore, Plan};
use super::spec::RunSpec;
use crate::data::{BatchOrder, check_labels};
use crate::error::{Error, Result};
use crate::kernels::softmax;
use crate::rng::Rng;

/// Which part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    Train,
    Validation,
}

impl Split {
    /// As JSON writes it.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Validation => "validation",
        }
    }

    /// Reads `train` or `validation`.
    pub fn from_name(name: &str) -> Result<Split> {
        match name {
            "train" => Ok(Split::Train),
            "validation" => Ok(Split::Validation),
            _ => Err(Error::UnknownName {
                place: "split".into(),
                expected: "train, validation".into(),
                got: name.into(),
            }),
        }
    }
}

/// What some steps did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// Steps since the session began.
    pub step: u64,
    /// Whole epochs since the training data were set.
    pub epoch: usize,
    /// Samples trained on in these steps.
    pub samples: usize,
    /// Mean over those samples, each before the step that it was in.
    pub loss: f64,
    /// Share of those samples that were right, 0 to 1.
    pub accuracy: f64,
}

/// How the model does on a set of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    pub loss: f64,
    /// Share of the samples that are right, 0 to 1.
    pub accuracy: f64,
    pub count: usize,
}

struct Samples {
    images: Vec<f32>,
    labels: Vec<u32>,
}

/// A run in progress. The same spec, seed, data and calls give the same bytes of weights on every
/// platform (variant `simd`), however the steps are cut into calls of [`Session::run_steps`].
pub struct Session {
    spec: RunSpec,
    plan: Plan,
    optimizer: FlatOptimizer,
    order_rng: Rng,
    augment_rng: Rng,
    train: Option<(Samples, BatchOrder)>,
    validation: Option<Samples>,
    step: u64,
    epoch: usize,
}

/// The least room of a plan, so that small batches do not make evaluation slow.
const LEAST_CAPACITY: usize = 32;

impl Session {
    /// Checks the spec, allocates everything, draws the initial weights.
    ///
    /// Errs where the spec does not describe a network; see [`Network::new`].
    pub fn new(spec: RunSpec, seed: u64) -> Result<Session> {
        let network = Network::new(&spec)?;
        let root = Rng::new(seed);
        let params = parameters::initial(&network, &root.fork(0));
        let optimizer = FlatOptimizer::new(spec.optimizer);
        let plan = Plan::new(network, params, spec.batch_size.max(LEAST_CAPACITY));
        Ok(Session {
            spec,
            plan,
            optimizer,
            order_rng: root.fork(1),
            augment_rng: root.fork(2),
            train: None,
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
        let no_data = || Error::NoData {
            split: Split::Train.name().into(),
        };
        let (samples, mut order) = self.train.take().ok_or_else(no_data)?;
        let mut total = Total::default();
        let (mut batch, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..steps {
            batch.clear();
            batch.extend_from_slice(order.next_batch());
            labels.clear();
            labels.extend(
                batch
                    .iter()
                    .map(|&sample: &u32| samples.labels[sample as usize]),
            );
            self.gather(&samples, &batch, order.epoch());
            total.add(self.step_on_batch(&labels), labels.len());
            self.epoch = order.epoch() + usize::from(order.epoch_ended());
        }
        self.train = Some((samples, order));
        Ok(self.report(total))
    }

    /// Trains `steps` ≥ 1 times on one batch of the caller's. Not augmented.
    pub fn train_batch(&mut self, x: &[f32], labels: &[u32], steps: usize) -> Result<StepReport> {
        check_steps("train_batch", steps)?;
        self.check_samples("train_batch", x, Some(labels))?;
        self.plan.reserve(labels.len());
        let mut total = Total::default();
        for _ in 0..steps {
            self.plan.batch_mut(labels.len()).copy_from_slice(x);
            total.add(self.step_on_batch(labels), labels.len());
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

    /// Forward, loss, backward, optimiser, on the batch that the plan holds.
    fn step_on_batch(&mut self, labels: &[u32]) -> BatchScore {
        self.plan.forward(labels.len());
        let score = self.plan.score(labels);
        self.plan.backward(labels);
        self.optimizer.step(&mut self.plan.params, &self.plan.grads);
        self.step += 1;
        score
    }

    /// Copies the batch's samples into the plan, changed where the run augments. The change
    /// depends on seed, epoch and sample alone.
    fn gather(&mut self, data: &Samples, batch: &[u32], epoch: usize) {
        let width = self.plan.network().input_len();
        let shape = <[usize; 3]>::try_from(&self.plan.network().input_shape[..]);
        let rng = self.augment_rng.fork(epoch as u64);
        let slots = self.plan.batch_mut(batch.len()).chunks_exact_mut(width);
        for (slot, &sample) in slots.zip(batch) {
            let image = &data.images[sample as usize * width..][..width];
            match (&self.spec.augment, shape) {
                (Some(augment), Ok(shape)) => {
                    augment.apply(&mut rng.fork(u64::from(sample)), shape, image, slot);
                }
                _ => slot.copy_from_slice(image),
            }
        }
    }

    fn report(&self, total: Total) -> StepReport {
        StepReport {
            step: self.step,
            epoch: self.epoch,
            samples: total.samples,
            loss: total.loss(),
            accuracy: total.accuracy(),
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

/// Scores added up.
#[derive(Default)]
struct Total {
    score: BatchScore,
    samples: usize,
}

impl Total {
    fn add(&mut self, score: BatchScore, samples: usize) {
        self.score.loss += score.loss;
        self.score.correct += score.correct;
        self.samples += samples;
    }

    fn loss(&self) -> f64 {
        self.score.loss / self.samples as f64
    }

    fn accuracy(&self) -> f64 {
        self.score.correct as f64 / self.samples as f64
    }
}
