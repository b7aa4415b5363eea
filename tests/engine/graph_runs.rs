//! Networks that are no chain: what they compute, and how their gradients flow together.

use danlu::rng::Rng;
use danlu::train::{RunSpec, Session};

fn run(model: &str, rest: &str) -> RunSpec {
    RunSpec::from_json(&format!(r#"{{"model":{model}{rest}}}"#)).unwrap()
}

fn session(model: &str, rest: &str) -> Session {
    Session::new(run(model, rest), 5).unwrap()
}

fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut rng = Rng::new(seed);
    (0..count).map(|_| rng.uniform_f32() - 0.5).collect()
}

const MSE: &str = r#","loss":"mean_squared_error","optimizer":{"type":"sgd","learning_rate":0.1}"#;

#[test]
fn a_chain_written_as_a_graph_trains_to_the_same_bytes() {
    let chain = r#"{"input":[8,9,1],"layers":[
      {"type":"conv2d","filters":5,"kernel":[3,3],"activation":"relu"},
      {"type":"max_pool2d","size":[2,2]},{"type":"flatten"},
      {"type":"dense","units":3,"activation":"softmax"}]}"#;
    let graph = r#"{"inputs":[{"name":"input","shape":[8,9,1]}],"nodes":[
      {"type":"dense","units":3,"activation":"softmax","inputs":["flatten"]},
      {"type":"flatten","inputs":["max_pool2d"]},
      {"type":"max_pool2d","size":[2,2],"inputs":["conv2d"]},
      {"type":"conv2d","filters":5,"kernel":[3,3],"activation":"relu","inputs":["input"]}],
      "output":"dense"}"#;
    let x = noise(6 * 72, 1);
    let [chain, graph] = [chain, graph].map(|model| {
        let mut session = session(model, "");
        let report = session.train_batch(&x, &[0, 1, 2, 0, 1, 2], 10).unwrap();
        (session.weights(), report, session.layers())
    });
    assert!(chain.0 == graph.0, "the weights differ");
    assert_eq!((chain.1, chain.2), (graph.1, graph.2));
}

#[test]
fn a_graph_survives_json() {
    let model = r#"{"inputs":[{"name":"a","shape":[4]},{"name":"b","shape":[4]}],"nodes":[
      {"type":"add","name":"sum","inputs":["a","b"]},
      {"type":"dense","units":2,"activation":"softmax","inputs":["sum"]}],"output":"dense"}"#;
    let spec = run(model, "");
    assert_eq!(RunSpec::from_json(&spec.to_json()).unwrap(), spec);
}

/// Holds the gradient of every weight to the loss: along a step of descent the loss falls by the
/// step times the mean of the gradients at both its ends.
fn check_descent(model: &str, x: &[f32], targets: &[f32]) {
    let rate = 1e-3;
    let rest = format!(
        r#","loss":"mean_squared_error","optimizer":{{"type":"sgd","learning_rate":{rate}}}"#
    );
    let mut session = session(model, &rest);
    let flat = |session: &Session| -> Vec<f64> {
        let file = danlu::formats::safetensors::read(&session.weights()).unwrap();
        let tensors = file.tensors.iter();
        let values = tensors.flat_map(|(name, tensor)| tensor.to_f32(name).unwrap());
        values.map(f64::from).collect()
    };
    let mut step = || {
        let before = flat(&session);
        let loss = session.train_batch(x, targets, 1).unwrap().loss;
        let moved = flat(&session);
        let way: Vec<f64> = before.iter().zip(moved).map(|(a, b)| a - b).collect();
        (loss, way)
    };
    let ((loss, first), (after, second)) = (step(), step());
    let along = |way: &[f64]| -> f64 { first.iter().zip(way).map(|(a, b)| a * b).sum() };
    let expected = (along(&first) + along(&second)) / (2.0 * rate);
    assert!(expected > 1e-6, "the gradient vanishes: {expected}");
    let off = (loss - after - expected).abs() / expected;
    assert!(
        off < 0.02,
        "{model}: fell by {}, not {expected}",
        loss - after
    );
}

#[test]
fn gradients_of_a_value_used_twice_are_summed() {
    let residual = r#"{"inputs":[{"name":"x","shape":[5]}],"nodes":[
      {"type":"dense","name":"stem","units":4,"activation":"tanh","inputs":["x"]},
      {"type":"dense","name":"a","units":4,"activation":"tanh","inputs":["stem"]},
      {"type":"dense","name":"b","units":4,"activation":"sigmoid","inputs":["a"]},
      {"type":"add","name":"sum","inputs":["stem","b","a"]},
      {"type":"multiply","name":"gate","inputs":["sum","b","sum"]},
      {"type":"concatenate","name":"both","inputs":["gate","stem","gate"]},
      {"type":"dense","name":"end","units":2,"inputs":["both"]}],"output":"end"}"#;
    check_descent(residual, &noise(35, 2), &noise(14, 3));
}

#[test]
fn two_inputs_are_taken_one_after_the_other() {
    let model = r#"{"inputs":[{"name":"image","shape":[4,4,2]},{"name":"more","shape":[3]}],
      "nodes":[
      {"type":"conv2d","filters":3,"kernel":[3,3],"activation":"relu","inputs":["image"]},
      {"type":"flatten","inputs":["conv2d"]},
      {"type":"dense","name":"side","units":2,"activation":"gelu","inputs":["more"]},
      {"type":"concatenate","inputs":["flatten","side"]},
      {"type":"dense","name":"end","units":2,"inputs":["concatenate"]}],"output":"end"}"#;
    let (x, targets) = (noise(6 * 35, 4), noise(12, 5));
    check_descent(model, &x, &targets);
    let mut session = session(model, MSE);
    let answer = session.predict(&x[..35]).unwrap();
    let mut other = x[..35].to_vec();
    other[34] += 1.0;
    assert_ne!(
        session.predict(&other).unwrap(),
        answer,
        "the last number is seen"
    );
    let names: Vec<String> = session
        .layers()
        .into_iter()
        .map(|layer| layer.name)
        .collect();
    assert_eq!(names, ["conv2d", "flatten", "side", "concatenate", "end"]);
    let shown = session.activations(&x[..70]).unwrap();
    assert_eq!(shown[3].shape, [2, 14]);
    assert_eq!(shown[3].data[12..14], shown[2].data[..2]);
}

#[test]
fn regression_learns_a_line_and_knows_no_accuracy() {
    for loss in ["mean_squared_error", "mean_absolute_error", "huber"] {
        let rest =
            format!(r#","loss":"{loss}","optimizer":{{"type":"adam","learning_rate":0.02}}"#);
        let mut session = session(
            r#"{"input":[2],"layers":[{"type":"dense","units":1}]}"#,
            &rest,
        );
        let x = noise(128, 6);
        let targets: Vec<f32> = x.chunks(2).map(|x| 2.0 * x[0] - x[1] + 0.5).collect();
        let report = session.train_batch(&x, &targets, 600).unwrap();
        let after = session.evaluate_on(&x, &targets).unwrap();
        assert!(after.loss < 0.02, "{loss}: {after:?}");
        assert!(report.accuracy.is_nan() && after.accuracy.is_nan());
    }
}

#[test]
fn a_sigmoid_is_judged_by_its_logits() {
    let rest = r#","loss":"binary_cross_entropy","optimizer":{"type":"adam","learning_rate":0.05}"#;
    let model = r#"{"input":[2],"layers":[{"type":"dense","units":1,"activation":"sigmoid"}]}"#;
    let mut session = session(model, rest);
    let x = noise(128, 7);
    let targets: Vec<f32> = x
        .chunks(2)
        .map(|x| f32::from(u8::from(x[0] > x[1])))
        .collect();
    session.train_batch(&x, &targets, 300).unwrap();
    let after = session.evaluate_on(&x, &targets).unwrap();
    assert!(after.accuracy > 0.95, "{after:?}");
    let mut loss = 0.0;
    for (p, t) in session.predict(&x).unwrap().iter().zip(&targets) {
        loss -= f64::from(if *t == 1.0 { *p } else { 1.0 - p }).ln() / 64.0;
    }
    assert!(
        (after.loss - loss).abs() < 1e-5,
        "{} and {loss}",
        after.loss
    );
}

#[test]
fn what_does_not_fit_the_loss_is_refused() {
    let model = r#"{"input":[2],"layers":[{"type":"dense","units":2}]}"#;
    let error = |rest: &str| Session::new(run(model, rest), 1).err().unwrap();
    assert_eq!(error("").fields()["expected"], "softmax");
    assert_eq!(
        error(r#","loss":"binary_cross_entropy""#).fields()["expected"],
        "sigmoid"
    );
    let mut session = session(model, MSE);
    let code = |result: danlu::error::Result<danlu::train::Evaluation>| result.unwrap_err().code();
    assert_eq!(
        code(session.evaluate_on(&[0.0; 2], &[1u32])),
        "length_mismatch"
    );
    assert_eq!(
        code(session.evaluate_on(&[0.0; 2], &[1u32, 1])),
        "dtype_mismatch"
    );
}

/// A net for each kind of layer, whose gradients must all be right for the loss to fall as told.
#[test]
fn every_layer_s_gradients_are_those_of_the_loss() {
    let image = |layers: &str| {
        format!(
            r#"{{"input":[5,6,4],"layers":[
            {{"type":"conv2d","filters":4,"kernel":[1,1],"activation":"tanh"}},{layers},
            {{"type":"flatten"}},{{"type":"dense","units":2}}]}}"#
        )
    };
    let layers = [
        r#"{"type":"conv2d","filters":6,"kernel":[3,2],"stride":[2,1],"padding":[1,0,2,1],"groups":2,"activation":"silu"}"#,
        r#"{"type":"conv2d","filters":3,"kernel":[2,2],"dilation":[2,3],"use_bias":false,"activation":"softplus"}"#,
        r#"{"type":"depthwise_conv2d","kernel":[3,3],"padding":"same","depth_multiplier":2,"activation":"elu"}"#,
        r#"{"type":"separable_conv2d","filters":5,"kernel":[3,3],"stride":[1,2],"activation":"gelu"}"#,
        r#"{"type":"conv2d_transpose","filters":3,"kernel":[3,2],"stride":[2,3],"padding":"same","activation":"sigmoid"}"#,
        r#"{"type":"conv2d_transpose","filters":3,"kernel":[2,1],"stride":[1,3],"activation":"leaky_relu"}"#,
        r#"{"type":"max_pool2d","size":[2,3],"stride":[1,2],"padding":"same"}"#,
        r#"{"type":"avg_pool2d","size":[3,2],"stride":[2,2],"padding":"same"}"#,
        r#"{"type":"global_avg_pool2d"}"#,
        r#"{"type":"global_max_pool2d"}"#,
        r#"{"type":"zero_padding2d","padding":[1,0,2,1]},{"type":"conv2d","filters":2,"kernel":[3,3]}"#,
        r#"{"type":"layer_normalization"},{"type":"gelu","approximate":true}"#,
        r#"{"type":"rms_normalization"},{"type":"softmax"}"#,
        r#"{"type":"group_normalization","groups":2},{"type":"leaky_relu"}"#,
        r#"{"type":"rescaling","scale":0.5,"offset":-0.25},{"type":"elu","alpha":0.7}"#,
        r#"{"type":"reshape","shape":[-1,8]},{"type":"conv1d","filters":4,"kernel":3,"padding":"causal","dilation":2,"activation":"relu"}"#,
        r#"{"type":"reshape","shape":[10,12]},{"type":"conv1d","filters":4,"kernel":4,"padding":"same","stride":2},{"type":"global_avg_pool1d"}"#,
        r#"{"type":"reshape","shape":[6,20]},{"type":"position_embedding"},{"type":"multi_head_attention","num_heads":3,"key_dim":4}"#,
        r#"{"type":"reshape","shape":[6,20]},{"type":"multi_head_attention","num_heads":2,"key_dim":5,"causal":true,"use_bias":false}"#,
        r#"{"type":"reshape","shape":[6,20]},{"type":"multi_head_attention","num_heads":2,"key_dim":10,"causal":true,"rotary":true}"#,
        r#"{"type":"reshape","shape":[6,20]},{"type":"multi_head_attention","num_heads":3,"key_dim":4,"rotary":{"base":20,"scale":0.5,"start":9}}"#,
    ];
    for layer in layers {
        check_descent(&image(layer), &noise(3 * 120, 8), &noise(6, 9));
    }
    // In training a batch normalisation's loss is not the evaluation's, and falls all the same.
    let model = image(r#"{"type":"batch_normalization"},{"type":"relu"}"#);
    let mut session = session(&model, MSE);
    let (x, targets) = (noise(8 * 120, 8), noise(16, 9));
    let first = session.train_batch(&x, &targets, 1).unwrap().loss;
    let last = session.train_batch(&x, &targets, 60).unwrap().loss;
    assert!(last < 0.5 * first, "{first} → {last}");
}

#[test]
fn words_are_looked_up_and_their_rows_learn() {
    let model = r#"{"input":[4],"layers":[{"type":"embedding","input_dim":6,"output_dim":3},
      {"type":"flatten"},{"type":"dense","units":2}]}"#;
    let x = [0.0, 5.0, 2.0, 2.0, 1.0, 1.0, 3.0, 0.0];
    check_descent(model, &x, &noise(4, 1));
    let mut session = session(model, MSE);
    let errors = [
        [0.0, 6.0, 0.0, 0.0],
        [0.0, 0.0, 0.5, 0.0],
        [-1.0, 0.0, 0.0, 0.0],
    ];
    for x in errors {
        let error = session.predict(&x).unwrap_err();
        assert_eq!(
            (error.code(), &error.fields()["argument"]),
            ("invalid_argument", &"input".into())
        );
    }
}

#[test]
fn a_small_transformer_learns_to_copy_what_came_before() {
    let model = r#"{"inputs":[{"name":"words","shape":[6]}],"nodes":[
      {"type":"embedding","input_dim":4,"output_dim":8,"inputs":["words"]},
      {"type":"position_embedding","name":"x","inputs":["embedding"]},
      {"type":"layer_normalization","name":"n1","inputs":["x"]},
      {"type":"multi_head_attention","name":"heads","num_heads":2,"key_dim":4,"causal":true,"inputs":["n1"]},
      {"type":"add","name":"r1","inputs":["x","heads"]},
      {"type":"layer_normalization","name":"n2","inputs":["r1"]},
      {"type":"dense","name":"wide","units":16,"activation":"gelu","inputs":["n2"]},
      {"type":"dense","name":"narrow","units":8,"inputs":["wide"]},
      {"type":"add","name":"r2","inputs":["r1","narrow"]},
      {"type":"dense","name":"next","units":4,"activation":"softmax","inputs":["r2"]}],"output":"next"}"#;
    let mut session = session(
        model,
        r#","optimizer":{"type":"adam","learning_rate":0.01}"#,
    );
    // Each step is asked for the word before it; the first for its own.
    let mut rng = Rng::new(3);
    let words: Vec<u32> = (0..64 * 6).map(|_| rng.below(4) as u32).collect();
    let x: Vec<f32> = words.iter().map(|&word| word as f32).collect();
    let before = |i: usize| words[if i.is_multiple_of(6) { i } else { i - 1 }];
    let labels: Vec<u32> = (0..words.len()).map(before).collect();
    let report = session.train_batch(&x, &labels, 1).unwrap();
    assert!((0.0..=1.0).contains(&report.accuracy), "{report:?}");
    session.train_batch(&x, &labels, 250).unwrap();
    let after = session.evaluate_on(&x, &labels).unwrap();
    assert!(after.accuracy > 0.95, "{after:?}");
    assert_eq!(session.predict(&x[..12]).unwrap().len(), 2 * 6 * 4);
    let mut other = x[..6].to_vec();
    other[5] = 3.0 - other[5];
    let [seen, unseen] = [&x[..6], &other].map(|x| session.predict(x).unwrap());
    assert_eq!(seen[..20], unseen[..20], "no step sees what comes after it");
}
