//! Layers, ops, losses and metrics against what Keras computed (tests/fixtures/take_keras.py,
//! record_keras.py).

use std::collections::BTreeMap;

use crate::common::ops::{check_ops, op_cases_of};
use crate::common::{Stored, check_close};
use danlu::array::NdArray;
use danlu::autograd::{Tensor, vjp};
use danlu::layers::{Activation, Conv2d, Dense, Flatten, Layer, MaxPool2d};
use danlu::ops::{self, Conv2dOptions, CrossEntropy, MaxPool2dOptions, Padding, Reduction, Target};
use danlu::train::metrics::{accuracy, top_k_accuracy};
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
    tol: Option<(f64, f64)>,
    value: Option<f64>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../fixtures/keras.json")).unwrap()
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
    let cases = op_cases_of(include_str!("../fixtures/keras_ops.json"));
    check_ops::<f64>(&cases, (1e-12, 1e-13));
    check_ops::<f32>(&cases, (1e-5, 1e-5));
}

fn labels(case: &Case) -> Vec<u32> {
    let labels = case.inputs["y_true"].values.iter();
    labels.map(|&label| label as u32).collect()
}

/// The loss of ours that a case is about.
fn loss(case: &Case, x: &Tensor<f64>) -> Option<Tensor<f64>> {
    let target = Tensor::constant(case.inputs["y_true"].array());
    let reduction = match case.params["reduction"].as_str() {
        Some("sum") => Reduction::Sum,
        _ => Reduction::Mean,
    };
    let loss = match case.op.as_str() {
        "SparseCategoricalCrossentropy" => ops::cross_entropy(x, &labels(case), reduction),
        "CategoricalCrossentropy" => CrossEntropy {
            label_smoothing: case.params["label_smoothing"].as_f64().unwrap_or(0.0),
            reduction,
            ..CrossEntropy::default()
        }
        .of(x, Target::Probabilities(&target)),
        "BinaryCrossentropy" => ops::binary_cross_entropy_with_logits(x, &target, None, reduction),
        "MeanSquaredError" => ops::mse_loss(x, &target, reduction),
        "MeanAbsoluteError" => ops::l1_loss(x, &target, reduction),
        "Huber" => ops::huber_loss(x, &target, 1.0, reduction),
        _ => return None,
    };
    let loss = loss.unwrap();
    if reduction == Reduction::Sum {
        // Keras sums over the batch what it has averaged over the last axis.
        let columns = x.shape()[1] as f64;
        return Some(ops::div(&loss, &Tensor::scalar(columns)).unwrap());
    }
    Some(loss)
}

#[test]
fn losses_and_their_gradients_are_those_of_keras() {
    let mut checked = 0;
    for case in cases() {
        let Some(x) = case.inputs.get("y_pred") else {
            continue;
        };
        let x = Tensor::parameter(x.array());
        let Some(loss) = loss(&case, &x) else {
            continue;
        };
        check_close(&case.name, &loss.value(), &case.outputs["y"], (1e-6, 1e-7));
        loss.backward_scalar();
        let what = format!("{}, gradient", case.name);
        let gradient = x.grad().unwrap();
        check_close(&what, &gradient, &case.grads["y_pred"], (1e-6, 1e-7));
        checked += 1;
    }
    assert_eq!(checked, 8);
}

#[test]
fn metrics_are_those_of_keras() {
    for (name, k) in [("sparse_categorical_accuracy", 1), ("top2", 2)] {
        let name = format!("keras/metric_{name}");
        let cases = cases();
        let case = cases.iter().find(|case| case.name == name).unwrap();
        let scores: NdArray<f32> = case.inputs["y_pred"].array();
        let (scores, labels) = (scores.to_vec(), labels(case));
        let mut shares = vec![top_k_accuracy(&scores, &labels, 4, k).unwrap()];
        if k == 1 {
            shares.push(accuracy(&scores, &labels, 4).unwrap());
        }
        for share in shares {
            assert!(
                (share - case.value.unwrap()).abs() < 1e-6,
                "{name}: {share}"
            );
        }
    }
}
