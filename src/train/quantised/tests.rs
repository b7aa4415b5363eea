use super::super::testing::REFERENCE_NET;
use super::*;
use crate::rng::Rng;

fn session(json: &str) -> Session {
    Session::new(RunSpec::from_json(json).unwrap(), 3).unwrap()
}

fn numbers(rng: &mut Rng, len: usize) -> Vec<f32> {
    (0..len).map(|_| rng.uniform_f32()).collect()
}

/// A session that has trained a little on samples whose class is where they are brightest.
fn trained(json: &str, steps: usize) -> (Session, Vec<f32>, Vec<u32>) {
    let mut session = session(json);
    let mut rng = Rng::new(5);
    let width = session.plan.network().input_len();
    let n = 64;
    let mut x = numbers(&mut rng, n * width);
    let labels: Vec<u32> = (0..n as u32).map(|i| i % 3).collect();
    for (sample, &label) in x.chunks_exact_mut(width).zip(&labels) {
        let part = width / 3;
        for value in &mut sample[label as usize * part..][..part] {
            *value += 1.5;
        }
    }
    session.train_batch(&x, &labels[..], steps).unwrap();
    (session, x, labels)
}

fn check_near(json: &str, steps: usize, near: f32) {
    let (mut session, x, labels) = trained(json, steps);
    let wanted = session.predict(&x).unwrap();
    for per_channel in [true, false] {
        for calibration in [
            Calibration::MinMax,
            Calibration::Percentile { percent: 99.99 },
            Calibration::Mse,
        ] {
            let spec = QuantiseSpec {
                per_channel,
                calibration,
            };
            let mut model = session.quantise(&spec, &x).unwrap();
            let got = model.predict(&x).unwrap();
            let worst = got
                .iter()
                .zip(&wanted)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(worst < near, "{spec:?}: off by {worst}");
            let evaluation = model.evaluate(&x, (&labels).into()).unwrap();
            let whole = session.evaluate_on(&x, &labels).unwrap();
            assert!(
                (evaluation.accuracy - whole.accuracy).abs() < 0.05,
                "{spec:?}"
            );
            assert!((evaluation.loss - whole.loss).abs() < 0.1, "{spec:?}");

            let file = model.to_bytes();
            let mut read = QuantisedModel::from_bytes(&file).unwrap();
            assert_eq!(read.logits(&x).unwrap(), model.logits(&x).unwrap());
            assert_eq!(read.to_bytes(), file);
        }
    }
}

/// Fifteen classes of three that occur; odd sizes, and a pooling that is no half.
const PLAIN: &str = r#"{"model":{"input":[11,9,2],"layers":[
    {"type":"conv2d","filters":13,"kernel":[3,2],"padding":"same","stride":[1,2],"activation":"relu"},
    {"type":"max_pool2d","size":[3,2],"stride":[2,1],"padding":"same"},
    {"type":"dropout","rate":0.2},
    {"type":"conv2d","filters":5,"kernel":[3,3],"activation":"relu"},
    {"type":"max_pool2d","size":[2,2]},
    {"type":"flatten"},
    {"type":"dense","units":17,"activation":"relu","use_bias":false},
    {"type":"dense","units":15,"activation":"softmax"}]},"optimizer":{"type":"adam","learning_rate":0.01}}"#;

/// LeNet's kind: tanh and means; a layer that is only a curve; a softmax of its own.
const CURVED: &str = r#"{"model":{"input":[9,9,1],"layers":[
    {"type":"conv2d","filters":6,"kernel":[3,3],"padding":"same","activation":"tanh"},
    {"type":"avg_pool2d","size":[2,2]},
    {"type":"flatten"},
    {"type":"dense","units":20},
    {"type":"gelu"},
    {"type":"dense","units":3},
    {"type":"softmax"}]},"optimizer":{"type":"adam","learning_rate":0.01}}"#;

/// A residual block, normalised, ending in a mean over all places.
const RESIDUAL: &str = r#"{"model":{"inputs":[{"name":"x","shape":[8,8,3]}],"nodes":[
    {"type":"conv2d","name":"stem","filters":8,"kernel":[3,3],"padding":"same","use_bias":false,"inputs":["x"]},
    {"type":"batch_normalization","name":"bn","momentum":0.5,"inputs":["stem"]},
    {"type":"relu","name":"r","inputs":["bn"]},
    {"type":"conv2d","name":"c","filters":8,"kernel":[3,3],"padding":"same","inputs":["r"]},
    {"type":"batch_normalization","name":"cn","momentum":0.5,"scale":false,"inputs":["c"]},
    {"type":"add","name":"a","inputs":["cn","r"]},
    {"type":"relu","name":"o","inputs":["a"]},
    {"type":"global_avg_pool2d","name":"g","inputs":["o"]},
    {"type":"dense","name":"d","units":3,"activation":"softmax","inputs":["g"]}],"output":"d"},
    "optimizer":{"type":"adam","learning_rate":0.01}}"#;

#[test]
fn int8_answers_nearly_as_f32_does_and_survives_a_file() {
    check_near(PLAIN, 40, 0.08);
}

#[test]
fn curves_become_tables() {
    check_near(CURVED, 40, 0.08);
}

#[test]
fn batch_normalisation_is_folded_and_branches_are_added() {
    check_near(RESIDUAL, 40, 0.12);
    let (session, x, _) = trained(RESIDUAL, 5);
    let (network, outline) = Outline::new(session.spec()).unwrap();
    let folded = float::fold(&network, &outline, &session.plan.params);
    let values = float::run(&outline, &folded, 64, &x);
    let mut session = session;
    let wanted = session.activations(&x).unwrap();
    let mean = wanted.iter().find(|layer| layer.name == "g").unwrap();
    let got = &values[values.len() - 2];
    let worst = got
        .iter()
        .zip(&mean.data)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(worst < 1e-4, "folding moved the mean by {worst}");
}

#[test]
fn layers_go_together_as_they_should() {
    let names = |json: &str| -> Vec<String> {
        let (session, x, _) = trained(json, 1);
        let spec = QuantiseSpec {
            per_channel: true,
            calibration: Calibration::MinMax,
        };
        let model = session.quantise(&spec, &x).unwrap();
        let told = |layer: &QuantisedLayer| {
            [&[layer.name.clone()], &layer.folded[..]]
                .concat()
                .join("+")
        };
        model.layers().iter().map(told).collect()
    };
    assert_eq!(
        names(PLAIN),
        [
            "conv2d",
            "max_pool2d+dropout",
            "conv2d_1+max_pool2d_1+flatten",
            "dense",
            "dense_1"
        ]
    );
    assert_eq!(names(RESIDUAL), ["stem+bn+r", "c+cn", "a+o", "g", "d"]);
}

/// The bits are the same on every machine: this hash stands for all of them.
#[test]
fn whole_numbers_give_the_same_bits_everywhere() {
    let session = session(REFERENCE_NET);
    let x: Vec<f32> = (0..8 * 784)
        .map(|i| ((i * 7919) % 1000) as f32 / 1000.0)
        .collect();
    let spec = QuantiseSpec {
        per_channel: true,
        calibration: Calibration::MinMax,
    };
    let mut model = session.quantise(&spec, &x).unwrap();
    let fold = |hash: u64, bits: u64| (hash ^ bits).wrapping_mul(0x0100_0000_01b3);
    let logits = model.logits(&x).unwrap();
    let hash = logits.iter().fold(0xcbf2_9ce4_8422_2325, |hash, x| {
        fold(hash, x.to_bits().into())
    });
    assert_eq!(format!("{hash:016x}"), "2eedcf82304b5652");
}

#[test]
fn what_has_no_int8_form_is_refused_by_name() {
    let refused = |layers: &str| {
        let json = format!(
            r#"{{"model":{{"input":[6,6,4],"layers":[{layers},{{"type":"dense","units":3,"activation":"softmax"}}]}}}}"#
        );
        let session = session(&json);
        let spec = QuantiseSpec {
            per_channel: true,
            calibration: Calibration::MinMax,
        };
        let error = session.quantise(&spec, &[0.5; 144]).err().unwrap();
        assert_eq!(error.code(), "layer_argument");
        error.fields()["layer"].as_str().unwrap().to_string()
    };
    let flat = r#"{"type":"flatten"}"#;
    assert_eq!(
        refused(&format!(
            r#"{{"type":"depthwise_conv2d","kernel":[3,3]}},{flat}"#
        )),
        "depthwise_conv2d"
    );
    assert_eq!(
        refused(&format!(
            r#"{{"type":"conv2d","filters":4,"kernel":[3,3],"groups":2}},{flat}"#
        )),
        "conv2d"
    );
    assert_eq!(
        refused(&format!(r#"{flat},{{"type":"layer_normalization"}}"#)),
        "layer_normalization"
    );
    let late = r#"{"type":"conv2d","filters":4,"kernel":[3,3],"activation":"relu"},{"type":"batch_normalization"}"#;
    assert_eq!(refused(&format!("{late},{flat}")), "batch_normalization");
}

#[test]
fn a_file_that_lies_and_a_percentile_that_is_none_are_refused() {
    let (session, x, labels) = trained(PLAIN, 1);
    let spec = |percent: f64| QuantiseSpec {
        per_channel: true,
        calibration: Calibration::Percentile { percent },
    };
    let error = session.quantise(&spec(40.0), &x).err().unwrap();
    assert_eq!(error.code(), "invalid_argument");
    let mut model = session.quantise(&spec(99.0), &x).unwrap();
    assert_eq!(
        model.predict(&x[1..]).unwrap_err().code(),
        "length_mismatch"
    );
    assert_eq!(
        model
            .evaluate(&x, (&labels[1..]).into())
            .unwrap_err()
            .code(),
        "length_mismatch"
    );
    assert_eq!(
        QuantisedModel::from_bytes(&session.weights())
            .err()
            .unwrap()
            .code(),
        "malformed_file"
    );
    let code = |change: &dyn Fn(&mut crate::formats::safetensors::Contents)| {
        let mut contents = crate::formats::safetensors::read(&model.to_bytes()).unwrap();
        change(&mut contents);
        let file = crate::formats::safetensors::write(&contents);
        QuantisedModel::from_bytes(&file).err().unwrap().code()
    };
    assert_eq!(
        code(&|c| drop(c.tensors.remove("dense/kernel"))),
        "missing_tensor"
    );
    assert_eq!(
        code(&|c| {
            let bias = c.tensors["dense/bias"].clone();
            c.tensors.insert("dense/kernel".into(), bias);
        }),
        "dtype_mismatch"
    );
    assert_eq!(
        code(&|c| {
            let scale = c.tensors.get_mut("dense/scale").unwrap();
            scale.bytes.fill(0);
        }),
        "invalid_argument"
    );
    assert_eq!(
        code(&|c| {
            let scale = c.tensors["dense/scale"].clone();
            c.tensors.insert("stranger".into(), scale);
        }),
        "unexpected_tensor"
    );
}
