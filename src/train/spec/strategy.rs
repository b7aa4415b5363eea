//! How a run trains: its loss and its optimiser.

use serde::{Deserialize, Serialize};

/// What training makes small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    #[default]
    CategoricalCrossEntropy,
}

/// How gradients move parameters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum OptimizerSpec {
    Adam {
        #[serde(default = "adam_learning_rate")]
        learning_rate: f64,
        #[serde(default = "adam_beta_1")]
        beta_1: f64,
        #[serde(default = "adam_beta_2")]
        beta_2: f64,
        #[serde(default = "adam_epsilon")]
        epsilon: f64,
    },
    Sgd {
        #[serde(default = "sgd_learning_rate")]
        learning_rate: f64,
        #[serde(default)]
        momentum: f64,
        #[serde(default)]
        nesterov: bool,
    },
}

impl Default for OptimizerSpec {
    fn default() -> Self {
        OptimizerSpec::Adam {
            learning_rate: adam_learning_rate(),
            beta_1: adam_beta_1(),
            beta_2: adam_beta_2(),
            epsilon: adam_epsilon(),
        }
    }
}

fn adam_learning_rate() -> f64 {
    0.001
}
fn adam_beta_1() -> f64 {
    0.9
}
fn adam_beta_2() -> f64 {
    0.999
}
fn adam_epsilon() -> f64 {
    1e-7
}
fn sgd_learning_rate() -> f64 {
    0.01
}
