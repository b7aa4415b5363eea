//! What a page draws of a network: its layers and what they answer.

use serde::Serialize;

/// One layer, for a table of the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerInfo {
    pub name: String,
    pub kind: &'static str,
    /// Of one sample.
    pub output_shape: Vec<usize>,
    pub parameters: usize,
}

/// What one layer answered to a batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerActivation {
    pub name: String,
    pub kind: &'static str,
    /// The batch comes first.
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}
