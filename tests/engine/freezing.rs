//! Frozen layers stay as they are, to the byte, while others learn.

use danlu::formats::safetensors::read;
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session};

const NET: &str = r#"{"model":{"input":[6,6,2],"layers":[
  {"type":"conv2d","filters":5,"kernel":[3,3],"name":"stem"TRAINABLE},
  {"type":"batch_normalization","name":"norm"TRAINABLE},{"type":"relu"},
  {"type":"flatten"},{"type":"dropout","rate":0.25},
  {"type":"dense","units":7,"activation":"tanh","name":"middle"},
  {"type":"dense","units":3,"activation":"softmax","name":"head"}]},
  "optimizer":{"type":"adam","learning_rate":0.01}}"#;

fn session(frozen: bool) -> Session {
    let flag = if frozen { r#","trainable":false"# } else { "" };
    Session::new(
        RunSpec::from_json(&NET.replace("TRAINABLE", flag)).unwrap(),
        9,
    )
    .unwrap()
}

fn batch() -> (Vec<f32>, Vec<u32>) {
    let mut rng = Rng::new(2);
    let x = (0..12 * 72)
        .map(|_| rng.uniform_f32() * 2.0 - 1.0)
        .collect();
    (x, (0..12).map(|i| i % 3).collect())
}

/// The names of the weights whose bytes differ.
fn changed(before: &[u8], after: &[u8]) -> Vec<String> {
    let [before, after] = [before, after].map(|file| read(file).unwrap().tensors);
    let differs = before
        .iter()
        .filter(|(name, tensor)| after[*name].bytes != tensor.bytes);
    differs.map(|(name, _)| name.clone()).collect()
}

#[test]
fn frozen_layers_keep_every_byte_and_the_rest_learns() {
    let (x, labels) = batch();
    let mut session = session(true);
    let (before, first) = (session.weights(), session.evaluate_on(&x, &labels).unwrap());
    session.train_batch(&x, &labels, 20).unwrap();
    let rest = ["head/bias", "head/kernel", "middle/bias", "middle/kernel"];
    assert_eq!(changed(&before, &session.weights()), rest);
    assert!(session.evaluate_on(&x, &labels).unwrap().loss < first.loss);
}

#[test]
fn a_layer_is_frozen_and_freed_in_the_middle_of_a_run() {
    let (x, labels) = batch();
    let mut session = session(false);
    session.train_batch(&x, &labels, 3).unwrap();
    let before = session.weights();
    session.set_trainable("middle", false).unwrap();
    session.train_batch(&x, &labels, 5).unwrap();
    let moved = changed(&before, &session.weights());
    assert!(
        !moved.iter().any(|name| name.starts_with("middle")),
        "{moved:?}"
    );
    assert!(
        ["stem/kernel", "norm/moving_mean", "head/bias"]
            .iter()
            .all(|name| moved.contains(&name.to_string()))
    );
    session.set_trainable("middle", true).unwrap();
    let before = session.weights();
    session.train_batch(&x, &labels, 1).unwrap();
    assert_eq!(
        changed(&before, &session.weights()).len(),
        read(&before).unwrap().tensors.len()
    );
    let error = session.set_trainable("dense", false).unwrap_err();
    assert_eq!(
        error.fields()["expected"],
        "stem, norm, relu, flatten, dropout, middle, head"
    );
}

#[test]
fn a_frozen_batch_normalisation_answers_in_training_as_in_evaluation() {
    // Without dropout the loss of a step is then that of the evaluation before it.
    let json = NET.replace(r#"{"type":"dropout","rate":0.25},"#, "");
    let (x, labels) = batch();
    for (frozen, same) in [(r#","trainable":false"#, true), ("", false)] {
        let spec = RunSpec::from_json(&json.replace("TRAINABLE", frozen)).unwrap();
        let mut session = Session::new(spec, 9).unwrap();
        let evaluated = session.evaluate_on(&x, &labels).unwrap().loss;
        let trained = session.train_batch(&x, &labels, 1).unwrap().loss;
        assert_eq!(
            (evaluated - trained).abs() < 1e-6,
            same,
            "{evaluated} and {trained}"
        );
    }
}

#[test]
fn counts_tell_what_learns() {
    let layers = session(true).layers();
    let counts: Vec<_> = layers
        .iter()
        .map(|l| (l.parameters, l.trainable_parameters))
        .collect();
    assert_eq!(
        counts,
        [
            (95, 0),
            (20, 0),
            (0, 0),
            (0, 0),
            (0, 0),
            (567, 567),
            (24, 24)
        ]
    );
    assert!(
        session(true)
            .summary()
            .contains("Non-trainable params: 115")
    );
}
