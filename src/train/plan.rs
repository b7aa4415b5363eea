//! A network compiled to kernel calls: stages over buffers that are allocated once.

use std::ops::{Add, Range};

use super::loss::{Objective, Targets};
use super::network::{Layer, Network, Stages};
use super::spec::LossSpec;
use super::stage::{Backward, Forward, Grads, Inputs, Mode, Stage, Value, Weights};
use super::way_back::{Passed, WayBack};
use crate::kernels::sum;

/// A network ready to run forwards and backwards. Parameters and gradients are flat arrays with
/// one layout, so the optimiser and saving are single loops. What only training needs is allocated
/// when training begins.
pub struct Plan {
    pub(super) network: Network,
    steps: Vec<Step>,
    /// The network's inputs, then the output of each step.
    values: Vec<Value>,
    /// Where each layer's output is to be found.
    shown: Vec<Shown>,
    pub(super) objective: Objective,
    /// Samples that the buffers have room for.
    capacity: usize,
    way_back: WayBack,
    /// Gradients of values, as the way back says.
    slots: Vec<Vec<f32>>,
    /// Gradients that are to be added to others, by the number of the input.
    addends: Vec<Vec<f32>>,
    pub params: Vec<f32>,
    /// Empty until [`Plan::prepare_training`].
    pub grads: Vec<f32>,
}

/// A stage with what it works on.
struct Step {
    stage: Box<dyn Stage>,
    /// The layer whose weights it has.
    layer: usize,
    /// Numbers of values.
    inputs: Vec<usize>,
    output: usize,
    weights: Vec<Range<usize>>,
}

/// Where a layer's output is to be found.
#[derive(Clone, Copy)]
enum Shown {
    Value(usize),
    /// Inside the step that computes this layer and the next together.
    Hidden(usize),
}

/// What the loss says of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BatchScore {
    /// Sum over the samples.
    pub loss: f64,
    /// Right answers.
    pub correct: usize,
}

impl Add for BatchScore {
    type Output = BatchScore;

    fn add(self, more: BatchScore) -> BatchScore {
        BatchScore {
            loss: self.loss + more.loss,
            correct: self.correct + more.correct,
        }
    }
}

impl Plan {
    /// Compiles `network` for batches of `capacity` samples; `params` is the flat array.
    pub(super) fn new(
        (network, stages): (Network, Stages),
        loss: &LossSpec,
        params: Vec<f32>,
        capacity: usize,
    ) -> Plan {
        assert_eq!(
            params.len(),
            network.flat_len,
            "Plan::new: parameters of {}",
            params.len()
        );
        let values = network.inputs.iter().map(|input| Value {
            width: input.width(),
            data: Vec::new(),
        });
        let mut plan = Plan {
            values: values.collect(),
            objective: Objective::new(loss, network.output_shape()),
            network,
            steps: Vec::new(),
            shown: Vec::new(),
            capacity: 0,
            way_back: WayBack::default(),
            slots: Vec::new(),
            addends: Vec::new(),
            params,
            grads: Vec::new(),
        };
        plan.compile(stages);
        plan.plan_way_back();
        plan.reserve(capacity);
        plan
    }

    fn compile(&mut self, mut stages: Stages) {
        // The value of each source: an input, or a layer's output.
        let mut value_of: Vec<usize> = (0..self.values.len()).collect();
        let mut layer = 0;
        while layer < stages.len() {
            let about = &self.network.layers[layer];
            let inputs: Vec<usize> = about.sources.iter().map(|&s| value_of[s]).collect();
            let Some(mut stage) = stages[layer].take() else {
                value_of.push(inputs[0]);
                self.shown.push(Shown::Value(inputs[0]));
                layer += 1;
                continue;
            };
            let weights = about.parameters.iter().map(|p| p.range()).collect();
            let (output, first) = (self.values.len(), layer);
            if let Some(fused) = self.fuse(&*stage, layer, &stages) {
                stage = fused;
                // Nobody else asks for what lies between the two.
                value_of.push(output);
                self.shown.push(Shown::Hidden(self.steps.len()));
                layer += 1;
            }
            value_of.push(output);
            self.shown.push(Shown::Value(output));
            self.values.push(Value {
                width: self.network.layers[layer].output_shape.iter().product(),
                data: Vec::new(),
            });
            self.steps.push(Step {
                stage,
                layer: first,
                inputs,
                output,
                weights,
            });
            layer += 1;
        }
    }

    /// The stage of this layer and the next in one, where the next is all that takes this one.
    fn fuse(&self, stage: &dyn Stage, layer: usize, stages: &Stages) -> Option<Box<dyn Stage>> {
        let source = self.network.inputs.len() + layer;
        let takes = self.network.layers.iter().flat_map(|layer| &layer.sources);
        let next = stages.get(layer + 1)?.as_deref()?;
        let follows = self.network.layers[layer + 1].sources == [source];
        if follows && takes.filter(|&&taken| taken == source).count() == 1 {
            return stage.fuse(next);
        }
        None
    }

    /// The network that it runs.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Samples that the buffers have room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes room for batches of `n` samples.
    pub fn reserve(&mut self, n: usize) {
        if n <= self.capacity {
            return;
        }
        self.capacity = n;
        for value in &mut self.values {
            value.data.resize(n * value.width, 0.0);
        }
        for step in &mut self.steps {
            step.stage.reserve(n);
        }
    }

    /// Makes room for gradients.
    pub fn prepare_training(&mut self) {
        self.grads.resize(self.params.len(), 0.0);
        self.slots.resize(self.way_back.slots.len(), Vec::new());
        for (slot, width) in self.slots.iter_mut().zip(&self.way_back.slots) {
            if slot.len() < self.capacity * width {
                slot.resize(self.capacity * width, 0.0);
            }
        }
    }

    /// Lets a layer learn, or keeps its weights as they are.
    pub fn set_trainable(&mut self, layer: usize, trainable: bool) {
        let layer = &mut self.network.layers[layer];
        layer.trainable = trainable;
        if !self.grads.is_empty() {
            for parameter in &layer.parameters {
                self.grads[parameter.range()].fill(0.0);
            }
        }
        self.plan_way_back();
    }

    fn plan_way_back(&mut self) {
        let learns = |step: &Step| {
            let layer = &self.network.layers[step.layer];
            layer.trainable && !layer.parameters.is_empty()
        };
        let steps: Vec<Passed> = self
            .steps
            .iter()
            .map(|step| Passed {
                inputs: &step.inputs,
                output: step.output,
                learns: learns(step),
            })
            .collect();
        let widths: Vec<usize> = self.values.iter().map(|value| value.width).collect();
        self.way_back = WayBack::new(&steps, &widths);
    }

    /// Where the next batch of `n` samples is to be written, for one input of the network.
    pub fn batch_mut(&mut self, input: usize, n: usize) -> &mut [f32] {
        assert!(
            n <= self.capacity,
            "Plan: {n} samples, room for {}",
            self.capacity
        );
        let value = &mut self.values[input];
        &mut value.data[..n * value.width]
    }

    /// Writes the next batch. Shape: x `[n][all inputs, one after another]`.
    pub fn load(&mut self, x: &[f32]) {
        let (width, inputs) = (self.network.input_len(), self.network.inputs.len());
        let n = x.len() / width;
        if inputs == 1 {
            self.batch_mut(0, n).copy_from_slice(x);
            return;
        }
        let mut from = 0;
        for input in 0..inputs {
            let part = self.values[input].width;
            let slots = self.batch_mut(input, n).chunks_exact_mut(part);
            for (slot, sample) in slots.zip(x.chunks_exact(width)) {
                slot.copy_from_slice(&sample[from..from + part]);
            }
            from += part;
        }
    }

    /// Runs the first `n` samples of the batch forward.
    pub(super) fn forward(&mut self, n: usize, mode: Mode<'_>) {
        for step in 0..self.steps.len() {
            self.forward_step(step, n, mode);
        }
    }

    /// One step of it, on what those before it left.
    pub(super) fn forward_step(&mut self, step: usize, n: usize, mode: Mode<'_>) {
        let step = &mut self.steps[step];
        let mut y = std::mem::take(&mut self.values[step.output].data);
        let width = self.values[step.output].width;
        step.stage.forward(Forward {
            n,
            weights: Weights {
                flat: &self.params,
                ranges: &step.weights,
            },
            inputs: Inputs {
                values: &self.values,
                ids: &step.inputs,
                n,
            },
            y: &mut y[..n * width],
            mode,
            frozen: !self.network.layers[step.layer].trainable,
        });
        self.values[step.output].data = y;
    }

    /// The layer that each step begins with.
    pub(super) fn step_layers(&self) -> impl Iterator<Item = &Layer> {
        self.steps
            .iter()
            .map(|step| &self.network.layers[step.layer])
    }

    /// What `forward` left: answers before the activation that the loss took over.
    pub(super) fn answers(&self, n: usize) -> &[f32] {
        match self.shown.last() {
            Some(&Shown::Value(value)) => self.values[value].of(n),
            _ => unreachable!("Plan: the last layer is never hidden"),
        }
    }

    /// Loss and hits of the answers that `forward` left.
    pub(super) fn score(&mut self, n: usize, targets: Targets<'_>, training: bool) -> BatchScore {
        let mut objective = std::mem::take(&mut self.objective);
        let score = objective.score(n, self.answers(n), targets, training);
        self.objective = objective;
        score
    }

    /// After `forward`: fills `grads` with the gradient of these samples' losses, divided by the
    /// `batch_len` samples of the whole batch.
    pub(super) fn backward(&mut self, n: usize, targets: Targets<'_>, batch_len: usize) {
        let Some(start) = self.way_back.start else {
            return;
        };
        let mut dy = std::mem::take(&mut self.slots[start]);
        let mut objective = std::mem::take(&mut self.objective);
        let answers = self.answers(n);
        let filled = &mut dy[..answers.len()];
        objective.gradient(n, batch_len, answers, targets, filled);
        self.objective = objective;
        self.slots[start] = dy;
        let share = n as f32 / batch_len as f32;
        for step in (0..self.steps.len()).rev() {
            self.backward_step(step, n, share);
        }
    }

    fn backward_step(&mut self, step: usize, n: usize, share: f32) {
        let Some(turn) = &self.way_back.turns[step] else {
            return;
        };
        let step = &mut self.steps[step];
        let (values, layer) = (&self.values, &self.network.layers[step.layer]);
        let width = |value: usize| n * values[value].width;
        let mut dy = std::mem::take(&mut self.slots[turn.dy]);
        self.addends
            .resize(self.addends.len().max(turn.dx.len()), Vec::new());
        let mut taken: Vec<Option<Vec<f32>>> = Vec::with_capacity(turn.dx.len());
        for (input, target) in turn.dx.iter().enumerate() {
            taken.push(target.map(|target| {
                if !target.add {
                    return std::mem::take(&mut self.slots[target.slot]);
                }
                let mut addend = std::mem::take(&mut self.addends[input]);
                if addend.len() < width(step.inputs[input]) {
                    addend.resize(width(step.inputs[input]), 0.0);
                }
                addend
            }));
        }
        let slices = taken.iter_mut().zip(&step.inputs);
        let dx = slices.map(|(dx, &value)| dx.as_mut().map(|dx| &mut dx[..width(value)]));
        step.stage.backward(Backward {
            n,
            weights: Weights {
                flat: &self.params,
                ranges: &step.weights,
            },
            inputs: Inputs {
                values,
                ids: &step.inputs,
                n,
            },
            y: values[step.output].of(n),
            dy: &mut dy[..width(step.output)],
            dx: dx.collect(),
            grads: (layer.trainable && !step.weights.is_empty()).then_some(Grads {
                flat: &mut self.grads,
                ranges: &step.weights,
            }),
            share,
        });
        self.slots[turn.dy] = dy;
        for (input, (target, dx)) in turn.dx.iter().zip(taken).enumerate() {
            let (Some(target), Some(dx)) = (target, dx) else {
                continue;
            };
            if target.add {
                let width = width(step.inputs[input]);
                sum::accumulate(&mut self.slots[target.slot][..width], &dx[..width]);
                self.addends[input] = dx;
            } else {
                self.slots[target.slot] = dx;
            }
        }
    }

    /// Where the next step stands, for the stages of a plan that computes one at a time.
    pub(super) fn go_to(&mut self, position: usize) {
        for step in &mut self.steps {
            step.stage.go_to(position);
        }
    }

    /// What the last step heard of those before it, layer by layer; see [`Stage::shares`].
    pub(super) fn shares(&self) -> impl Iterator<Item = (&Layer, &[f32])> {
        let shares = self
            .steps
            .iter()
            .map(|step| (step.layer, step.stage.shares()));
        shares.filter_map(|(layer, shares)| Some((&self.network.layers[layer], shares?)))
    }

    /// After `forward`: what the network answers, appended to `out`.
    pub fn predict(&self, n: usize, out: &mut Vec<f32>) {
        let from = out.len();
        out.extend_from_slice(self.answers(n));
        self.objective.finish(&mut out[from..]);
    }

    /// The output of each layer for the `n` samples of x, the last one as [`Plan::predict`] gives it.
    pub fn run_and_show(&mut self, n: usize, x: &[f32]) -> Vec<Vec<f32>> {
        self.reserve(n);
        self.load(x);
        self.forward(n, Mode::Inference);
        let mut outputs = Vec::new();
        let (_, others) = self.shown.split_last().expect("a network has a last layer");
        for shown in others {
            outputs.push(match *shown {
                Shown::Value(value) => self.values[value].of(n).to_vec(),
                Shown::Hidden(step) => {
                    let step = &self.steps[step];
                    let weights = Weights {
                        flat: &self.params,
                        ranges: &step.weights,
                    };
                    let x = self.values[step.inputs[0]].of(n);
                    step.stage.hidden(n, weights, x)
                }
            });
        }
        let mut answers = Vec::new();
        self.predict(n, &mut answers);
        outputs.push(answers);
        outputs
    }
}
