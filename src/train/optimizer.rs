//! The optimiser of a run, over the plan's flat arrays.

use super::spec::OptimizerSpec;
use crate::optim::{Adam, Optimizer, Sgd};

/// An optimiser with its state. All parameters are one to it: a single flat array.
#[derive(Clone, Debug)]
pub enum FlatOptimizer {
    Adam(Adam<f32>),
    Sgd(Sgd<f32>),
}

/// The one parameter's name.
const FLAT: &str = "flat";

impl FlatOptimizer {
    /// As the spec says.
    pub fn new(spec: OptimizerSpec) -> Self {
        match spec {
            OptimizerSpec::Adam {
                learning_rate,
                beta_1,
                beta_2,
                epsilon,
            } => {
                let mut adam = Adam::new(learning_rate);
                (adam.beta_1, adam.beta_2, adam.epsilon) = (beta_1, beta_2, epsilon);
                FlatOptimizer::Adam(adam)
            }
            OptimizerSpec::Sgd {
                learning_rate,
                momentum,
                nesterov,
            } => FlatOptimizer::Sgd(Sgd::new(learning_rate, momentum, nesterov)),
        }
    }

    /// Moves the parameters by one step.
    pub fn step(&mut self, params: &mut [f32], grads: &[f32]) {
        let optimizer: &mut dyn Optimizer<f32> = match self {
            FlatOptimizer::Adam(adam) => adam,
            FlatOptimizer::Sgd(sgd) => sgd,
        };
        optimizer.begin_step();
        optimizer.update(FLAT, params, grads);
    }

    /// Changes the rate for the steps to come; it must be a positive number.
    pub fn set_learning_rate(&mut self, rate: f64) {
        match self {
            FlatOptimizer::Adam(adam) => adam.lr = rate,
            FlatOptimizer::Sgd(sgd) => sgd.lr = rate,
        }
    }
}
