//! Whatever shapes and settings an op gets, it answers or it refuses: it never panics. Where it answers,
//! gradients have the shapes of their inputs, and how an array lies in memory changes nothing.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::common::ops::{OpCase, torch_cases};
use danlu::array::NdArray;
use danlu::autograd::check::random_input;
use danlu::autograd::{Tensor, vjp};
use danlu::ops;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// What a recorded call becomes: other sizes, other axes, another setting.
#[derive(Clone, Debug)]
enum Change {
    /// Of a tensor's axis.
    Size(usize, usize, usize),
    /// The last axis of a tensor goes.
    DropAxis(usize),
    /// A tensor gets a first axis.
    AddAxis(usize, usize),
    /// A tensor goes, and all after it.
    DropTensors(usize),
    /// One of the settings, counted from the first.
    Setting(usize, Value),
}

fn change() -> impl Strategy<Value = Change> {
    let size = prop::sample::select(vec![0, 1, 2, 3, 5, 7]);
    let values = [
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(-1),
        json!(-4),
        json!(0.5),
        json!("same"),
        json!("valid"),
        json!(true),
        json!(null),
        json!([]),
        json!([1]),
        json!([2, 1]),
        json!([0, -1, 2]),
        json!([1, 0, 2, 1]),
    ];
    let value = prop::sample::select(values.to_vec());
    prop_oneof![
        6 => (0..6usize, 0..5usize, size.clone()).prop_map(|(t, a, s)| Change::Size(t, a, s)),
        1 => (0..6usize).prop_map(Change::DropAxis),
        1 => (0..6usize, size).prop_map(|(t, s)| Change::AddAxis(t, s)),
        1 => (0..6usize).prop_map(Change::DropTensors),
        3 => (0..4usize, value).prop_map(|(s, v)| Change::Setting(s, v)),
    ]
}

/// The shapes and settings of a recorded call, changed.
fn changed(case: &OpCase, changes: &[Change]) -> (Vec<Vec<usize>>, ops::Settings) {
    let mut shapes: Vec<Vec<usize>> = case.inputs.iter().map(|x| x.shape.clone()).collect();
    let mut settings = case.settings.clone();
    for change in changes {
        match change {
            Change::Size(tensor, axis, size) => {
                if let Some(place) = shapes.get_mut(*tensor).and_then(|s| s.get_mut(*axis)) {
                    *place = *size;
                }
            }
            Change::DropAxis(tensor) => {
                if let Some(shape) = shapes.get_mut(*tensor) {
                    shape.pop();
                }
            }
            Change::AddAxis(tensor, size) => {
                if let Some(shape) = shapes.get_mut(*tensor) {
                    shape.insert(0, *size);
                }
            }
            Change::DropTensors(first) => shapes.truncate(*first),
            Change::Setting(which, value) => {
                if let Some(name) = settings.keys().nth(*which).cloned() {
                    settings.insert(name, value.clone());
                }
            }
        }
    }
    (shapes, settings)
}

/// The same values, their axes the other way round in memory.
fn turned(x: &NdArray<f64>) -> NdArray<f64> {
    x.transpose().to_owned_array().transpose()
}

type Answer = (NdArray<f64>, Vec<NdArray<f64>>);

/// The value and the gradients, if the op takes this.
fn answer(op: &str, settings: &ops::Settings, inputs: &[NdArray<f64>]) -> Option<Answer> {
    let tensors: Vec<_> = inputs.iter().cloned().map(Tensor::parameter).collect();
    let y = ops::call(op, &tensors, settings).ok()?;
    let dy = random_input(99, &y.shape());
    Some((y.value(), vjp(&y, &dy, &tensors)))
}

fn bits(x: &NdArray<f64>) -> Vec<u64> {
    x.to_vec().into_iter().map(f64::to_bits).collect()
}

#[test]
fn an_op_answers_or_refuses_whatever_it_gets() {
    let cases = torch_cases();
    let config = Config {
        cases: 6000,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let calls = (0..cases.len(), prop::collection::vec(change(), 0..4));
    let (answered, refused) = (Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new_with_rng(config, rng).run(&calls, |(case, changes)| {
        let case = &cases[case];
        let (shapes, settings) = changed(case, &changes);
        let what = format!("{} {settings:?} of {shapes:?}", case.op);
        let inputs: Vec<NdArray<f64>> = (1..)
            .zip(&shapes)
            .map(|(seed, shape)| random_input(seed, shape).map(|x| x.abs() + 0.1))
            .collect();
        let found = catch_unwind(AssertUnwindSafe(|| answer(&case.op, &settings, &inputs)));
        prop_assert!(found.is_ok(), "{what}: panicked");
        let Some((y, gradients)) = found.unwrap() else {
            refused.set(refused.get() + 1);
            return Ok(());
        };
        answered.set(answered.get() + 1);
        for (gradient, input) in gradients.iter().zip(&inputs) {
            prop_assert_eq!(gradient.shape(), input.shape(), "{}", what);
        }
        let inputs: Vec<_> = inputs.iter().map(turned).collect();
        let (other, others) = answer(&case.op, &settings, &inputs).expect("taken before");
        prop_assert_eq!(bits(&y), bits(&other), "{}, turned", what);
        for (gradient, other) in gradients.iter().zip(&others) {
            prop_assert_eq!(bits(gradient), bits(other), "{}, turned", what);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let (answered, refused) = (answered.get(), refused.get());
    println!("{answered} answered, {refused} refused");
    assert!(answered > 1000 && refused > 1000, "{answered}, {refused}");
}
