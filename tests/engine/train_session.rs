//! The session keeps its promises: one seed gives one run, weights come back as they left, and
//! what a user gets wrong is told.

use danlu::error::Error;
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session, Split, StoredTargets};

/// A small net with every kind of layer; sizes that no tile divides.
const SMALL_NET: &str = r#"{"model":{"input":[9,7,2],"layers":[
  {"type":"conv2d","filters":5,"kernel":[3,2],"activation":"relu"},
  {"type":"conv2d","filters":3,"kernel":[2,2],"stride":[1,2],"padding":"same"},
  {"type":"max_pool2d","size":[2,2]},{"type":"flatten"},
  {"type":"dense","units":11,"activation":"relu","init":"he_normal"},
  {"type":"dense","units":3,"activation":"softmax"}]},
 "batch_size":4,"augment":{"shift":1.0,"rotate_deg":5.0,"zoom":0.1}}"#;

/// Noise in which each class has a bright row of its own.
fn samples(count: usize, [h, w, c]: [usize; 3], classes: usize, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut rng = Rng::new(seed);
    let labels: Vec<u32> = (0..count).map(|i| (i % classes) as u32).collect();
    let mut images = Vec::new();
    for &label in &labels {
        for row in 0..h {
            let bright = if row / 2 == label as usize { 0.5 } else { 0.0 };
            images.extend((0..w * c).map(|_| bright + 0.5 * rng.uniform_f32()));
        }
    }
    (images, labels)
}

fn session(json: &str, seed: u64, count: usize) -> Session {
    let spec = RunSpec::from_json(json).unwrap();
    let shape: [usize; 3] = spec.model.input().try_into().unwrap();
    let mut session = Session::new(spec, seed).unwrap();
    let (images, labels) = samples(count, shape, 3, 1);
    session
        .set_data(Split::Train, images.clone(), labels.clone())
        .unwrap();
    session.set_data(Split::Validation, images, labels).unwrap();
    session
}

#[test]
fn a_run_is_the_same_however_its_steps_are_cut() {
    // 10 samples in batches of 4: the cut falls inside and across epochs.
    let mut whole = session(SMALL_NET, 7, 10);
    whole.run_steps(10).unwrap();
    let mut cut = session(SMALL_NET, 7, 10);
    for _ in 0..10 {
        cut.run_steps(1).unwrap();
    }
    assert_eq!(whole.weights(), cut.weights());
    let mut other_seed = session(SMALL_NET, 8, 10);
    other_seed.run_steps(10).unwrap();
    assert_ne!(whole.weights(), other_seed.weights());
}

#[test]
fn evaluating_and_looking_do_not_change_a_run() {
    let mut plain = session(SMALL_NET, 7, 10);
    plain.run_steps(6).unwrap();
    let mut watched = session(SMALL_NET, 7, 10);
    let (x, _) = samples(2, [9, 7, 2], 3, 5);
    for _ in 0..3 {
        watched.run_steps(2).unwrap();
        watched.evaluate(Split::Validation).unwrap();
        watched.evaluate(Split::Train).unwrap();
        watched.predict(&x).unwrap();
        watched.activations(&x).unwrap();
    }
    assert_eq!(plain.weights(), watched.weights());
}

#[test]
fn an_epoch_is_counted_when_its_last_short_batch_is_done() {
    let mut session = session(SMALL_NET, 1, 10);
    let report = session.run_steps(2).unwrap();
    assert_eq!((report.step, report.epoch, report.samples), (2, 0, 8));
    let report = session.run_steps(1).unwrap();
    assert_eq!((report.step, report.epoch, report.samples), (3, 1, 2));
    let report = session.run_steps(5).unwrap();
    assert_eq!((report.step, report.epoch, report.samples), (8, 2, 18));
}

#[test]
fn a_net_learns_what_can_be_learnt() {
    for optimizer in [
        r#"{"type":"adam","learning_rate":0.01}"#,
        r#"{"type":"sgd","learning_rate":0.05,"momentum":0.9,"nesterov":true}"#,
    ] {
        let json = SMALL_NET.replace(r#""batch_size":4"#, &format!(r#""optimizer":{optimizer}"#));
        let json = json.replace(r#""shift":1.0"#, r#""shift":0.5"#);
        let mut session = session(&json, 3, 60);
        let before = session.evaluate(Split::Validation).unwrap();
        session.run_steps(120).unwrap();
        let after = session.evaluate(Split::Validation).unwrap();
        assert!(after.accuracy > 0.95, "{optimizer}: {before:?} → {after:?}");
        assert!(
            after.loss < before.loss / 2.0,
            "{optimizer}: {before:?} → {after:?}"
        );
    }
}

#[test]
fn weights_come_back_as_they_left() {
    let mut trained = session(SMALL_NET, 7, 10);
    trained.run_steps(5).unwrap();
    let mut fresh = session(SMALL_NET, 99, 10);
    let (x, _) = samples(3, [9, 7, 2], 3, 5);
    assert_ne!(trained.predict(&x).unwrap(), fresh.predict(&x).unwrap());
    fresh.set_weights(&trained.weights()).unwrap();
    assert_eq!(trained.weights(), fresh.weights());
    assert_eq!(trained.predict(&x).unwrap(), fresh.predict(&x).unwrap());
}

#[test]
fn wrong_weights_are_refused_and_leave_the_model_alone() {
    let mut small = session(SMALL_NET, 7, 10);
    let before = small.weights();
    let wider = session(&SMALL_NET.replace("\"units\":11", "\"units\":12"), 7, 10);
    let error = small.set_weights(&wider.weights()).unwrap_err();
    assert!(matches!(error, Error::ShapeMismatch { .. }), "{error}");
    assert_eq!(small.weights(), before);
    small.set_weights(&before[..before.len() - 4]).unwrap_err();
    assert_eq!(small.weights(), before);
}

#[test]
fn evaluate_predict_and_activations_agree() {
    // More samples than the plan has room for at once.
    let mut session = session(SMALL_NET, 7, 75);
    session.run_steps(3).unwrap();
    let (x, labels) = samples(75, [9, 7, 2], 3, 1);
    let probabilities = session.predict(&x).unwrap();
    let (mut loss, mut correct) = (0.0, 0);
    for (row, &label) in probabilities.chunks(3).zip(&labels) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        loss -= f64::from(row[label as usize]).ln();
        correct += usize::from(row.iter().all(|p| *p <= row[label as usize]));
    }
    let evaluation = session.evaluate_on(&x, &labels).unwrap();
    assert_eq!(evaluation, session.evaluate(Split::Train).unwrap());
    assert_eq!(evaluation.count, 75);
    assert!((evaluation.loss - loss / 75.0).abs() < 1e-6);
    assert!((evaluation.accuracy - correct as f64 / 75.0).abs() < 1e-9);

    let activations = session.activations(&x[..2 * 126]).unwrap();
    assert_eq!(activations.last().unwrap().data, probabilities[..6]);
    for (activation, layer) in activations.iter().zip(session.layers()) {
        assert_eq!(activation.name, layer.name);
        assert_eq!(activation.shape, [&[2], &layer.output_shape[..]].concat());
        assert_eq!(
            activation.data.len(),
            activation.shape.iter().product::<usize>()
        );
    }
    let names: Vec<String> = activations.into_iter().map(|a| a.name).collect();
    assert_eq!(
        names,
        [
            "conv2d",
            "conv2d_1",
            "max_pool2d",
            "flatten",
            "dense",
            "dense_1"
        ]
    );
}

#[test]
fn one_batch_of_the_caller_s_is_trained_any_number_of_times() {
    let (x, labels) = samples(50, [9, 7, 2], 3, 1);
    let mut once = session(SMALL_NET, 7, 10);
    for _ in 0..3 {
        once.train_batch(&x, &labels, 1).unwrap();
    }
    let mut thrice = session(SMALL_NET, 7, 10);
    let report = thrice.train_batch(&x, &labels, 3).unwrap();
    assert_eq!((report.step, report.samples), (3, 150));
    assert_eq!(once.weights(), thrice.weights());
}

/// A sample that weighs 2 counts as if it stood there twice, one that weighs 0 as if it did not count.
fn check_weights(json: &str, targets: impl Fn(&[usize]) -> StoredTargets) {
    let (x, _) = samples(3, [9, 7, 2], 3, 1);
    let batch = |samples: &[usize]| {
        let rows = samples.iter().flat_map(|&i| &x[i * 126..(i + 1) * 126]);
        (rows.copied().collect::<Vec<f32>>(), targets(samples))
    };
    let run = |(x, targets): (Vec<f32>, StoredTargets), weights: Vec<f32>| {
        let mut session = Session::new(RunSpec::from_json(json).unwrap(), 7).unwrap();
        let report = match &targets {
            StoredTargets::Labels(labels) => session.train_batch_weighed(&x, labels, weights, 3),
            StoredTargets::Values(values) => session.train_batch_weighed(&x, values, weights, 3),
            StoredTargets::Taught(_) => unreachable!("no teacher is given here"),
        };
        (session.predict(&x[..126]).unwrap(), report.unwrap().loss)
    };
    let (weighed, loss) = run(batch(&[0, 1, 2]), vec![2.0, 0.0, 1.0]);
    let (repeated, same) = run(batch(&[0, 0, 2]), vec![1.0; 3]);
    for (a, b) in weighed.iter().zip(&repeated) {
        assert!((a - b).abs() < 1e-5, "{weighed:?} and {repeated:?}");
    }
    assert!((loss - same).abs() < 1e-5, "{loss} and {same}");
    let (plain, _) = run(batch(&[0, 1, 2]), vec![1.0; 3]);
    assert!(
        plain
            .iter()
            .zip(&weighed)
            .any(|(a, b)| (a - b).abs() > 1e-4)
    );
}

#[test]
fn samples_count_by_their_weights() {
    let net = |loss: &str, end: &str| {
        format!(
            r#"{{"model":{{"input":[9,7,2],"layers":[{{"type":"flatten"}},
            {{"type":"dense","units":3,"activation":"{end}"}}]}},"loss":{loss},"batch_size":3,
            "optimizer":{{"type":"sgd","learning_rate":0.1}}}}"#
        )
    };
    let labels = |samples: &[usize]| {
        let labels = samples.iter().map(|&i| (2 - i) as u32);
        StoredTargets::Labels(labels.collect())
    };
    let smooth = r#"{"type":"categorical_cross_entropy","label_smoothing":0.1}"#;
    check_weights(&net(r#""categorical_cross_entropy""#, "softmax"), labels);
    check_weights(&net(smooth, "softmax"), labels);
    let values = |samples: &[usize]| {
        let values = samples
            .iter()
            .flat_map(|&i| [i as f32, 0.5, 1.0 - i as f32]);
        StoredTargets::Values(values.collect())
    };
    check_weights(&net(r#""mean_squared_error""#, "linear"), values);
    check_weights(&net(r#""binary_cross_entropy""#, "sigmoid"), |samples| {
        let values = samples
            .iter()
            .flat_map(|&i| [(i == 1) as u32 as f32, 1.0, 0.0]);
        StoredTargets::Values(values.collect())
    });
}

#[test]
fn a_weight_too_few_is_refused() {
    let (x, labels) = samples(50, [9, 7, 2], 3, 1);
    let mut run = session(SMALL_NET, 7, 10);
    let refused = run.train_batch_weighed(&x, &labels, vec![1.0; 49], 1);
    assert_eq!(refused.unwrap_err().code(), "length_mismatch");
}

#[test]
fn samples_that_do_not_fit_are_refused() {
    let mut session = Session::new(RunSpec::from_json(SMALL_NET).unwrap(), 1).unwrap();
    let code = |result: danlu::error::Result<()>| result.unwrap_err().code();
    assert_eq!(code(session.run_steps(1).map(drop)), "no_data");
    assert_eq!(
        code(session.evaluate(Split::Validation).map(drop)),
        "no_data"
    );
    assert_eq!(
        code(session.predict(&[0.0; 125]).map(drop)),
        "length_mismatch"
    );
    assert_eq!(code(session.predict(&[]).map(drop)), "length_mismatch");
    let x = vec![0.0; 252];
    assert_eq!(
        code(session.set_data(Split::Train, x.clone(), vec![0])),
        "length_mismatch"
    );
    assert_eq!(
        code(session.set_data(Split::Train, vec![], Vec::<u32>::new())),
        "length_mismatch"
    );
    assert_eq!(
        code(session.set_data(Split::Train, x.clone(), vec![0, 3])),
        "label_out_of_range"
    );
    session.set_data(Split::Train, x, vec![0, 2]).unwrap();
    assert_eq!(code(session.run_steps(0).map(drop)), "invalid_argument");
    assert_eq!(
        code(session.set_learning_rate(f64::NAN)),
        "invalid_argument"
    );
}
