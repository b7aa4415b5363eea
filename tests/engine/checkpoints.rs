//! A run that was written down and taken up again is the unbroken one, to the bit.

use danlu::error::Error;
use danlu::formats::safetensors;
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session, Split, Team};

/// Everything that a run remembers: moments, a schedule, moving means, noise, augmentation.
const NET: &str = r#"{"model":{"input":[8,7,2],"layers":[
  {"type":"conv2d","filters":5,"kernel":[3,3],"padding":"same"},
  {"type":"batch_normalization"},{"type":"relu"},{"type":"max_pool2d","size":[2,2]},
  {"type":"dropout","rate":0.3},{"type":"flatten"},
  {"type":"dense","units":6,"activation":"tanh"},
  {"type":"dense","units":3,"activation":"softmax"}]},
  "optimizer":{"type":"adam","learning_rate":0.01},
  "schedule":{"type":"exponential","decay_steps":5,"decay_rate":0.9},
  "reduce_on_plateau":{"patience":1},"early_stopping":{"monitor":"loss","patience":3},
  "batch_size":4,"augment":{"shift":1.0,"rotate_deg":5.0,"zoom":0.1}}"#;

fn session(seed: u64, shards: usize) -> Session {
    let team = Team::new(shards, 1, 0).unwrap();
    Session::in_team(RunSpec::from_json(NET).unwrap(), seed, team).unwrap()
}

fn set_data(session: &mut Session) {
    let mut rng = Rng::new(2);
    let x: Vec<f32> = (0..10 * 112).map(|_| rng.uniform_f32()).collect();
    let labels: Vec<u32> = (0..10).map(|i| i % 3).collect();
    session
        .set_data(Split::Train, x.clone(), labels.clone())
        .unwrap();
    session.set_data(Split::Validation, x, labels).unwrap();
}

/// Some steps and an evaluation that the run hears of.
fn train(session: &mut Session, steps: usize) -> String {
    let report = session.run_steps(steps).unwrap();
    let evaluation = session.evaluate(Split::Validation).unwrap();
    let observation = session.observe(&evaluation);
    format!("{report:?} {evaluation:?} {observation:?}")
}

#[test]
fn a_resumed_run_equals_the_unbroken_one_to_the_bit() {
    for shards in [1, 4] {
        // 10 samples in batches of 4: the cut falls inside an epoch.
        let mut whole = session(7, shards);
        set_data(&mut whole);
        train(&mut whole, 7);
        whole.set_trainable("dense", false).unwrap();
        train(&mut whole, 4);
        let file = whole.checkpoint().unwrap();
        let told: Vec<String> = (0..3).map(|_| train(&mut whole, 5)).collect();
        for data_first in [true, false] {
            let mut resumed = session(99, shards);
            if data_first {
                set_data(&mut resumed);
                resumed.run_steps(2).unwrap();
            }
            resumed.restore(&file).unwrap();
            if !data_first {
                set_data(&mut resumed);
            }
            assert!(
                resumed.checkpoint().unwrap() == file,
                "{shards} shards, {data_first}"
            );
            let again: Vec<String> = (0..3).map(|_| train(&mut resumed, 5)).collect();
            assert_eq!(again, told, "{shards} shards, {data_first}");
            assert!(resumed.checkpoint().unwrap() == whole.checkpoint().unwrap());
        }
    }
}

#[test]
fn a_checkpoint_s_weights_load_as_weights_and_weights_are_no_checkpoint() {
    let mut trained = session(7, 1);
    set_data(&mut trained);
    train(&mut trained, 5);
    let mut fresh = session(8, 1);
    fresh.set_weights(&trained.checkpoint().unwrap()).unwrap();
    assert!(fresh.weights() == trained.weights());
    let error = fresh.restore(&trained.weights()).unwrap_err();
    assert_eq!(
        (error.code(), &error.fields()["expected"]),
        ("malformed_file", &"danlu.run".into())
    );
}

#[test]
fn a_file_that_does_not_fit_is_told_by_name_and_changes_nothing() {
    let mut trained = session(7, 1);
    set_data(&mut trained);
    train(&mut trained, 5);
    let file = trained.checkpoint().unwrap();
    let contents = safetensors::read(&file).unwrap();
    let kernel = "conv2d/kernel";
    let moment = contents
        .tensors
        .keys()
        .find(|name| name.ends_with("/m"))
        .unwrap()
        .clone();
    let other = safetensors::StoredTensor::from_f32(&[3, 3, 2, 4], &[0.0; 72]);
    let mut refuse = |edit: &dyn Fn(&mut safetensors::Contents)| {
        let mut edited = contents.clone();
        edit(&mut edited);
        let error = trained.restore(&safetensors::write(&edited)).unwrap_err();
        assert!(trained.checkpoint().unwrap() == file, "{error}");
        error
    };
    let error = refuse(&|c| drop(c.tensors.insert(kernel.into(), other.clone())));
    let (expected, got) = (vec![3, 3, 2, 5], vec![3, 3, 2, 4]);
    assert_eq!(
        error,
        Error::ShapeMismatch {
            place: kernel.into(),
            expected,
            got
        }
    );
    let error = refuse(&|c| drop(c.tensors.remove(&moment)));
    assert_eq!(error.code(), "missing_tensor");
    let error = refuse(&|c| drop(c.tensors.insert("more".into(), other.clone())));
    assert_eq!(
        error,
        Error::UnexpectedTensor {
            name: "more".into()
        }
    );
}
