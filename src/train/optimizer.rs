//! The optimiser of a run over the plan's flat arrays.

use super::spec::OptimizerSpec;
use crate::kernels::{adam, sgd};

/// A moment at the flushing threshold is still far from denormal after so many steps.
const STEPS_BETWEEN_FLUSHES: u64 = 64;

/// A spec's optimiser with its state: Adam's moments or SGD's velocity.
#[derive(Clone, Debug)]
pub struct Optimizer {
    spec: OptimizerSpec,
    /// Steps taken.
    steps: u64,
    /// Adam's first moment, or SGD's velocity.
    first: Vec<f32>,
    /// Adam's second moment.
    second: Vec<f32>,
}

impl Optimizer {
    /// For `len` parameters.
    pub fn new(spec: OptimizerSpec, len: usize) -> Self {
        let (first, second) = match spec {
            OptimizerSpec::Adam { .. } => (len, len),
            OptimizerSpec::Sgd { momentum: 0.0, .. } => (0, 0),
            OptimizerSpec::Sgd { .. } => (len, 0),
        };
        Optimizer {
            spec,
            steps: 0,
            first: vec![0.0; first],
            second: vec![0.0; second],
        }
    }

    /// Moves the parameters by one step.
    pub fn step(&mut self, params: &mut [f32], grads: &[f32]) {
        self.steps += 1;
        match self.spec {
            OptimizerSpec::Adam {
                learning_rate,
                beta_1,
                beta_2,
                epsilon,
            } => {
                let rate = adam::step_rate(learning_rate, beta_1, beta_2, self.steps);
                let (m, v) = (&mut self.first, &mut self.second);
                let (rate, epsilon) = (rate as f32, epsilon as f32);
                adam::step(
                    params,
                    grads,
                    m,
                    v,
                    rate,
                    beta_1 as f32,
                    beta_2 as f32,
                    epsilon,
                );
                if self.steps.is_multiple_of(STEPS_BETWEEN_FLUSHES) {
                    adam::flush_tiny(m);
                    adam::flush_tiny(v);
                }
            }
            OptimizerSpec::Sgd {
                learning_rate,
                momentum,
                nesterov,
            } => {
                let (rate, momentum) = (learning_rate as f32, momentum as f32);
                sgd::step(params, grads, &mut self.first, rate, momentum, nesterov);
            }
        }
    }

    /// The rate before Adam's correction.
    pub fn learning_rate(&self) -> f64 {
        match self.spec {
            OptimizerSpec::Adam { learning_rate, .. } => learning_rate,
            OptimizerSpec::Sgd { learning_rate, .. } => learning_rate,
        }
    }

    /// Changes the rate for the steps to come; it must be a positive number.
    pub fn set_learning_rate(&mut self, rate: f64) {
        match &mut self.spec {
            OptimizerSpec::Adam { learning_rate, .. } => *learning_rate = rate,
            OptimizerSpec::Sgd { learning_rate, .. } => *learning_rate = rate,
        }
    }
}
