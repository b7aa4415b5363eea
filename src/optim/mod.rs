//! Optimisers: how gradients change parameters.
//!
//! A [`Rule`] says how, an [`Optimizer`] keeps its state by the parameters' names, so that it can
//! be saved beside them and a parameter may join later. Training runs hold one flat array for all
//! parameters (`train/optimizer.rs`) and apply the same rules.

mod clip;
mod decay;
mod max_norm;
mod penalty;
mod plateau;
mod rule;
mod schedule;

use std::collections::BTreeMap;

pub use clip::Clip;
pub use decay::WeightDecay;
pub use max_norm::MaxNorm;
pub use penalty::Penalty;
pub use plateau::{Plateau, ReduceOnPlateau};
pub use rule::{Convention, Moment, Rule};
pub use schedule::Schedule;

use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::optimizer::{flush_tiny, prepare};

/// A moment at the flushing threshold is still far from denormal after so many steps.
pub const STEPS_BETWEEN_FLUSHES: u64 = 64;

/// Changes parameters by their gradients, one step at a time.
///
/// A schedule's rate is set as `lr` before a step. Gradients of several batches gather at the
/// tensors by themselves: divide each loss by their number, and step after the last.
#[derive(Clone, Debug)]
pub struct Optimizer<T> {
    /// How.
    pub rule: Rule,
    /// How far a step goes.
    pub lr: f64,
    /// Whose reading of the rule.
    pub convention: Convention,
    /// How parameters shrink by themselves.
    pub weight_decay: WeightDecay,
    /// What [`Optimizer::step`] does to the gradients first.
    pub clip: Option<Clip>,
    steps: u64,
    /// For each parameter, an array for each of the rule's slots.
    slots: BTreeMap<String, Vec<Vec<T>>>,
}

/// What an optimiser remembers, for a checkpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState<T> {
    /// Steps taken so far.
    pub steps: u64,
    /// By names of rule, slot and parameter: `adam/m/dense/kernel`.
    pub arrays: BTreeMap<String, Vec<T>>,
}

impl<T: Scalar> Optimizer<T> {
    /// By Keras's reading, without weight decay and clipping.
    pub fn new(rule: Rule, lr: f64) -> Self {
        Self {
            rule,
            lr,
            convention: Convention::default(),
            weight_decay: WeightDecay::default(),
            clip: None,
            steps: 0,
            slots: BTreeMap::new(),
        }
    }

    /// The same by another reading.
    pub fn with_convention(mut self, convention: Convention) -> Self {
        self.convention = convention;
        self
    }

    /// The same with weight decay.
    pub fn with_weight_decay(mut self, weight_decay: WeightDecay) -> Self {
        self.weight_decay = weight_decay;
        self
    }

    /// The same with clipping.
    pub fn with_clip(mut self, clip: Clip) -> Self {
        self.clip = Some(clip);
        self
    }

    /// Steps begun so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Says that a step begins; each parameter is then updated once.
    pub fn begin_step(&mut self) {
        self.steps += 1;
    }

    /// Updates one parameter; the gradient is taken as it is, clipped or not. Panics when the
    /// lengths differ, or from those of its earlier steps.
    pub fn update(&mut self, name: &str, values: &mut [T], gradient: &[T]) {
        assert!(self.steps > 0, "update of {name} before any step began");
        let fresh = !self.slots.contains_key(name);
        if fresh {
            let array = vec![T::from_f64(self.rule.initial()); values.len()];
            let arrays = vec![array; self.rule.slots().len()];
            self.slots.insert(name.to_string(), arrays);
        }
        let slots = self.slots.get_mut(name).expect("inserted above");
        let mut state: Vec<&mut [T]> = slots.iter_mut().map(|array| &mut array[..]).collect();
        let decay = self.weight_decay.of(name);
        let moment = Moment {
            lr: self.lr,
            keep: if self.weight_decay.coupled {
                1.0
            } else {
                1.0 - self.lr * decay
            },
            step: self.steps,
            fresh,
            convention: self.convention,
        };
        if self.weight_decay.coupled && decay != 0.0 {
            let mut pulled = gradient.to_vec();
            prepare::pull(&mut pulled, values, 0.0, decay);
            self.rule.apply(&moment, values, &pulled, &mut state);
        } else {
            self.rule.apply(&moment, values, gradient, &mut state);
        }
        if self.steps.is_multiple_of(STEPS_BETWEEN_FLUSHES) {
            state.into_iter().for_each(flush_tiny);
        }
    }

    /// One step over tensors, by the gradients gathered at them; those without are left alone.
    /// The gradients stay: forget them before the next sweep with [`zero_grad`].
    pub fn step(&mut self, parameters: &[(String, Tensor<T>)]) {
        self.begin_step();
        let mut moved = Vec::new();
        for (name, tensor) in parameters {
            if let Some(gradient) = tensor.grad() {
                moved.push((name, tensor, gradient));
            }
        }
        if let Some(clip) = self.clip {
            let mut arrays: Vec<&mut [T]> = moved
                .iter_mut()
                .map(|(_, _, gradient)| gradient.make_mut())
                .collect();
            clip.apply(self.convention, &mut arrays);
        }
        for (name, tensor, gradient) in moved {
            let gradient = gradient.contiguous();
            let gradient = gradient.as_slice().expect("contiguous");
            tensor.update(|values| self.update(name, values, gradient));
        }
    }

    /// What it remembers.
    pub fn state(&self) -> OptimizerState<T> {
        let mut arrays = BTreeMap::new();
        for (parameter, slots) in &self.slots {
            for (slot, array) in self.rule.slots().iter().zip(slots) {
                let name = format!("{}/{slot}/{parameter}", self.rule.name());
                arrays.insert(name, array.clone());
            }
        }
        OptimizerState {
            steps: self.steps,
            arrays,
        }
    }

    /// Goes on from where a state was taken.
    ///
    /// Errs, leaving everything as it was, where an array belongs to another rule, or a parameter
    /// lacks one of the rule's.
    pub fn set_state(&mut self, state: OptimizerState<T>) -> Result<()> {
        let names = self.rule.slots();
        let mut found: BTreeMap<String, Vec<Option<Vec<T>>>> = BTreeMap::new();
        for (name, array) in state.arrays {
            let known = name
                .strip_prefix(self.rule.name())
                .and_then(|rest| rest.strip_prefix('/'))
                .and_then(|rest| rest.split_once('/'))
                .and_then(|(slot, parameter)| {
                    let at = names.iter().position(|&known| known == slot)?;
                    Some((at, parameter.to_string()))
                });
            let Some((at, parameter)) = known else {
                return Err(Error::UnexpectedTensor { name });
            };
            let empty = || vec![None; names.len()];
            found.entry(parameter).or_insert_with(empty)[at] = Some(array);
        }
        let mut slots = BTreeMap::new();
        for (parameter, arrays) in found {
            let mut whole = Vec::new();
            for (slot, array) in names.iter().zip(arrays) {
                let name = || format!("{}/{slot}/{parameter}", self.rule.name());
                whole.push(array.ok_or_else(|| Error::MissingTensor { name: name() })?);
            }
            slots.insert(parameter, whole);
        }
        self.slots = slots;
        self.steps = state.steps;
        Ok(())
    }
}

/// Forgets the gradients gathered at all `parameters`.
pub fn zero_grad<T: Scalar>(parameters: &[(String, Tensor<T>)]) {
    for (_, tensor) in parameters {
        tensor.zero_grad();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [fn() -> Rule; 7] = [
        || Rule::sgd(0.9, true),
        Rule::adagrad,
        Rule::adadelta,
        Rule::rmsprop,
        Rule::adam,
        Rule::lion,
        || Rule::Adam {
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            amsgrad: true,
        },
    ];

    fn steps(optimizer: &mut Optimizer<f64>, values: &mut [f64], count: usize) {
        for _ in 0..count {
            optimizer.begin_step();
            let gradient: Vec<f64> = values.iter().map(|v| v - 0.3).collect();
            optimizer.update("dense/kernel", values, &gradient);
        }
    }

    #[test]
    fn a_run_goes_on_from_its_saved_state_as_if_it_had_not_stopped() {
        for rule in RULES {
            let mut whole = Optimizer::new(rule(), 0.1);
            let mut values = [1.0, -2.0, 0.5];
            steps(&mut whole, &mut values, 3);
            let (state, mut again) = (whole.state(), values);
            steps(&mut whole, &mut values, 3);
            let mut resumed = Optimizer::new(rule(), 0.1);
            resumed.set_state(state.clone()).unwrap();
            assert_eq!(resumed.state(), state);
            steps(&mut resumed, &mut again, 3);
            assert_eq!(again, values, "{:?}", rule());
        }
    }

    #[test]
    fn a_state_of_another_rule_or_with_a_gap_is_refused() {
        let mut adam = Optimizer::new(Rule::adam(), 0.1);
        steps(&mut adam, &mut [1.0, 2.0], 1);
        let state = adam.state();
        assert!(state.arrays.contains_key("adam/m/dense/kernel"));
        let mut lion = Optimizer::<f64>::new(Rule::lion(), 0.1);
        let error = lion.set_state(state.clone()).unwrap_err();
        assert_eq!(error.code(), "unexpected_tensor");
        let mut gap = state.clone();
        gap.arrays.remove("adam/v/dense/kernel");
        let error = adam.set_state(gap).unwrap_err();
        assert_eq!(error.fields()["name"], "adam/v/dense/kernel");
        assert_eq!(adam.state(), state);
    }

    #[test]
    fn clipping_bounds_what_a_step_sees_and_leaves_the_gradients_alone() {
        let tensor = Tensor::parameter(crate::array::NdArray::from_vec(vec![3.0, 4.0], &[2]));
        tensor.backward(&crate::array::NdArray::from_vec(vec![3.0, 4.0], &[2]));
        let parameters = [("w".to_string(), tensor.clone())];
        let mut sgd = Optimizer::new(Rule::sgd(0.0, false), 1.0).with_clip(Clip::GlobalNorm(1.0));
        sgd.step(&parameters);
        let moved: Vec<f64> = tensor.value().to_vec();
        assert!((moved[0] - 2.4).abs() < 1e-12 && (moved[1] - 3.2).abs() < 1e-12);
        assert_eq!(tensor.grad().unwrap().to_vec(), [3.0, 4.0]);
    }

    #[test]
    fn parameters_that_are_excluded_do_not_decay() {
        let decay = WeightDecay {
            rate: 0.5,
            exclude: vec!["bias".into()],
            ..WeightDecay::default()
        };
        let mut sgd = Optimizer::new(Rule::sgd(0.0, false), 0.1).with_weight_decay(decay);
        sgd.begin_step();
        let (mut kernel, mut bias) = ([1.0], [1.0]);
        sgd.update("dense/kernel", &mut kernel, &[0.0]);
        sgd.update("dense/bias", &mut bias, &[0.0]);
        assert_eq!((kernel, bias), ([0.95], [1.0]));
    }
}
