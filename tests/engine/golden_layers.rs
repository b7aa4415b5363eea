//! The layers of training runs against Keras's (tests/fixtures/take_keras_layers.py) and, with rotary
//! positions, PyTorch's (record_torch_rotary.py): answers, the gradients of weights, moving statistics
//! and counts.

use std::collections::BTreeMap;

use danlu::formats::safetensors::{Contents, StoredTensor, read, write};
use danlu::train::{Network, RunSpec, Session};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Case {
    name: String,
    op: String,
    params: Map<String, Value>,
    inputs: BTreeMap<String, Stored>,
    #[serde(default)]
    weights: Vec<Stored>,
    outputs: BTreeMap<String, Stored>,
    #[serde(default)]
    cotangents: BTreeMap<String, Stored>,
    #[serde(default)]
    grads: BTreeMap<String, Stored>,
    #[serde(default)]
    moving_after: BTreeMap<String, Stored>,
}

#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    name: String,
    s: Vec<usize>,
    v: Vec<f64>,
}

impl Stored {
    fn f32s(&self) -> Vec<f32> {
        self.v.iter().map(|&v| v as f32).collect()
    }
}

fn cases() -> Vec<Case> {
    let recorded = [
        include_str!("../fixtures/keras_layers.json"),
        include_str!("../fixtures/torch_rotary.json"),
    ];
    let read = |file: &&str| serde_json::from_str::<Vec<Case>>(file).unwrap();
    recorded.iter().flat_map(read).collect()
}

/// Keras's layer in our words.
fn layer(case: &Case) -> Value {
    let kind = match &case.op[..] {
        "Conv2D" => "conv2d",
        "DepthwiseConv2D" => "depthwise_conv2d",
        "SeparableConv2D" => "separable_conv2d",
        "Conv2DTranspose" => "conv2d_transpose",
        "Dense" => "dense",
        "MaxPooling2D" => "max_pool2d",
        "AveragePooling2D" => "avg_pool2d",
        "GlobalAveragePooling2D" => "global_avg_pool2d",
        "GlobalMaxPooling2D" => "global_max_pool2d",
        "Flatten" => "flatten",
        "BatchNormalization" => "batch_normalization",
        "LayerNormalization" => "layer_normalization",
        "RotaryAttention" => "multi_head_attention",
        "Dropout" => "dropout",
        "Embedding" => "embedding",
        "LeakyReLU" => "leaky_relu",
        "ZeroPadding2D" => "zero_padding2d",
        other => panic!("{other} has no counterpart"),
    };
    let mut fields = Map::from_iter([
        ("type".to_string(), json!(kind)),
        ("name".to_string(), json!("it")),
    ]);
    for (key, value) in &case.params {
        let (key, pair) = match &key[..] {
            "kernel_size" => ("kernel", true),
            "pool_size" => ("size", true),
            "strides" => ("stride", true),
            "dilation_rate" => ("dilation", true),
            other => (other, false),
        };
        let value = match value {
            Value::Number(size) if pair => json!([size, size]),
            Value::Array(rows) if kind == "zero_padding2d" => {
                json!(
                    rows.iter()
                        .flat_map(|row| row.as_array().unwrap())
                        .collect::<Vec<_>>()
                )
            }
            other => other.clone(),
        };
        fields.insert(key.into(), value);
    }
    Value::Object(fields)
}

/// A run of the layer alone, with the golden weights.
fn session(case: &Case) -> Session {
    let x = &case.inputs["x"];
    let spec = json!({
        "model": {"input": x.s[1..], "layers": [layer(case)]},
        "loss": "mean_squared_error", "optimizer": {"type": "sgd", "learning_rate": 1.0},
    });
    let mut session = Session::new(RunSpec::from_json(&spec.to_string()).unwrap(), 1).unwrap();
    let weight = |w: &Stored| {
        (
            format!("it/{}", w.name),
            StoredTensor::from_f32(&w.s, &w.f32s()),
        )
    };
    let tensors = case.weights.iter().map(weight).collect();
    let metadata = BTreeMap::new();
    session
        .set_weights(&write(&Contents { tensors, metadata }))
        .unwrap();
    session
}

fn check_close(what: &str, got: &[f32], want: &Stored) {
    assert_eq!(got.len(), want.v.len(), "{what}");
    for (at, (&got, &want)) in got.iter().zip(&want.v).enumerate() {
        let off = (f64::from(got) - want).abs();
        assert!(
            off <= 2e-5 + 2e-5 * want.abs(),
            "{what} at {at}: got {got}, expected {want}"
        );
    }
}

#[test]
fn layers_answer_as_keras_s_do() {
    for case in cases()
        .iter()
        .filter(|case| case.name != "keras/batchnorm_train")
    {
        let y = session(case).predict(&case.inputs["x"].f32s()).unwrap();
        check_close(&case.name, &y, &case.outputs["y"]);
    }
}

/// One step of descent at rate 1 on a squared error whose slope is the cotangent moves each weight
/// by its gradient.
#[test]
fn gradients_of_weights_are_those_of_keras() {
    for case in cases().iter().filter(|case| !case.weights.is_empty()) {
        let (y, dy) = (&case.outputs["y"], &case.cotangents["y"]);
        let (samples, x) = (y.s[0], case.inputs["x"].f32s());
        let per_sample = y.v.len() / samples;
        // Keras's gradients of inference don't exist for a layer that trains.
        if case.name == "keras/batchnorm_infer" {
            continue;
        }
        // d/dy of (y − t)² / (samples · per_sample) is 2 (y − t) / (samples · per_sample).
        let half = (samples * per_sample) as f64 / 2.0;
        let targets: Vec<f32> =
            y.v.iter()
                .zip(&dy.v)
                .map(|(y, dy)| (y - dy * half) as f32)
                .collect();
        let mut session = session(case);
        session.train_batch(&x, &targets, 1).unwrap();
        let after = read(&session.weights()).unwrap().tensors;
        for weight in &case.weights {
            let name = format!("it/{}", weight.name);
            let after = after[&name].to_f32(&name).unwrap();
            let what = format!("{} {}", case.name, weight.name);
            if let Some(moved) = case.moving_after.get(&weight.name) {
                check_close(&what, &after, moved);
                continue;
            }
            let before = weight.f32s();
            let moved = before
                .iter()
                .zip(&after)
                .map(|(before, after)| before - after);
            let gradient = &case.grads[&weight.name];
            for (at, (got, &want)) in moved.zip(&gradient.v).enumerate() {
                let off = (f64::from(got) - want).abs();
                assert!(
                    off <= 1e-4 + 1e-4 * want.abs(),
                    "{what} at {at}: got {got}, expected {want}"
                );
            }
        }
    }
}

fn counts(model: &Value) -> (usize, usize) {
    let spec = json!({"model": model, "loss": "mean_squared_error", "batch_size": 1});
    let network = Network::new(&RunSpec::from_json(&spec.to_string()).unwrap()).unwrap();
    let trainable = network
        .layers
        .iter()
        .map(|layer| layer.parameter_counts().1)
        .sum();
    (network.parameter_count(), trainable)
}

fn check_counts(input: Value, layers: Value, total: usize, trainable: usize) {
    let got = counts(&json!({"input": input, "layers": layers}));
    assert_eq!(got, (total, trainable), "{layers}");
}

/// The numbers of `Layer.count_params()` and of its trainable weights in Keras 3.
#[test]
fn each_layer_has_keras_s_number_of_parameters() {
    let image = || json!([8, 8, 6]);
    let one = |layer: Value| json!([layer]);
    let square = |kind: &str| json!({"type": kind, "filters": 10, "kernel": [3, 3]});
    check_counts(image(), one(square("conv2d")), 550, 550);
    check_counts(
        image(),
        one(json!({"type": "conv2d", "filters": 10, "kernel": [3, 3], "groups": 2})),
        280,
        280,
    );
    check_counts(
        image(),
        one(json!({"type": "conv2d", "filters": 10, "kernel": [3, 3], "use_bias": false})),
        540,
        540,
    );
    check_counts(
        image(),
        one(json!({"type": "depthwise_conv2d", "kernel": [3, 3], "depth_multiplier": 2})),
        120,
        120,
    );
    check_counts(image(), one(square("separable_conv2d")), 54 + 60 + 10, 124);
    check_counts(image(), one(square("conv2d_transpose")), 550, 550);
    check_counts(
        json!([8, 6]),
        one(json!({"type": "conv1d", "filters": 10, "kernel": 3})),
        190,
        190,
    );
    check_counts(image(), one(json!({"type": "batch_normalization"})), 24, 12);
    check_counts(
        image(),
        one(json!({"type": "batch_normalization", "scale": false})),
        18,
        6,
    );
    check_counts(
        image(),
        one(json!({"type": "batch_normalization", "trainable": false})),
        24,
        0,
    );
    check_counts(image(), one(json!({"type": "layer_normalization"})), 12, 12);
    check_counts(image(), one(json!({"type": "rms_normalization"})), 6, 6);
    check_counts(
        image(),
        one(json!({"type": "group_normalization", "groups": 3})),
        12,
        12,
    );
    check_counts(
        json!([5]),
        one(json!({"type": "embedding", "input_dim": 100, "output_dim": 16})),
        1600,
        1600,
    );
    check_counts(
        json!([8, 6]),
        one(json!({"type": "position_embedding"})),
        48,
        48,
    );
    check_counts(
        json!([8, 6]),
        one(json!({"type": "dense", "units": 10})),
        70,
        70,
    );
    let heads = json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 4});
    check_counts(json!([8, 6]), one(heads), 3 * (6 * 8 + 8) + 8 * 6 + 6, 222);
    for kind in ["max_pool2d", "avg_pool2d"] {
        check_counts(image(), one(json!({"type": kind, "size": [2, 2]})), 0, 0);
    }
    for kind in [
        "flatten",
        "global_avg_pool2d",
        "zero_padding2d",
        "relu",
        "softmax",
    ] {
        check_counts(image(), one(json!({"type": kind})), 0, 0);
    }
}

/// `keras.applications.VGG16(include_top=False).summary()`: 14,714,688.
#[test]
fn vgg16_has_its_known_number_of_parameters() {
    let mut layers = Vec::new();
    for (block, count) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..count {
            layers.push(json!({"type": "conv2d", "filters": block, "kernel": [3, 3],
                "padding": "same", "activation": "relu"}));
        }
        layers.push(json!({"type": "max_pool2d", "size": [2, 2]}));
    }
    check_counts(json!([224, 224, 3]), json!(layers), 14_714_688, 14_714_688);
}

/// `keras.applications.MobileNet(include_top=False).summary()`: 3,228,864, of which 21,888 don't
/// train.
#[test]
fn mobile_net_has_its_known_number_of_parameters() {
    let norm = || {
        [
            json!({"type": "batch_normalization"}),
            json!({"type": "relu"}),
        ]
    };
    let mut layers = vec![
        json!({"type": "conv2d", "filters": 32, "kernel": [3, 3], "stride": [2, 2],
        "padding": "same", "use_bias": false}),
    ];
    layers.extend(norm());
    let blocks = [
        64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024,
    ];
    for (number, filters) in blocks.into_iter().enumerate() {
        let stride = if [1, 3, 5, 11].contains(&number) {
            2
        } else {
            1
        };
        layers.push(
            json!({"type": "depthwise_conv2d", "kernel": [3, 3], "stride": [stride, stride],
            "padding": "same", "use_bias": false}),
        );
        layers.extend(norm());
        layers.push(
            json!({"type": "conv2d", "filters": filters, "kernel": [1, 1], "use_bias": false}),
        );
        layers.extend(norm());
    }
    check_counts(
        json!([224, 224, 3]),
        json!(layers),
        3_228_864,
        3_228_864 - 21_888,
    );
}

/// `keras.applications.ResNet50(include_top=False).summary()`: 23,587,712, of which 53,120 don't
/// train.
#[test]
fn res_net_50_has_its_known_number_of_parameters() {
    struct Nodes(Vec<Value>);
    impl Nodes {
        fn add(&mut self, inputs: &[&str], mut layer: Value) -> String {
            let name = format!("n{}", self.0.len());
            layer["name"] = json!(name);
            layer["inputs"] = json!(inputs);
            self.0.push(layer);
            name
        }

        fn conv(&mut self, x: &str, filters: usize, kernel: usize, stride: usize) -> String {
            let x = self.add(
                &[x],
                json!({"type": "conv2d", "filters": filters, "padding": "same",
                "kernel": [kernel, kernel], "stride": [stride, stride]}),
            );
            self.add(
                &[&x],
                json!({"type": "batch_normalization", "epsilon": 1.001e-5}),
            )
        }

        fn relu(&mut self, x: &str) -> String {
            self.add(&[x], json!({"type": "relu"}))
        }
    }
    let mut nodes = Nodes(Vec::new());
    let mut x = nodes.conv("image", 64, 7, 2);
    x = nodes.relu(&x);
    x = nodes.add(
        &[&x],
        json!({"type": "max_pool2d", "size": [3, 3], "stride": [2, 2], "padding": "same"}),
    );
    for (filters, count, first) in [(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)] {
        for block in 0..count {
            let stride = if block == 0 { first } else { 1 };
            let short = if block == 0 {
                nodes.conv(&x, 4 * filters, 1, stride)
            } else {
                x.clone()
            };
            let mut y = nodes.conv(&x, filters, 1, stride);
            y = nodes.relu(&y);
            y = nodes.conv(&y, filters, 3, 1);
            y = nodes.relu(&y);
            y = nodes.conv(&y, 4 * filters, 1, 1);
            y = nodes.add(&[&short, &y], json!({"type": "add"}));
            x = nodes.relu(&y);
        }
    }
    let inputs = json!([{"name": "image", "shape": [224, 224, 3]}]);
    let model = json!({"inputs": inputs, "nodes": nodes.0, "output": x});
    assert_eq!(counts(&model), (23_587_712, 23_587_712 - 53_120));
}
