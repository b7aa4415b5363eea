//! One worker's side of a team's step, as `team_worker.js` of the package drives it; the order of
//! the calls stands in `train/member.rs`.
//!
//! The arrays handed in may lie in shared memory: their numbers are copied, and no view of wasm's
//! memory is given out.

use js_sys::{Float32Array, Float64Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::session::{Session, to_js};
use crate::error::Result;
use crate::train::{BatchScore, join_checkpoints};

#[wasm_bindgen]
impl Session {
    /// How many numbers worker `rank` owns of the flat array of parameters.
    #[wasm_bindgen(js_name = ownedLength)]
    pub fn owned_length(&self, rank: usize) -> usize {
        self.0.parameters_of(rank).len()
    }

    #[wasm_bindgen(js_name = beginStep)]
    pub fn begin_step(&mut self) -> Result<()> {
        self.0.begin_step()
    }

    #[wasm_bindgen(js_name = beginStepOn)]
    pub fn begin_step_on(&mut self, x: &[f32], labels: &[u32]) -> Result<()> {
        self.0.begin_step_on(x, labels)
    }

    #[wasm_bindgen(js_name = beginStepOnValues)]
    pub fn begin_step_on_values(&mut self, x: &[f32], targets: &[f32]) -> Result<()> {
        self.0.begin_step_on(x, targets)
    }

    /// Refuses a batch that `beginStepOn` would refuse, and gives how many samples it has.
    #[wasm_bindgen(js_name = checkBatch)]
    pub fn check_batch(&self, x: &Float32Array, labels: &[u32]) -> Result<usize> {
        let len = x.length() as usize;
        self.0.check_batch(len, || x.to_vec(), labels)
    }

    #[wasm_bindgen(js_name = checkBatchOfValues)]
    pub fn check_batch_of_values(&self, x: &Float32Array, targets: &[f32]) -> Result<usize> {
        let len = x.length() as usize;
        self.0.check_batch(len, || x.to_vec(), targets)
    }

    /// The first sample of a batch of `n` that this worker computes, and the first behind them.
    #[wasm_bindgen(js_name = ownSamples)]
    pub fn own_samples(&self, n: usize) -> Vec<u32> {
        let own = self.0.own_samples(n);
        vec![own.start as u32, own.end as u32]
    }

    /// Begins a step on a batch of `count` samples that was checked, of which these are this worker's.
    #[wasm_bindgen(js_name = beginStepOnOwn)]
    pub fn begin_step_on_own(&mut self, count: usize, x: &[f32], labels: &[u32]) {
        self.0.begin_step_on_own(count, x, labels);
    }

    #[wasm_bindgen(js_name = beginStepOnOwnValues)]
    pub fn begin_step_on_own_values(&mut self, count: usize, x: &[f32], targets: &[f32]) {
        self.0.begin_step_on_own(count, x, targets);
    }

    /// Writes this worker's loss and hits, summed over its samples.
    #[wasm_bindgen(js_name = writeScore)]
    pub fn write_score(&self, out: &Float64Array) {
        let BatchScore { loss, correct } = self.0.score();
        out.set_index(0, loss);
        out.set_index(1, correct as f64);
    }

    /// Writes this worker's gradient of what `rank` owns.
    #[wasm_bindgen(js_name = writeGradient)]
    pub fn write_gradient(&self, rank: usize, out: &Float32Array) {
        out.copy_from(self.0.gradient_for(rank));
    }

    /// Takes worker `rank`'s gradient of what this one owns, and its score.
    #[wasm_bindgen(js_name = readGradient)]
    pub fn read_gradient(&mut self, rank: usize, gradient: &Float32Array, score: &Float64Array) {
        let score = BatchScore {
            loss: score.get_index(0),
            correct: score.get_index(1) as usize,
        };
        gradient.copy_to(self.0.receive(rank, score));
    }

    /// Sums the gradients of what this worker owns.
    #[wasm_bindgen(js_name = sumGradients)]
    pub fn sum_gradients(&mut self) {
        self.0.sum_gradients();
    }

    /// How many numbers of what worker `rank` owns the others need for clipping; 0 without it.
    #[wasm_bindgen(js_name = squaresLength)]
    pub fn squares_length(&mut self, rank: usize) -> usize {
        self.0.squares_of(rank).len()
    }

    /// Writes those of what this worker owns.
    #[wasm_bindgen(js_name = writeSquares)]
    pub fn write_squares(&mut self, out: &Float64Array) {
        let rank = self.0.team().rank();
        out.copy_from(self.0.squares_of(rank));
    }

    /// Takes those that worker `rank` has written.
    #[wasm_bindgen(js_name = readSquares)]
    pub fn read_squares(&mut self, rank: usize, squares: &Float64Array) {
        squares.copy_to(self.0.squares_of(rank));
    }

    pub fn update(&mut self) {
        self.0.update();
    }

    /// Writes the parameters that `rank` owns.
    #[wasm_bindgen(js_name = writeParameters)]
    pub fn write_parameters(&self, rank: usize, out: &Float32Array) {
        out.copy_from(self.0.parameters_of(rank));
    }

    /// Takes the parameters that `rank` has updated.
    #[wasm_bindgen(js_name = readParameters)]
    pub fn read_parameters(&mut self, rank: usize, parameters: &Float32Array) {
        parameters.copy_to(self.0.parameters_of_mut(rank));
    }

    #[wasm_bindgen(js_name = endStep)]
    pub fn end_step(&mut self) {
        self.0.end_step();
    }

    #[wasm_bindgen(js_name = abandonStep)]
    pub fn abandon_step(&mut self) {
        self.0.abandon_step();
    }

    /// This worker's part of the team's checkpoint, see [`join_checkpoints`].
    #[wasm_bindgen(js_name = checkpointPart)]
    pub fn checkpoint_part(&self) -> Vec<u8> {
        self.0.checkpoint_part()
    }

    #[wasm_bindgen(js_name = takeReport)]
    pub fn take_report(&mut self) -> JsValue {
        to_js(&self.0.take_report())
    }
}

/// A team's checkpoint, of the parts of its workers in their order.
#[wasm_bindgen(js_name = joinCheckpoints)]
pub fn join_parts(parts: Vec<Uint8Array>) -> Result<Vec<u8>> {
    let parts: Vec<Vec<u8>> = parts.iter().map(Uint8Array::to_vec).collect();
    join_checkpoints(&parts)
}
