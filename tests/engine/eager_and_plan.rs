//! The compiled plan and the eager tape are one network: same weights, same losses, same end.

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::formats::safetensors;
use danlu::layers::{Activation, Conv2d, Dense, Flatten, Init, MaxPool2d, Sequential};
use danlu::ops::{self, Conv2dOptions, MaxPool2dOptions, Padding, Reduction};
use danlu::optim::{Clip, Optimizer, Rule, WeightDecay, zero_grad};
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session};

const CLASSES: usize = 5;

fn conv2d(
    channels: usize,
    filters: usize,
    kernel: (usize, usize),
    options: Conv2dOptions,
    activation: Activation,
) -> Conv2d<f32> {
    let init = Init::Zeros;
    Conv2d::new(
        channels,
        filters,
        kernel,
        options,
        activation,
        init,
        &mut Rng::new(0),
    )
    .unwrap()
}

fn dense(inputs: usize, units: usize, activation: Activation) -> Dense<f32> {
    Dense::new(inputs, units, activation, Init::Zeros, &mut Rng::new(0))
}

/// Gives `net` the weights of `session`.
fn copy_weights(session: &Session, net: &Sequential<f32>) {
    let weights = safetensors::read(&session.weights()).unwrap().tensors;
    assert_eq!(weights.len(), net.parameters().len());
    for (name, stored) in &weights {
        let values = NdArray::from_vec(stored.to_f32(name).unwrap(), &stored.shape);
        net.set_parameter(name, &values).unwrap();
    }
}

/// Trains both on the same batches and compares every loss and the last weights. The last layer of
/// `net` gives logits, for the tape's loss holds the softmax.
fn check_same_curve(json: &str, net: &Sequential<f32>, mut optimizer: Optimizer<f32>) {
    let spec = RunSpec::from_json(json).unwrap();
    let [h, w, c] = spec.model.input().try_into().unwrap();
    let batch_size = spec.batch_size;
    let mut session = Session::new(spec, 3).unwrap();
    copy_weights(&session, net);
    let parameters = net.parameters();
    let mut rng = Rng::new(4);
    let mut losses = Vec::new();
    for step in 0..30 {
        // Every third batch is a short one.
        let n = if step % 3 == 2 {
            batch_size - 1
        } else {
            batch_size
        };
        let labels: Vec<u32> = (0..n).map(|_| rng.below(CLASSES) as u32).collect();
        let x: Vec<f32> = labels
            .iter()
            .flat_map(|&label| vec![label as f32 / 4.0; h * w * c])
            .map(|bright| bright + 0.5 * rng.uniform_f32() - 0.5)
            .collect();
        let report = session.train_batch(&x, &labels, 1).unwrap();

        zero_grad(&parameters);
        let logits = net
            .forward(&Tensor::constant(NdArray::from_vec(x, &[n, h, w, c])))
            .unwrap();
        let loss = ops::cross_entropy(&logits, &labels, Reduction::Mean).unwrap();
        let eager = f64::from(loss.item());
        loss.backward_scalar();
        drop((logits, loss));
        optimizer.step(&parameters);

        let off = (eager - report.loss).abs();
        assert!(
            off < 1e-4 * report.loss,
            "step {step}: eager {eager}, plan {}",
            report.loss
        );
        losses.push(eager);
    }
    assert!(
        losses[27..].iter().sum::<f64>() < losses[..3].iter().sum(),
        "it learns: {losses:?}"
    );
    let weights = safetensors::read(&session.weights()).unwrap().tensors;
    for (name, tensor) in &parameters {
        let (got, want) = (tensor.value().to_vec(), weights[name].to_f32(name).unwrap());
        let worst = got
            .iter()
            .zip(&want)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(worst < 1e-3, "{name}: weights part by {worst}");
    }
}

#[test]
fn a_net_of_the_reference_kind_follows_the_same_curve_under_adam() {
    let pool = MaxPool2dOptions {
        size: (2, 2),
        stride: None,
        padding: Padding::Valid,
    };
    let net = Sequential::new()
        .with(conv2d(
            1,
            8,
            (3, 3),
            Conv2dOptions::default(),
            Activation::Relu,
        ))
        .with(MaxPool2d(pool))
        .with(Flatten)
        .with(dense(5 * 5 * 8, 16, Activation::Relu))
        .with(dense(16, CLASSES, Activation::Linear));
    let json = r#"{"model":{"input":[12,12,1],"layers":[
        {"type":"conv2d","filters":8,"kernel":[3,3],"activation":"relu"},
        {"type":"max_pool2d","size":[2,2]},{"type":"flatten"},
        {"type":"dense","units":16,"activation":"relu"},
        {"type":"dense","units":5,"activation":"softmax"}]},
        "optimizer":{"type":"adam","learning_rate":0.003},"batch_size":8}"#;
    check_same_curve(json, &net, Optimizer::new(Rule::adam(), 0.003));
}

#[test]
fn an_odd_deep_net_follows_the_same_curve_under_momentum() {
    let same = Conv2dOptions {
        padding: Padding::Same,
        ..Conv2dOptions::default()
    };
    let strided = Conv2dOptions {
        stride: (2, 1),
        padding: Padding::Same,
        ..same
    };
    let pool = MaxPool2dOptions {
        size: (3, 2),
        stride: Some((2, 2)),
        padding: Padding::Valid,
    };
    let net = Sequential::new()
        .with(conv2d(3, 5, (3, 2), same, Activation::Relu))
        .with(conv2d(5, 7, (3, 3), strided, Activation::Linear))
        .with(MaxPool2d(pool))
        .with(Flatten)
        .with(dense(2 * 4 * 7, CLASSES, Activation::Linear));
    let json = r#"{"model":{"input":[9,8,3],"layers":[
        {"type":"conv2d","filters":5,"kernel":[3,2],"padding":"same","activation":"relu"},
        {"type":"conv2d","filters":7,"kernel":[3,3],"stride":[2,1],"padding":"same"},
        {"type":"max_pool2d","size":[3,2],"stride":[2,2]},{"type":"flatten"},
        {"type":"dense","units":5,"activation":"softmax"}]},
        "optimizer":{"type":"sgd","learning_rate":0.02,"momentum":0.9,"nesterov":true},
        "batch_size":7}"#;
    check_same_curve(json, &net, Optimizer::new(Rule::sgd(0.9, true), 0.02));
}

/// A small net under one optimiser of a run's JSON and the same of the tape.
fn check_optimizer(json: &str, optimizer: Optimizer<f32>) {
    let net = Sequential::new()
        .with(Flatten)
        .with(dense(5 * 4 * 2, 9, Activation::Relu))
        .with(dense(9, CLASSES, Activation::Linear));
    let json = format!(
        r#"{{"model":{{"input":[5,4,2],"layers":[{{"type":"flatten"}},
        {{"type":"dense","units":9,"activation":"relu"}},
        {{"type":"dense","units":5,"activation":"softmax"}}]}},
        "optimizer":{json},"batch_size":8}}"#
    );
    check_same_curve(&json, &net, optimizer);
}

#[test]
fn every_optimiser_is_the_same_on_the_tape_and_in_a_run() {
    let amsgrad = Rule::Adam {
        beta_1: 0.9,
        beta_2: 0.999,
        epsilon: 1e-7,
        amsgrad: true,
    };
    let centered = Rule::RmsProp {
        rho: 0.8,
        momentum: 0.5,
        epsilon: 1e-6,
        centered: true,
    };
    let decay = WeightDecay {
        rate: 0.1,
        exclude: vec!["bias".into()],
        ..WeightDecay::default()
    };
    let cases = [
        (
            r#"{"type":"sgd","learning_rate":0.1}"#,
            Optimizer::new(Rule::sgd(0.0, false), 0.1),
        ),
        (
            r#"{"type":"sgd","learning_rate":0.02,"momentum":0.9,"global_clipnorm":0.5}"#,
            Optimizer::new(Rule::sgd(0.9, false), 0.02).with_clip(Clip::GlobalNorm(0.5)),
        ),
        (
            r#"{"type":"adagrad","learning_rate":0.05,"clipnorm":0.3}"#,
            Optimizer::new(Rule::adagrad(), 0.05).with_clip(Clip::Norm(0.3)),
        ),
        (
            r#"{"type":"adadelta","learning_rate":5}"#,
            Optimizer::new(Rule::adadelta(), 5.0),
        ),
        (
            r#"{"type":"rmsprop","learning_rate":0.005,"clipvalue":0.02}"#,
            Optimizer::new(Rule::rmsprop(), 0.005).with_clip(Clip::Value(0.02)),
        ),
        (
            r#"{"type":"rmsprop","learning_rate":0.002,"rho":0.8,"momentum":0.5,"epsilon":1e-6,
                "centered":true}"#,
            Optimizer::new(centered, 0.002),
        ),
        (
            r#"{"type":"adam","learning_rate":0.01,"amsgrad":true}"#,
            Optimizer::new(amsgrad, 0.01),
        ),
        (
            r#"{"type":"adamw","learning_rate":0.01,"weight_decay":0.1,
                "exclude_from_weight_decay":["bias"]}"#,
            Optimizer::new(Rule::adam(), 0.01).with_weight_decay(decay),
        ),
        (
            r#"{"type":"lion","learning_rate":0.005}"#,
            Optimizer::new(Rule::lion(), 0.005),
        ),
    ];
    for (json, optimizer) in cases {
        check_optimizer(json, optimizer);
    }
}
