//! Training runs and their data, as the package's `Engine` and `Session` call them.
//!
//! Slices come in as copies in wasm's memory, vectors go out as copies in JavaScript's: no view of
//! wasm's memory outlives a call.

use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::{idx, stratified_split};
use crate::error::Result;
use crate::rng::Rng;
use crate::train::{self, Evaluation, LayerActivation, RunSpec, Split, Team};

/// A run in progress.
#[wasm_bindgen]
pub struct Session(pub(super) train::Session);

#[wasm_bindgen]
impl Session {
    /// `spec` is a run as JSON; the session is worker `rank` of `workers` that share the `shards`
    /// of each batch, see [`crate::train::Team`]. One worker and one shard: an ordinary session.
    #[wasm_bindgen(constructor)]
    pub fn new(
        spec: &str,
        seed: u64,
        shards: usize,
        workers: usize,
        rank: usize,
    ) -> Result<Session> {
        let team = Team::new(shards, workers, rank)?;
        let spec = RunSpec::from_json(spec)?;
        Ok(Session(train::Session::in_team(spec, seed, team)?))
    }

    #[wasm_bindgen(js_name = setData)]
    pub fn set_data(&mut self, split: &str, x: Vec<f32>, labels: Vec<u32>) -> Result<()> {
        self.0.set_data(Split::from_name(split)?, x, labels)
    }

    /// [`Session::set_data`] with targets that are numbers.
    #[wasm_bindgen(js_name = setDataValues)]
    pub fn set_data_values(&mut self, split: &str, x: Vec<f32>, targets: Vec<f32>) -> Result<()> {
        self.0.set_data(Split::from_name(split)?, x, targets)
    }

    /// Whether targets are class numbers, and not numbers.
    #[wasm_bindgen(getter, js_name = takesLabels)]
    pub fn takes_labels(&self) -> bool {
        self.0.takes_labels()
    }

    #[wasm_bindgen(js_name = runSteps)]
    pub fn run_steps(&mut self, steps: usize) -> Result<JsValue> {
        Ok(to_js(&self.0.run_steps(steps)?))
    }

    #[wasm_bindgen(js_name = trainBatch)]
    pub fn train_batch(&mut self, x: &[f32], labels: &[u32], steps: usize) -> Result<JsValue> {
        Ok(to_js(&self.0.train_batch(x, labels, steps)?))
    }

    #[wasm_bindgen(js_name = trainBatchValues)]
    pub fn train_batch_values(
        &mut self,
        x: &[f32],
        targets: &[f32],
        steps: usize,
    ) -> Result<JsValue> {
        Ok(to_js(&self.0.train_batch(x, targets, steps)?))
    }

    /// [`Session::train_batch`], or with `targets` that are numbers where the loss takes them, by weights of the
    /// samples or of their targets.
    #[wasm_bindgen(js_name = trainBatchWeighed)]
    pub fn train_batch_weighed(
        &mut self,
        x: &[f32],
        labels: &[u32],
        targets: &[f32],
        weights: Vec<f32>,
        steps: usize,
    ) -> Result<JsValue> {
        let targets = if self.0.takes_labels() {
            train::Targets::Labels(labels)
        } else {
            train::Targets::Values(targets)
        };
        Ok(to_js(
            &self.0.train_batch_weighed(x, targets, weights, steps)?,
        ))
    }

    pub fn evaluate(&mut self, split: &str) -> Result<JsValue> {
        Ok(to_js(&self.0.evaluate(Split::from_name(split)?)?))
    }

    /// Tells early stopping and reduce-on-plateau of an evaluation.
    pub fn observe(&mut self, loss: f64, accuracy: f64) -> JsValue {
        let count = 0;
        to_js(&self.0.observe(&Evaluation {
            loss,
            accuracy,
            count,
        }))
    }

    #[wasm_bindgen(js_name = evaluateOn)]
    pub fn evaluate_on(&mut self, x: &[f32], labels: &[u32]) -> Result<JsValue> {
        Ok(to_js(&self.0.evaluate_on(x, labels)?))
    }

    #[wasm_bindgen(js_name = evaluateOnValues)]
    pub fn evaluate_on_values(&mut self, x: &[f32], targets: &[f32]) -> Result<JsValue> {
        Ok(to_js(&self.0.evaluate_on(x, targets)?))
    }

    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.0.predict(x)
    }

    pub fn activations(&mut self, x: &[f32]) -> Result<Array> {
        Ok(self
            .0
            .activations(x)?
            .iter()
            .map(activation_to_js)
            .collect())
    }

    pub fn layers(&self) -> JsValue {
        to_js(&self.0.layers())
    }

    pub fn summary(&self) -> String {
        self.0.summary()
    }

    #[wasm_bindgen(js_name = setTrainable)]
    pub fn set_trainable(&mut self, layer: &str, trainable: bool) -> Result<()> {
        self.0.set_trainable(layer, trainable)
    }

    #[wasm_bindgen(getter, js_name = parameterCount)]
    pub fn parameter_count(&self) -> usize {
        self.0.parameter_count()
    }

    #[wasm_bindgen(js_name = getWeights)]
    pub fn weights(&self) -> Vec<u8> {
        self.0.weights()
    }

    #[wasm_bindgen(js_name = getGradients)]
    pub fn gradients(&self) -> Vec<u8> {
        self.0.gradients()
    }

    #[wasm_bindgen(js_name = setWeights)]
    pub fn set_weights(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.set_weights(bytes)
    }

    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        self.0.checkpoint()
    }

    pub fn restore(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.restore(bytes)
    }

    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        self.0.set_learning_rate(rate)
    }
}

/// The layers of a run as JSON, without beginning it.
#[wasm_bindgen]
pub fn describe(spec: &str) -> Result<JsValue> {
    Ok(to_js(&train::describe(&RunSpec::from_json(spec)?)?))
}

/// `{shape, data}` of an IDX file of bytes.
#[wasm_bindgen(js_name = parseIdx)]
pub fn parse_idx(file: &[u8]) -> Result<Object> {
    let parsed = idx::parse(file)?;
    let data = Uint8Array::from(parsed.bytes("parseIdx")?);
    Ok(object([
        ("shape", to_js(&parsed.shape)),
        ("data", data.into()),
    ]))
}

/// `{train, heldOut}`, the numbers of the samples on either side.
#[wasm_bindgen(js_name = stratifiedSplit)]
pub fn split_labels(labels: &[u32], fraction: f64, seed: u64) -> Result<Object> {
    let split = stratified_split(labels, fraction, &mut Rng::new(seed))?;
    Ok(object([
        ("train", Uint32Array::from(&split.train[..]).into()),
        ("heldOut", Uint32Array::from(&split.held_out[..]).into()),
    ]))
}

/// The data as a Float32Array, where serde would write an array of numbers.
fn activation_to_js(activation: &LayerActivation) -> JsValue {
    object([
        ("name", JsValue::from_str(&activation.name)),
        ("kind", JsValue::from_str(activation.kind)),
        ("shape", to_js(&activation.shape)),
        ("data", Float32Array::from(&activation.data[..]).into()),
    ])
    .into()
}

pub(super) fn to_js<T: Serialize>(value: &T) -> JsValue {
    serde_wasm_bindgen::to_value(value).expect("reports are plain data")
}

pub(super) fn object<const N: usize>(entries: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        Reflect::set(&object, &JsValue::from_str(key), &value)
            .expect("a new object takes properties");
    }
    object
}
