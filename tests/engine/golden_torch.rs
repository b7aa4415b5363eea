//! Ops and a small net against what PyTorch computed (tests/fixtures/record_torch*.py,
//! take_torch.py).

use std::collections::BTreeMap;

use crate::common::ops::{check_ops, torch_cases};
use crate::common::{Stored, check_close};
use danlu::autograd::{Scalar, Tensor};
use danlu::layers::{Activation, Conv2d, Dense, Flatten, Init, MaxPool2d, Sequential};
use danlu::ops::{self, Conv2dOptions, MaxPool2dOptions, Padding, Reduction};
use danlu::optim::{Optimizer, Rule, zero_grad};
use danlu::rng::Rng;
use serde::Deserialize;

#[test]
fn every_op_and_its_gradients_are_those_of_torch_in_f64() {
    check_ops::<f64>(&torch_cases(), (1e-12, 1e-13));
}

#[test]
fn every_op_and_its_gradients_are_those_of_torch_in_f32() {
    check_ops::<f32>(&torch_cases(), (1e-5, 1e-5));
}

#[test]
fn no_op_is_left_out() {
    // Dropout draws numbers of our own.
    let cases = torch_cases();
    for &name in ops::NAMES.iter().filter(|&&name| name != "dropout") {
        assert!(
            cases.iter().any(|case| case.op == name),
            "{name} has no case"
        );
    }
}

#[derive(Deserialize)]
struct NetCase {
    optimiser: serde_json::Value,
    x: Stored,
    labels: Vec<u32>,
    start: BTreeMap<String, Stored>,
    first_gradients: BTreeMap<String, Stored>,
    losses: Vec<f64>,
    end: BTreeMap<String, Stored>,
}

/// The net that record_torch.py trains.
fn small_net<T: Scalar>() -> Sequential<T> {
    let mut rng = Rng::new(1);
    let mut conv = |channels, filters, kernel, activation| {
        let options = Conv2dOptions::default();
        Conv2d::new(
            channels,
            filters,
            kernel,
            options,
            activation,
            Init::HeNormal,
            &mut rng,
        )
        .unwrap()
    };
    let first = conv(1, 4, (3, 3), Activation::Relu);
    let second = conv(4, 3, (2, 2), Activation::Tanh);
    let pool = MaxPool2dOptions {
        size: (2, 2),
        stride: None,
        padding: Padding::Valid,
    };
    Sequential::new()
        .with(first)
        .with(MaxPool2d(pool))
        .with(second)
        .with(Flatten)
        .with(Dense::new(
            12,
            6,
            Activation::Relu,
            Init::HeUniform,
            &mut rng,
        ))
        .with(Dense::new(
            6,
            3,
            Activation::Linear,
            Init::GlorotNormal,
            &mut rng,
        ))
}

fn check_net<T: Scalar>(tolerance: (f64, f64)) {
    let cases: Vec<NetCase> =
        serde_json::from_str(include_str!("../fixtures/torch_net.json")).unwrap();
    for case in cases {
        let net = small_net::<T>();
        for (name, values) in &case.start {
            net.set_parameter(name, &values.array()).unwrap();
        }
        let momentum = case.optimiser["momentum"].as_f64().unwrap();
        let lr = case.optimiser["lr"].as_f64().unwrap();
        let mut sgd = Optimizer::new(Rule::sgd(momentum, false), lr);
        let parameters = net.parameters();
        let x = Tensor::constant(case.x.array());
        for (step, &want) in case.losses.iter().enumerate() {
            zero_grad(&parameters);
            let logits = net.forward(&x).unwrap();
            let loss = ops::cross_entropy(&logits, &case.labels, Reduction::Mean).unwrap();
            let want = Stored {
                shape: vec![],
                values: vec![want],
            };
            check_close(
                &format!("loss of step {step}"),
                &loss.value(),
                &want,
                tolerance,
            );
            loss.backward_scalar();
            drop((logits, loss));
            if step == 0 {
                for (name, tensor) in &parameters {
                    let want = &case.first_gradients[name];
                    check_close(name, &tensor.grad().unwrap(), want, tolerance);
                }
            }
            sgd.step(&parameters);
        }
        for (name, tensor) in &parameters {
            check_close(name, &tensor.value(), &case.end[name], tolerance);
        }
    }
}

#[test]
fn a_small_net_learns_along_the_curve_of_torch_in_f64() {
    check_net::<f64>((1e-11, 1e-12));
}

#[test]
fn a_small_net_learns_along_the_curve_of_torch_in_f32() {
    check_net::<f32>((1e-4, 1e-5));
}
