//! The model part of a run: a chain of layers.

use serde::{Deserialize, Serialize};

pub use crate::layers::Init;

/// A chain of layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Shape of one sample: `[height, width, channels]` or `[features]`.
    pub input: Vec<usize>,
    pub layers: Vec<LayerSpec>,
}

/// One layer of the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum LayerSpec {
    #[serde(rename = "conv2d")]
    Conv2d {
        filters: usize,
        /// Height, width.
        kernel: [usize; 2],
        /// Down, across.
        #[serde(default = "one_by_one")]
        stride: [usize; 2],
        #[serde(default)]
        padding: Padding,
        #[serde(default)]
        activation: Activation,
        #[serde(default)]
        init: Init,
    },
    #[serde(rename = "max_pool2d")]
    MaxPool2d {
        /// Height, width.
        size: [usize; 2],
        /// Down, across; the size where it is left out.
        #[serde(default)]
        stride: Option<[usize; 2]>,
        #[serde(default)]
        padding: Padding,
    },
    Flatten {},
    Dense {
        units: usize,
        #[serde(default)]
        activation: Activation,
        #[serde(default)]
        init: Init,
    },
}

/// What happens at an image's border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// Windows stay inside.
    #[default]
    Valid,
    /// With stride 1 the output is as large as the input; an odd rest goes below and to the right.
    Same,
}

/// What is applied to a layer's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    #[default]
    Linear,
    Relu,
    Softmax,
}

fn one_by_one() -> [usize; 2] {
    [1, 1]
}
