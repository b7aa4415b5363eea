//! Layers, ops, the loss and optimisers against what Keras computed (tests/fixtures/take_keras.py,
//! record_keras.py).

mod common;

use std::collections::BTreeMap;

use common::ops::{check_ops, op_cases_of};
use common::{Stored, check_close};
use danlu::array::NdArray;
use danlu::autograd::{Tensor, vjp};
use danlu::layers::{Activation, Conv2d, Dense, Flatten, Layer, MaxPool2d};
use danlu::ops::{self, Conv2dOptions, MaxPool2dOptions, Padding, Reduction};
use danlu::optim::{Adam, Optimizer, Sgd};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    name: String,
    op: String,
    params: Value,
    #[serde(default)]
    inputs: BTreeMap<String, Stored>,
    #[serde(default)]
    weights: Vec<Stored>,
    #[serde(default)]
    outputs: BTreeMap<String, Stored>,
    #[serde(default)]
    cotangents: BTreeMap<String, Stored>,
    #[serde(default)]
    grads: BTreeMap<String, Stored>,
    #[serde(default)]
    w0: Vec<Stored>,
    #[serde(default)]
    grads_per_step: Vec<Vec<Stored>>,
    #[serde(default)]
    w_after_step: Vec<Vec<Stored>>,
    tol: Option<(f64, f64)>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("fixtures/keras.json")).unwrap()
}

fn pair(value: &Value) -> Option<(usize, usize)> {
    let size = |value: &Value| value.as_u64().map(|size| size as usize);
    match value {
        Value::Array(both) => Some((size(&both[0])?, size(&both[1])?)),
        value => size(value).map(|size| (size, size)),
    }
}

/// The layer of ours that a case is about.
fn layer(case: &Case) -> Option<Box<dyn Layer<f64>>> {
    let params = &case.params;
    let padding = if params["padding"] == "same" {
        Padding::Same
    } else {
        Padding::Valid
    };
    let activation = match params["activation"].as_str() {
        Some("relu") => Activation::Relu,
        Some("softmax") => Activation::Softmax,
        _ => Activation::Linear,
    };
    let weight = |index: usize| Tensor::parameter(case.weights[index].array());
    Some(match case.op.as_str() {
        "Conv2D" => Box::new(Conv2d {
            kernel: weight(0),
            bias: weight(1),
            options: Conv2dOptions {
                stride: pair(&params["strides"]).unwrap_or((1, 1)),
                padding,
                dilation: pair(&params["dilation_rate"]).unwrap_or((1, 1)),
                groups: params["groups"].as_u64().unwrap_or(1) as usize,
            },
            activation,
        }),
        "Dense" => Box::new(Dense {
            kernel: weight(0),
            bias: weight(1),
            activation,
        }),
        "MaxPooling2D" => Box::new(MaxPool2d(MaxPool2dOptions {
            size: pair(&params["pool_size"]).unwrap_or((2, 2)),
            stride: pair(&params["strides"]),
            padding,
        })),
        "Flatten" => Box::new(Flatten),
        _ => return None,
    })
}

#[test]
fn layers_and_their_gradients_are_those_of_keras() {
    let mut checked = 0;
    for case in cases() {
        let Some(layer) = layer(&case) else { continue };
        let tolerance = case.tol.unwrap_or((1e-6, 1e-7));
        let x = Tensor::parameter(case.inputs["x"].array());
        let y = layer.forward(&x).unwrap();
        check_close(&case.name, &y.value(), &case.outputs["y"], tolerance);
        let mut inputs = vec![("x", x)];
        inputs.extend(layer.parameters());
        let tensors: Vec<_> = inputs.iter().map(|(_, tensor)| tensor.clone()).collect();
        let gradients = vjp(&y, &case.cotangents["y"].array(), &tensors);
        for ((name, _), got) in inputs.iter().zip(&gradients) {
            let what = format!("{}, gradient by {name}", case.name);
            let want = case
                .grads
                .get(*name)
                .unwrap_or_else(|| panic!("{what} is not recorded"));
            check_close(&what, got, want, tolerance);
        }
        checked += 1;
    }
    assert_eq!(checked, 16);
}

#[test]
fn ops_and_their_gradients_are_those_of_keras_layers() {
    let cases = op_cases_of(include_str!("fixtures/keras_ops.json"));
    check_ops::<f64>(&cases, (1e-12, 1e-13));
    check_ops::<f32>(&cases, (1e-5, 1e-5));
}

#[test]
fn cross_entropy_and_its_gradient_are_those_of_keras() {
    let cases = cases();
    let case = cases
        .iter()
        .find(|case| case.name == "keras/scce_logits")
        .unwrap();
    let labels: Vec<u32> = case.inputs["y_true"]
        .values
        .iter()
        .map(|&label| label as u32)
        .collect();
    let logits = Tensor::parameter(case.inputs["y_pred"].array::<f64>());
    let loss = ops::cross_entropy(&logits, &labels, Reduction::Mean).unwrap();
    check_close("loss", &loss.value(), &case.outputs["y"], (1e-6, 1e-7));
    loss.backward_scalar();
    check_close(
        "gradient",
        &logits.grad().unwrap(),
        &case.grads["y_pred"],
        (1e-6, 1e-7),
    );
}

#[test]
fn optimisers_take_the_steps_of_keras() {
    let mut checked = 0;
    for case in cases()
        .iter()
        .filter(|case| case.op.starts_with("optimizers."))
    {
        let number = |name: &str, or: f64| case.params[name].as_f64().unwrap_or(or);
        let lr = number("learning_rate", f64::NAN);
        let mut optimizer: Box<dyn Optimizer<f64>> = if case.op == "optimizers.SGD" {
            let nesterov = case.params["nesterov"].as_bool().unwrap_or(false);
            Box::new(Sgd::new(lr, number("momentum", 0.0), nesterov))
        } else {
            assert_eq!(case.op, "optimizers.Adam");
            let mut adam = Adam::new(lr);
            adam.epsilon = number("epsilon", adam.epsilon);
            Box::new(adam)
        };
        let mut parameters: Vec<Vec<f64>> = case.w0.iter().map(|w| w.values.clone()).collect();
        for (gradients, after) in case.grads_per_step.iter().zip(&case.w_after_step) {
            optimizer.begin_step();
            for (index, values) in parameters.iter_mut().enumerate() {
                optimizer.update(&index.to_string(), values, &gradients[index].values);
                let got = NdArray::from_vec(values.clone(), &after[index].shape);
                check_close(
                    &case.name,
                    &got,
                    &after[index],
                    case.tol.unwrap_or((1e-5, 1e-6)),
                );
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 5);
}
