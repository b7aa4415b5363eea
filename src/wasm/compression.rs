//! A trained network made smaller, as the package's `Session` and `QuantisedModel` call it.

use wasm_bindgen::prelude::*;

use super::session::{Session, to_js};
use crate::error::Result;
use crate::train::{
    self, Calibration, Pruning, QuantiseSpec, Split, StoredTargets, Targets, Taught,
};

#[wasm_bindgen]
impl Session {
    /// Before the activation that the loss takes over `[N][answer]`.
    pub fn logits(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.0.logits(x)
    }

    /// `[{name, count, zeros}]`
    pub fn prune(&mut self, sparsity: f64, global: bool) -> Result<JsValue> {
        Ok(to_js(&self.0.prune(Pruning { sparsity, global })?))
    }

    /// Training data with what a teacher says to them: its logits `[N][classes]`.
    #[wasm_bindgen(js_name = setDataTaught)]
    pub fn set_data_taught(
        &mut self,
        x: Vec<f32>,
        labels: &[u32],
        logits: &[f32],
        temperature: f32,
        alpha: f32,
    ) -> Result<()> {
        let targets = Targets::Taught(Taught {
            labels,
            logits,
            temperature,
            alpha,
        });
        self.0
            .set_data(Split::Train, x, StoredTargets::from(targets))
    }

    /// `calibration` by its name, `percent` where it is a percentile; x are samples to see the ranges on.
    pub fn quantise(
        &self,
        per_channel: bool,
        calibration: &str,
        percent: f64,
        x: &[f32],
    ) -> Result<QuantisedModel> {
        let calibration = Calibration::from_name(calibration, percent)?;
        let spec = QuantiseSpec {
            per_channel,
            calibration,
        };
        Ok(QuantisedModel(self.0.quantise(&spec, x)?))
    }

    /// The names of the layers that the steps of an answer begin with.
    pub fn steps(&self) -> Vec<String> {
        self.0.steps()
    }

    #[wasm_bindgen(js_name = repeatStep)]
    pub fn repeat_step(&mut self, step: usize, n: usize, times: usize) -> Result<()> {
        self.0.repeat_step(step, n, times)
    }
}

/// A network whose numbers are int8.
#[wasm_bindgen]
pub struct QuantisedModel(train::QuantisedModel);

#[wasm_bindgen]
impl QuantisedModel {
    #[wasm_bindgen(js_name = fromBytes)]
    pub fn from_bytes(file: &[u8]) -> Result<QuantisedModel> {
        Ok(QuantisedModel(train::QuantisedModel::from_bytes(file)?))
    }

    #[wasm_bindgen(js_name = toBytes)]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    pub fn predict(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.0.predict(x)
    }

    pub fn logits(&mut self, x: &[f32]) -> Result<Vec<f32>> {
        self.0.logits(x)
    }

    pub fn evaluate(&mut self, x: &[f32], labels: &[u32]) -> Result<JsValue> {
        Ok(to_js(&self.0.evaluate(x, labels.into())?))
    }

    #[wasm_bindgen(js_name = evaluateValues)]
    pub fn evaluate_values(&mut self, x: &[f32], targets: &[f32]) -> Result<JsValue> {
        Ok(to_js(&self.0.evaluate(x, targets.into())?))
    }

    #[wasm_bindgen(getter, js_name = takesLabels)]
    pub fn takes_labels(&self) -> bool {
        self.0.takes_labels()
    }

    pub fn layers(&self) -> JsValue {
        to_js(&self.0.layers())
    }

    #[wasm_bindgen(js_name = repeatStep)]
    pub fn repeat_step(&mut self, step: usize, times: usize) -> Result<()> {
        self.0.repeat_step(step, times)
    }
}
