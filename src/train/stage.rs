//! The stages of a compiled plan: each stands for one layer, or for several that a fused kernel
//! computes together. A stage works on slices that the plan owns.

use std::ops::Range;

use super::layers::Activation;
use crate::kernels::{Conv2dShape, Pool2dShape, Windows};
use crate::rng::Rng;

/// One step of the forward pass and its derivative.
pub(super) trait Stage {
    /// Makes room for batches of up to `n` samples.
    fn reserve(&mut self, _n: usize) {}

    /// Fills `y`.
    fn forward(&mut self, pass: Forward<'_>);

    /// Fills `grads` and each `dx` that is wanted. `dy` may be overwritten.
    fn backward(&mut self, pass: Backward<'_>);

    /// Where the next step stands in its sequence, for a stage that computes one at a time: it forgets
    /// that step and what comes after it.
    fn go_to(&mut self, _step: usize) {}

    /// How much each head of the last step heard of each step up to it `[heads][steps]`, where this is
    /// the attention of a stage that computes one step at a time.
    fn shares(&self) -> Option<&[f32]> {
        None
    }

    /// A stage that computes this one and `next`, which alone takes its output, together.
    fn fuse(&self, _next: &dyn Stage) -> Option<Box<dyn Stage>> {
        None
    }

    /// The windows, where this is a max pooling.
    fn max_pool2d(&self) -> Option<&Pool2dShape> {
        None
    }

    /// What it computes, told to who computes it in another way; None where nobody does.
    fn plain(&self) -> Option<Plain> {
        None
    }

    /// The output of the first of two fused layers, which `forward` never wrote: it is computed for
    /// the showing.
    fn hidden(&self, _n: usize, _weights: Weights<'_>, _x: &[f32]) -> Vec<f32> {
        unreachable!("Stage::hidden: only fused stages have something to show")
    }
}

/// What a stage computes of one sample. Its weights stand in the layer's order.
pub(super) enum Plain {
    Conv2d(Conv2dShape, Curve),
    Dense {
        rows: usize,
        inputs: usize,
        units: usize,
        curve: Curve,
    },
    MaxPool(Pool2dShape),
    Mean(Windows),
    /// `x · γ / √(variance + ε) + …` for each channel: numbers of weights, as `BatchNormalization` has them.
    Affine {
        gamma: Option<usize>,
        beta: Option<usize>,
        moving: usize,
        epsilon: f32,
    },
    Curve(Curve),
    Sum,
    /// Nothing, where no gradients follow.
    Same,
}

/// An activation with its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    pub activation: Activation,
    pub parameter: f32,
}

/// How a batch is run.
#[derive(Clone, Copy)]
pub(super) enum Mode<'a> {
    /// The answer alone counts.
    Inference,
    /// Gradients will follow.
    Training {
        /// The step's own generator; stages draw from forks of it.
        noise: &'a Rng,
        /// Where in the whole batch these samples begin: what is drawn for a sample depends on its
        /// place, not on which worker computes it.
        first: usize,
    },
}

/// What a stage needs to go forward.
pub(super) struct Forward<'a> {
    /// Samples in the batch.
    pub n: usize,
    pub weights: Weights<'a>,
    pub inputs: Inputs<'a>,
    pub y: &'a mut [f32],
    pub mode: Mode<'a>,
    /// Whether the layer's weights stand still in this run.
    pub frozen: bool,
}

impl Forward<'_> {
    /// Whether gradients will follow.
    pub fn training(&self) -> bool {
        matches!(self.mode, Mode::Training { .. })
    }
}

/// What a stage needs to go back.
pub(super) struct Backward<'a> {
    /// Samples in the batch.
    pub n: usize,
    pub weights: Weights<'a>,
    pub inputs: Inputs<'a>,
    pub y: &'a [f32],
    pub dy: &'a mut [f32],
    /// One for each input; None where nobody below it learns.
    pub dx: Vec<Option<&'a mut [f32]>>,
    /// None where the layer is frozen.
    pub grads: Option<Grads<'a>>,
    /// These samples' share of the whole batch.
    pub share: f32,
}

/// A layer's own part of the flat array of weights.
#[derive(Clone, Copy)]
pub(super) struct Weights<'a> {
    pub flat: &'a [f32],
    pub ranges: &'a [Range<usize>],
}

impl<'a> Weights<'a> {
    /// The weight of that number, in the layer's order.
    pub fn get(&self, index: usize) -> &'a [f32] {
        &self.flat[self.ranges[index].clone()]
    }

    /// The same where the layer has so many: a bias may be left out.
    pub fn optional(&self, index: usize) -> Option<&'a [f32]> {
        (index < self.ranges.len()).then(|| self.get(index))
    }
}

/// The same part of the flat array of gradients.
pub(super) struct Grads<'a> {
    pub flat: &'a mut [f32],
    pub ranges: &'a [Range<usize>],
}

impl Grads<'_> {
    /// The gradient of the weight of that number.
    pub fn get(&mut self, index: usize) -> &mut [f32] {
        &mut self.flat[self.ranges[index].clone()]
    }

    /// The same where the layer has so many.
    pub fn optional(&mut self, index: usize) -> Option<&mut [f32]> {
        (index < self.ranges.len()).then(|| self.get(index))
    }
}

/// The values that a stage takes.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub values: &'a [Value],
    pub ids: &'a [usize],
    pub n: usize,
}

impl<'a> Inputs<'a> {
    /// The input of that number.
    pub fn get(&self, index: usize) -> &'a [f32] {
        self.values[self.ids[index]].of(self.n)
    }
}

/// One array of the forward pass: an input, or what a stage made.
#[derive(Default)]
pub(super) struct Value {
    /// Elements of one sample.
    pub width: usize,
    pub data: Vec<f32>,
}

impl Value {
    /// That of the first `n` samples.
    pub fn of(&self, n: usize) -> &[f32] {
        &self.data[..n * self.width]
    }
}
