//! Strategies of a training run: what its JSON may say, and what the run then does.

use danlu::data::check_labels;
use danlu::error::Error;
use danlu::formats::safetensors;
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session, Split};
use serde_json::{Value, json};

/// A run on twelve numbers and three classes, with these fields beside the model's.
fn run(fields: Value) -> Value {
    let mut run = json!({
        "model": {"input": [12], "layers": [
            {"type": "dense", "units": 7, "activation": "relu"},
            {"type": "dense", "units": 3, "activation": "softmax"},
        ]},
        "batch_size": 6,
    });
    let object = run.as_object_mut().unwrap();
    object.extend(fields.as_object().unwrap().clone());
    run
}

fn session(fields: Value) -> Session {
    let spec = RunSpec::from_json(&run(fields).to_string()).unwrap();
    let mut session = Session::new(spec, 5).unwrap();
    let (x, labels) = samples(30, 1);
    session.set_data(Split::Train, x, labels).unwrap();
    let (x, labels) = samples(30, 2);
    session.set_data(Split::Validation, x, labels).unwrap();
    session
}

fn samples(count: usize, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut rng = Rng::new(seed);
    let labels: Vec<u32> = (0..count).map(|i| (i % 3) as u32).collect();
    check_labels(&labels, 3).unwrap();
    let bright = |label: u32, i: usize| if i / 4 == label as usize { 0.7 } else { 0.0 };
    let image = |&label: &u32| {
        (0..12)
            .map(|i| bright(label, i) + 0.3 * rng.uniform_f32())
            .collect::<Vec<_>>()
    };
    (labels.iter().flat_map(image).collect(), labels)
}

fn weights(session: &Session, name: &str) -> Vec<f32> {
    let tensors = safetensors::read(&session.weights()).unwrap().tensors;
    tensors[name].to_f32(name).unwrap()
}

fn check_refused(fields: Value, code: &str, expected: Value) {
    let error = RunSpec::from_json(&run(fields.clone()).to_string())
        .and_then(|spec| Session::new(spec, 1).map(drop))
        .expect_err(&fields.to_string());
    assert_eq!(error.code(), code, "{error}");
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&error.fields()[name], value, "{name} of {error}");
    }
}

#[test]
fn mistakes_are_told_with_place_expected_and_got() {
    check_refused(
        json!({"optimizer": {"type": "adam", "beta_1": 1.0}}),
        "invalid_argument",
        json!({"place": "optimizer", "argument": "beta_1", "expected": ">= 0, < 1", "got": "1.0"}),
    );
    check_refused(
        json!({"optimizer": {"type": "adamax"}}),
        "unknown_name",
        json!({"place": "optimizer", "got": "adamax",
            "expected": "adam, adamw, sgd, rmsprop, adagrad, adadelta, lion"}),
    );
    check_refused(
        json!({"optimizer": {"learning_rate": 0.1}}),
        "missing_field",
        json!({"place": "optimizer", "field": "type"}),
    );
    check_refused(
        json!({"optimizer": {"type": "sgd", "clipnorm": 1, "clipvalue": 1}}),
        "invalid_argument",
        json!({"argument": "clipvalue + clipnorm + global_clipnorm", "got": "2"}),
    );
    check_refused(
        json!({"schedule": {"type": "warmup", "then": {"type": "cosine", "decay_steps": 0}}}),
        "invalid_argument",
        json!({"place": "schedule then", "argument": "decay_steps", "got": "0"}),
    );
    check_refused(
        json!({"schedule": {"type": "piecewise", "boundaries": [3, 5], "factors": [1, 0.1]}}),
        "invalid_argument",
        json!({"argument": "factors", "expected": "3 numbers"}),
    );
    check_refused(
        json!({"schedule": {"type": "step", "gamma": 0.5}}),
        "unknown_field",
        json!({"place": "schedule", "field": "gamma", "expected": "every, factor"}),
    );
    check_refused(
        json!({"reduce_on_plateau": {"factor": "half"}}),
        "invalid_argument",
        json!({"place": "reduce_on_plateau", "expected": "> 0, < 1", "got": "\"half\""}),
    );
    check_refused(
        json!({"early_stopping": {"monitor": "f1"}}),
        "unknown_name",
        json!({"place": "early_stopping", "expected": "loss, accuracy", "got": "f1"}),
    );
    check_refused(
        json!({"regularizers": [{"type": "l2", "parameters": ["embedding"]}]}),
        "unknown_name",
        json!({"place": "regularizers 0", "got": "embedding"}),
    );
    check_refused(
        json!({"constraints": [{"axes": [0, 2]}]}),
        "invalid_argument",
        json!({"place": "constraints 0", "argument": "axes", "got": "[0, 2]"}),
    );
    check_refused(
        json!({"constraints": [{"axes": [2]}]}),
        "invalid_argument",
        json!({"argument": "axes", "expected": "axes of dense/kernel [12, 7]"}),
    );
}

#[test]
fn a_strategy_survives_json_with_its_defaults_written_out() {
    let fields = json!({
        "optimizer": {"type": "adamw", "global_clipnorm": 1, "exclude_from_weight_decay": ["bias"]},
        "schedule": {"type": "warmup", "steps": 3, "then": "cosine"},
        "reduce_on_plateau": {},
        "early_stopping": {"monitor": "accuracy"},
        "regularizers": ["l1", {"type": "l1_l2", "l1": 0.5, "parameters": ["bias"]}],
        "constraints": ["max_norm"],
    });
    let spec = RunSpec::from_json(&run(fields).to_string()).unwrap();
    assert_eq!(RunSpec::from_json(&spec.to_json()).unwrap(), spec);
    let written: Value = serde_json::from_str(&spec.to_json()).unwrap();
    assert_eq!(written["optimizer"]["weight_decay"], 0.004);
    assert_eq!(written["schedule"]["then"]["decay_steps"], 1000);
    assert_eq!(written["reduce_on_plateau"]["patience"], 10);
    assert_eq!(written["early_stopping"]["monitor"], "accuracy");
    assert_eq!(written["regularizers"][0]["l1"], 0.01);
    assert_eq!(written["constraints"][0]["max_value"], 2.0);
}

#[test]
fn numbers_of_a_run_made_in_rust_are_checked_as_json_s_are() {
    let mut spec = RunSpec::from_json(&run(json!({})).to_string()).unwrap();
    spec.optimizer.learning_rate = f64::NAN;
    let error = Session::new(spec, 1).err().unwrap();
    assert_eq!(error.code(), "invalid_argument");
    assert_eq!(error.fields()["argument"], "learning_rate");
}

#[test]
fn every_initialiser_is_named_in_json_with_its_numbers() {
    for (init, first) in [
        (json!("zeros"), Some(0.0)),
        (json!("ones"), Some(1.0)),
        (json!({"type": "constant", "value": 0.25}), Some(0.25)),
        (json!({"type": "uniform", "low": 2, "high": 2.5}), None),
        (json!({"type": "normal", "mean": 2, "stddev": 0.01}), None),
        (
            json!({"type": "truncated_normal", "mean": 2, "stddev": 0.01}),
            None,
        ),
        (json!("glorot_normal"), None),
        (json!("he_uniform"), None),
        (json!("he_normal"), None),
        (json!("lecun_uniform"), None),
        (json!("lecun_normal"), None),
        (json!({"type": "orthogonal", "gain": 2}), None),
    ] {
        let mut json = run(json!({}));
        json["model"]["layers"][0]["init"] = init.clone();
        let spec = RunSpec::from_json(&json.to_string()).unwrap();
        assert_eq!(RunSpec::from_json(&spec.to_json()).unwrap(), spec, "{init}");
        let kernel = weights(&Session::new(spec, 1).unwrap(), "dense/kernel");
        if let Some(first) = first {
            assert!(kernel.iter().all(|&w| w == first), "{init}");
        } else if init["type"] == "orthogonal" {
            let squares: f32 = kernel.iter().map(|w| w * w).sum();
            assert!((squares - 4.0 * 7.0).abs() < 1e-4, "{squares}");
        } else if init.is_object() {
            assert!(kernel.iter().all(|w| (1.9..2.6).contains(w)), "{init}");
        }
        assert!(
            kernel.windows(2).all(|w| w[0] != w[1]) != first.is_some(),
            "{init}"
        );
    }
}

#[test]
fn the_rate_in_force_stands_in_each_report() {
    let mut session = session(json!({
        "optimizer": {"type": "sgd", "learning_rate": 0.4},
        "schedule": {"type": "warmup", "steps": 2, "from": 0.5,
            "then": {"type": "step", "every": 2, "factor": 0.5}},
    }));
    let mut rates = Vec::new();
    for _ in 0..6 {
        rates.push(session.run_steps(1).unwrap().learning_rate);
    }
    for (got, want) in rates.iter().zip([0.2, 0.3, 0.4, 0.4, 0.2, 0.2]) {
        assert!((got - want).abs() < 1e-12, "{rates:?}");
    }
    session.set_learning_rate(1.0).unwrap();
    assert_eq!(session.run_steps(1).unwrap().learning_rate, 0.25);
}

#[test]
fn one_cycle_changes_the_momentum_of_a_run() {
    let cycle = |momentum: bool| {
        let mut session = session(json!({
            "optimizer": {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9},
            "schedule": {"type": "one_cycle", "total_steps": 20, "cycle_momentum": momentum},
        }));
        session.run_steps(20).unwrap();
        session.weights()
    };
    assert_ne!(cycle(true), cycle(false));
}

#[test]
fn gathered_batches_move_the_parameters_as_one_batch_of_their_size_does() {
    let (x, labels) = samples(12, 3);
    let optimizer = json!({"type": "sgd", "learning_rate": 0.1, "momentum": 0.9});
    let mut whole = session(json!({"optimizer": optimizer}));
    let mut gathering = optimizer;
    gathering["gradient_accumulation_steps"] = json!(3);
    let mut parts = session(json!({"optimizer": gathering}));
    for _ in 0..4 {
        whole.train_batch(&x, &labels, 1).unwrap();
        let before = parts.weights();
        for part in 0..3 {
            assert!(parts.weights() == before, "no step before the third batch");
            let (x, labels) = (
                &x[48 * part..48 * (part + 1)],
                &labels[4 * part..4 * (part + 1)],
            );
            parts.train_batch(x, labels, 1).unwrap();
        }
    }
    for name in ["dense/kernel", "dense_1/bias"] {
        for (a, b) in weights(&whole, name).iter().zip(weights(&parts, name)) {
            assert!((a - b).abs() < 1e-5, "{name}: {a}, {b}");
        }
    }
}

/// Loss of one batch, before a step, by hand: from the probabilities that the run predicts.
fn loss_by_hand(run: &mut Session, target: impl Fn(u32, usize) -> f64) -> f64 {
    let (x, labels) = samples(6, 3);
    let probabilities = run.predict(&x).unwrap();
    let rows = probabilities.chunks(3).zip(&labels);
    let losses = rows.flat_map(|(row, &label)| {
        let target = &target;
        (0..3).map(move |class| -target(label, class) * f64::from(row[class]).ln())
    });
    losses.sum::<f64>() / 6.0
}

#[test]
fn labels_are_smoothed_and_classes_weighted_as_keras_does() {
    let (x, labels) = samples(6, 3);
    let loss = json!({"type": "categorical_cross_entropy", "label_smoothing": 0.3,
        "class_weights": [0.5, 2, 0]});
    let mut run = session(json!({"loss": loss}));
    let smooth = |label: u32, class: usize| 0.1 + if label as usize == class { 0.7 } else { 0.0 };
    let weights = [0.5, 2.0, 0.0];
    let judged = loss_by_hand(&mut run, smooth);
    let trained = loss_by_hand(&mut run, |label, class| {
        weights[label as usize] * smooth(label, class)
    });
    let evaluated = run.evaluate_on(&x, &labels).unwrap().loss;
    assert!((evaluated - judged).abs() < 1e-5, "{evaluated}, {judged}");
    let reported = run.train_batch(&x, &labels, 1).unwrap().loss;
    assert!((reported - trained).abs() < 1e-5, "{reported}, {trained}");
    let after = loss_by_hand(&mut run, |label, class| {
        weights[label as usize] * smooth(label, class)
    });
    assert!(after < trained, "{trained} → {after}");
    check_refused(
        json!({"loss": {"type": "categorical_cross_entropy", "class_weights": [1, 2]}}),
        "invalid_argument",
        json!({"place": "loss", "argument": "class_weights", "expected": "3 numbers"}),
    );
    check_refused(
        json!({"loss": {"type": "huber", "label_smoothing": 0.1}}),
        "unknown_field",
        json!({"place": "loss", "field": "label_smoothing"}),
    );
}

#[test]
fn penalties_are_part_of_the_loss_and_pull_the_parameters_to_zero() {
    let regularizers = json!([{"type": "l1_l2", "l1": 0.1, "l2": 0.2}]);
    let mut plain = session(json!({}));
    let mut held = session(json!({"regularizers": regularizers}));
    let kernels: Vec<f32> = ["dense/kernel", "dense_1/kernel"]
        .iter()
        .flat_map(|name| weights(&plain, name))
        .collect();
    let cost: f64 = kernels
        .iter()
        .map(|&w| f64::from(w))
        .map(|w| 0.1 * w.abs() + 0.2 * w * w)
        .sum();
    let losses = [&mut plain, &mut held].map(|run| run.evaluate(Split::Train).unwrap().loss);
    assert!(
        (losses[1] - losses[0] - cost).abs() < 1e-5,
        "{losses:?}, {cost}"
    );
    let losses = [&mut plain, &mut held].map(|run| run.run_steps(1).unwrap().loss);
    assert!(
        (losses[1] - losses[0] - cost).abs() < 1e-5,
        "{losses:?}, {cost}"
    );
    for run in [&mut plain, &mut held] {
        run.run_steps(100).unwrap();
    }
    let size =
        |run: &Session| -> f32 { weights(run, "dense/kernel").iter().map(|w| w.abs()).sum() };
    assert!(
        size(&held) < 0.8 * size(&plain),
        "{} {}",
        size(&held),
        size(&plain)
    );
}

#[test]
fn a_limit_holds_the_norm_of_the_weights_into_each_unit() {
    let constraints = json!([{"type": "max_norm", "max_value": 0.5, "axes": [0]}]);
    let mut session = session(json!({"constraints": constraints}));
    session.run_steps(10).unwrap();
    let kernel = weights(&session, "dense/kernel");
    for unit in 0..7 {
        let norm: f32 = kernel.iter().skip(unit).step_by(7).map(|w| w * w).sum();
        assert!(norm.sqrt() <= 0.5 + 1e-6, "{}", norm.sqrt());
    }
}

#[test]
fn a_run_stops_in_time_and_ends_with_its_best_weights() {
    let mut session = session(json!({
        "early_stopping": {"patience": 2, "restore_best_weights": true},
        "reduce_on_plateau": {"patience": 1, "factor": 0.5},
    }));
    let mut evaluation = session.evaluate(Split::Validation).unwrap();
    let first = session.observe(&evaluation);
    assert!(first.improved && !first.stop);
    let best = session.weights();
    session.run_steps(3).unwrap();
    evaluation.loss += 1.0;
    let second = session.observe(&evaluation);
    assert_eq!(
        (second.improved, second.stop, second.waited),
        (false, false, 1)
    );
    assert_eq!(second.learning_rate, 0.0005);
    assert!(session.weights() != best);
    let third = session.observe(&evaluation);
    assert!(third.stop);
    assert!(session.weights() == best);
    assert_eq!(session.run_steps(1).unwrap().learning_rate, 0.00025);
}

#[test]
fn a_run_goes_on_from_the_state_of_its_optimiser() {
    let fields = json!({
        "optimizer": {"type": "adam", "amsgrad": true, "gradient_accumulation_steps": 2},
        "schedule": {"type": "exponential", "decay_steps": 5, "decay_rate": 0.5},
        "reduce_on_plateau": {"patience": 1},
    });
    let (x, labels) = samples(6, 4);
    let mut whole = session(fields.clone());
    let evaluation = whole.evaluate(Split::Validation).unwrap();
    whole.observe(&evaluation);
    whole.train_batch(&x, &labels, 3).unwrap();
    let (weights, state) = (whole.weights(), whole.optimizer_state());
    assert!(state.arrays.contains_key("adam/largest"));
    whole.observe(&evaluation);
    let rate = whole.train_batch(&x, &labels, 3).unwrap().learning_rate;

    let mut resumed = session(fields);
    resumed.set_weights(&weights).unwrap();
    resumed.set_optimizer_state(state.clone()).unwrap();
    assert_eq!(resumed.optimizer_state(), state);
    resumed.observe(&evaluation);
    let again = resumed.train_batch(&x, &labels, 3).unwrap().learning_rate;
    assert_eq!(rate, again);
    assert!(resumed.weights() == whole.weights());

    let mut other = session(json!({"optimizer": "lion"}));
    let error = other.set_optimizer_state(state.clone()).unwrap_err();
    assert!(matches!(error, Error::MissingTensor { .. }), "{error}");
    let mut longer = state;
    longer.arrays.get_mut("adam/m").unwrap().push(0.0);
    let error = resumed.set_optimizer_state(longer).unwrap_err();
    assert_eq!(error.code(), "length_mismatch");
}
