//! Ops at the edges: what PyTorch makes of NaN, infinities, ties, huge numbers, axes of size 1 and
//! nothing at all (tests/fixtures/record_torch_edges.py), and what is refused instead.

use crate::common::ops::{OpCase, check_ops, op_cases_of};
use danlu::autograd::Tensor;
use danlu::autograd::check::random_input;
use danlu::ops;
use serde_json::{Value, json};

/// Gradients in which the engine differs on purpose, as the docstrings say.
const OTHERWISE: [(&str, usize); 5] = [
    // At NaN: 0 and NaN, where PyTorch passes dy on.
    ("relu special", 0),
    ("elu special", 0),
    // At NaN: NaN, where PyTorch has 0.
    ("l1_loss special", 0),
    ("l1_loss special", 1),
    // By a target of 0: the limit −∞, where PyTorch has NaN.
    ("kl_div of no share", 1),
];

fn edges() -> Vec<OpCase> {
    let mut cases = op_cases_of(include_str!("../fixtures/torch_edges.json"));
    for (name, gradient) in OTHERWISE {
        let case = cases.iter_mut().find(|case| case.name == name);
        case.expect("a recorded case").gradients[gradient] = None;
    }
    cases
}

#[test]
fn edges_are_those_of_torch_in_f64() {
    check_ops::<f64>(&edges(), (1e-12, 1e-13));
}

#[test]
fn edges_are_those_of_torch_in_f32() {
    check_ops::<f32>(&edges(), (1e-5, 1e-5));
}

/// Panics unless the op refuses inputs of these shapes, with this code and, for an invalid argument,
/// naming this one.
fn check_refused(op: &str, settings: Value, shapes: &[&[usize]], code: &str, argument: &str) {
    let inputs: Vec<Tensor<f64>> = (1..)
        .zip(shapes)
        .map(|(seed, shape)| Tensor::parameter(random_input(seed, shape)))
        .collect();
    let what = format!("{op} {settings} of {shapes:?}");
    let error = ops::call(op, &inputs, settings.as_object().unwrap())
        .err()
        .unwrap_or_else(|| panic!("{what} was not refused"));
    assert_eq!(error.code(), code, "{what}: {error}");
    if code == "invalid_argument" {
        assert_eq!(error.fields()["argument"], argument, "{what}: {error}");
    }
}

#[test]
fn windows_that_fit_nowhere_are_refused() {
    let check = |op, settings, shapes: &[&[usize]], argument| {
        check_refused(op, settings, shapes, "invalid_argument", argument);
    };
    let (image, kernel): (&[usize], &[usize]) = (&[1, 3, 3, 4], &[4, 2, 4, 4]);
    check("conv2d", json!({}), &[image, kernel], "kernel");
    check(
        "conv2d",
        json!({"stride": 0}),
        &[image, &[1, 1, 4, 4]],
        "stride",
    );
    check("conv2d", json!({"groups": 3}), &[image, kernel], "groups");
    check("conv2d", json!({"groups": 0}), &[image, kernel], "groups");
    check(
        "conv2d",
        json!({"dilation": 0}),
        &[image, kernel],
        "dilation",
    );
    check(
        "conv2d",
        json!({}),
        &[&[1, 0, 3, 4], &[1, 1, 4, 4]],
        "kernel",
    );
    check("conv2d", json!({}), &[image, &[0, 1, 4, 4]], "kernel");
    check("conv1d", json!({}), &[&[1, 2, 4], &[3, 4, 4]], "kernel");
    check(
        "conv_transpose2d",
        json!({"groups": 3}),
        &[image, &[2, 2, 1, 4]],
        "groups",
    );
    check("max_pool2d", json!({"size": 4}), &[image], "kernel");
    check("avg_pool2d", json!({"size": [2, 4]}), &[image], "kernel");
    check(
        "max_pool2d",
        json!({"size": 2, "padding": 2}),
        &[image],
        "padding",
    );
    check(
        "avg_pool2d",
        json!({"size": 2, "padding": 2}),
        &[image],
        "padding",
    );
    for op in ["adaptive_avg_pool2d", "adaptive_max_pool2d"] {
        check(op, json!({"size": 0}), &[image], "size");
        check(op, json!({"size": 1}), &[&[1, 0, 3, 4]], "size");
    }
    check("global_avg_pool2d", json!({}), &[&[1, 0, 3, 4]], "size");
}

#[test]
fn groups_and_heads_that_do_not_divide_are_refused() {
    let check = |op, settings, shapes: &[&[usize]], argument| {
        check_refused(op, settings, shapes, "invalid_argument", argument);
    };
    check("group_norm", json!({"groups": 3}), &[&[2, 4]], "groups");
    let (three, two): (&[usize], &[usize]) = (&[3, 2, 4], &[2, 2, 4]);
    let attention = "scaled_dot_product_attention";
    check(attention, json!({}), &[three, two, two], "heads of q");
    check(attention, json!({}), &[two, three, three], "heads of q");
    let mask: &[usize] = &[3, 2];
    check_refused(
        attention,
        json!({}),
        &[two, two, two, mask],
        "shape_mismatch",
        "",
    );
}

#[test]
fn indices_and_labels_that_name_nothing_are_refused() {
    let table: &[usize] = &[5, 2];
    for index in [5, -1] {
        let settings = json!({"indices": [0, index]});
        check_refused("embedding", settings, &[table], "index_out_of_range", "");
    }
    let (logits, code): (&[usize], _) = (&[2, 3], "label_out_of_range");
    check_refused(
        "cross_entropy",
        json!({"labels": [0, 3]}),
        &[logits],
        code,
        "",
    );
    check_refused(
        "cross_entropy",
        json!({"labels": [0, -1]}),
        &[logits],
        code,
        "",
    );
    let other = json!({"labels": [0, -100], "ignore_index": 2});
    check_refused("cross_entropy", other, &[logits], code, "");
    let none: &[usize] = &[2, 0];
    let code = "invalid_argument";
    check_refused("cross_entropy", json!({}), &[none, none], code, "classes");
    let few = json!({"labels": [0, 1], "weights": [1.0]});
    check_refused("cross_entropy", few, &[logits], "length_mismatch", "");
}

#[test]
fn settings_beyond_their_range_are_refused() {
    let pair: [&[usize]; 2] = [&[2, 3], &[2, 3]];
    let check = |op, settings, shapes: &[&[usize]], argument| {
        check_refused(op, settings, shapes, "invalid_argument", argument);
    };
    check("dropout", json!({"rate": 1, "seed": 1}), &pair[..1], "rate");
    check("huber_loss", json!({"delta": 0}), &pair, "delta");
    let labels = json!({"labels": [0, 1], "label_smoothing": 1.5});
    check("cross_entropy", labels, &pair[..1], "label_smoothing");
    check(
        "mse_loss",
        json!({"reduction": "median"}),
        &pair,
        "reduction",
    );
    check("layer_norm", json!({"epsilon": -1}), &pair[..1], "epsilon");
    let empty: [&[usize]; 3] = [&[0, 3], &[3], &[3]];
    check("batch_norm", json!({"training": true}), &empty, "x");
    let alone: [&[usize]; 3] = [&[1, 3], &[3], &[3]];
    check("batch_norm_statistics", json!({}), &alone, "x");
}
