//! A batch whose losses have weights: one for each sample or one for each target, of either sign.

use std::collections::BTreeMap;

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::formats::safetensors;
use danlu::layers::{
    Activation, Dense, Embedding, Graph, Init, LayerNormalization, Merge, Mode, MultiHeadAttention,
};
use danlu::ops::{self, Reduction};
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session, Team};

const WORDS: usize = 4;
const STEPS: usize = 6;
const N: usize = 5;

/// A causal language model over sequences of six words, and the same on the tape, in logits.
const LANGUAGE_MODEL: &str = r#"{"inputs":[{"name":"words","shape":[6]}],"nodes":[
  {"type":"embedding","input_dim":4,"output_dim":8,"inputs":["words"]},
  {"type":"layer_normalization","inputs":["embedding"]},
  {"type":"multi_head_attention","num_heads":2,"key_dim":3,"causal":true,"inputs":["layer_normalization"]},
  {"type":"add","inputs":["embedding","multi_head_attention"]},
  {"type":"dense","units":4,"activation":"softmax","inputs":["add"]}],"output":"dense"}"#;

fn on_the_tape() -> Graph<f32> {
    let mut rng = Rng::new(0);
    let (mut graph, inputs) = Graph::new(1);
    let x = graph.add(Embedding::new(WORDS, 8, &mut rng), &inputs);
    let normed = graph.add(LayerNormalization::new(8), &[x]);
    let heads = MultiHeadAttention::new(8, 2, 3, true, Init::Zeros, &mut rng);
    let heard = graph.add(heads, &[normed]);
    let x = graph.add(Merge::Add, &[x, heard]);
    let head = Dense::new(8, WORDS, Activation::Linear, Init::Zeros, &mut rng);
    graph.add(head, &[x]);
    graph
}

const SGD: &str = r#""optimizer":{"type":"sgd","learning_rate":0.1}"#;

fn session(model: &str, strategy: &str) -> Session {
    let json = format!(r#"{{"model":{model},"batch_size":{N},{strategy}}}"#);
    Session::new(RunSpec::from_json(&json).unwrap(), 3).unwrap()
}

/// Sequences, the word after each of theirs, and a weight for each position.
fn sequences() -> (Vec<f32>, Vec<u32>, Vec<f32>) {
    let mut rng = Rng::new(9);
    let x = (0..N * STEPS).map(|_| rng.below(WORDS) as f32).collect();
    let next = (0..N * STEPS).map(|_| rng.below(WORDS) as u32).collect();
    // Of both signs, and some that leave a position out.
    let weight = |i: usize| {
        if i % 7 == 3 {
            0.0
        } else {
            1.5 - 3.0 * rng.uniform_f32()
        }
    };
    (x, next, (0..N * STEPS).map(weight).collect())
}

type Named = BTreeMap<String, Vec<f32>>;

/// Gradients by parameter, as the optimiser got them.
fn gradients(session: &Session) -> Named {
    let file = safetensors::read(&session.gradients()).unwrap().tensors;
    let named = file
        .iter()
        .map(|(name, stored)| (name.clone(), stored.to_f32(name).unwrap()));
    named.collect()
}

fn check_same(what: &str, got: &Named, want: &Named, tolerance: f32) {
    assert_eq!(got.len(), want.len(), "{what}");
    for ((name, got), (wanted, want)) in got.iter().zip(want) {
        assert_eq!(name, wanted, "{what}");
        let apart = got.iter().zip(want).map(|(a, b)| (a - b).abs());
        let worst = apart.fold(0.0, f32::max);
        assert!(worst <= tolerance, "{what}: {name} parts by {worst}");
    }
}

/// Loss and gradients of `Σ weight · CE / (N · STEPS)` by the tape, at the session's weights.
fn by_the_tape(session: &Session, x: &[f32], next: &[u32], weights: &[f32]) -> (f64, Named) {
    let graph = on_the_tape();
    for (name, stored) in &safetensors::read(&session.weights()).unwrap().tensors {
        let values = NdArray::from_vec(stored.to_f32(name).unwrap(), &stored.shape);
        graph.set_parameter(name, &values).unwrap();
    }
    let words = Tensor::constant(NdArray::from_vec(x.to_vec(), &[N, STEPS]));
    let noise = Rng::new(0);
    let logits = graph.forward(&[words], &Mode::Training(&noise)).unwrap();
    let logits = ops::reshape(&logits, &[N * STEPS, WORDS]).unwrap();
    let losses = ops::cross_entropy(&logits, next, Reduction::None).unwrap();
    let share: Vec<f32> = weights.iter().map(|w| w / (N * STEPS) as f32).collect();
    let share = Tensor::constant(NdArray::from_vec(share, &[N * STEPS]));
    let loss = ops::sum(&ops::mul(&losses, &share).unwrap(), None, false).unwrap();
    let value = f64::from(loss.item());
    loss.backward_scalar();
    let parameters = graph.parameters();
    let named = parameters
        .iter()
        .map(|(name, p)| (name.clone(), p.grad().unwrap().to_vec()));
    (value, named.collect())
}

#[test]
fn a_weight_for_each_position_gives_the_tape_s_gradient() {
    let (x, next, weights) = sequences();
    let mut run = session(LANGUAGE_MODEL, SGD);
    let (loss, want) = by_the_tape(&run, &x, &next, &weights);
    let report = run.train_batch_weighed(&x, &next, weights, 1).unwrap();
    assert!(
        (report.loss - loss).abs() < 1e-5,
        "{} and {loss}",
        report.loss
    );
    let got = gradients(&run);
    check_same("plan and tape", &got, &want, 1e-5);
    assert!(got.values().any(|dw| dw.iter().any(|d| d.abs() > 1e-2)));
}

#[test]
fn a_negative_weight_makes_a_word_less_likely() {
    let (x, next, _) = sequences();
    let mut run = session(LANGUAGE_MODEL, SGD);
    let chance = |run: &mut Session| run.predict(&x[..STEPS]).unwrap()[next[0] as usize];
    let before = chance(&mut run);
    let mut weights = vec![0.0; N * STEPS];
    weights[0] = -1.0;
    run.train_batch_weighed(&x, &next, weights, 5).unwrap();
    let after = chance(&mut run);
    assert!(after < before - 1e-4, "from {before} to {after}");
}

#[test]
fn a_weight_for_each_sample_means_that_weight_for_each_of_its_positions() {
    let (x, next, _) = sequences();
    let few = vec![2.0, -0.5, 0.0, 1.0, 0.25];
    let all = few.iter().flat_map(|&w| [w; STEPS]).collect();
    let (mut by_sample, mut by_position) =
        (session(LANGUAGE_MODEL, SGD), session(LANGUAGE_MODEL, SGD));
    let one = by_sample.train_batch_weighed(&x, &next, few, 2).unwrap();
    let other = by_position.train_batch_weighed(&x, &next, all, 2).unwrap();
    assert_eq!(one.loss, other.loss);
    assert_eq!(by_sample.weights(), by_position.weights());
    // Nothing of the weights stays.
    let plain = by_sample.train_batch(&x, &next, 1).unwrap();
    assert_eq!(
        plain.loss,
        by_position.train_batch(&x, &next, 1).unwrap().loss
    );
    assert!(plain.loss > 1.0, "{}", plain.loss);
}

#[test]
fn clipping_sees_the_gradient_of_the_whole_loss() {
    let (x, next, weights) = sequences();
    let mut free = session(LANGUAGE_MODEL, SGD);
    free.train_batch_weighed(&x, &next, weights.clone(), 1)
        .unwrap();
    let free = gradients(&free);
    let squares = free.values().flatten().map(|d| d * d);
    let norm = squares.sum::<f32>().sqrt();
    assert!(norm > 0.02, "{norm}");
    let mut clipped = session(
        LANGUAGE_MODEL,
        r#""optimizer":{"type":"sgd","learning_rate":0.1,"global_clipnorm":0.01}"#,
    );
    clipped.train_batch_weighed(&x, &next, weights, 1).unwrap();
    let scaled: Named = free
        .into_iter()
        .map(|(name, dw)| (name, dw.iter().map(|d| d * 0.01 / norm).collect()))
        .collect();
    check_same("clipped", &gradients(&clipped), &scaled, 1e-7);
}

#[test]
fn each_shard_takes_the_weights_of_its_own_samples() {
    let (x, next, weights) = sequences();
    let json = format!(r#"{{"model":{LANGUAGE_MODEL},"batch_size":{N},"optimizer":"sgd"}}"#);
    let [whole, cut] = [1, 3].map(|shards| {
        let spec = RunSpec::from_json(&json).unwrap();
        let mut run = Session::in_team(spec, 3, Team::new(shards, 1, 0).unwrap()).unwrap();
        run.train_batch_weighed(&x, &next, weights.clone(), 1)
            .unwrap();
        gradients(&run)
    });
    check_same("three shards", &cut, &whole, 1e-6);
}

/// Where a target weighs 0, its number may be anything.
#[test]
fn each_number_of_a_squared_error_may_have_its_weight() {
    let model = r#"{"input":[4],"layers":[{"type":"dense","units":3}]}"#;
    let mut rng = Rng::new(2);
    let x: Vec<f32> = (0..N * 4).map(|_| rng.uniform_f32()).collect();
    let run = |elsewhere: f32| {
        let mut run = session(model, &format!(r#""loss":"mean_squared_error",{SGD}"#));
        let chosen = |i: usize| i % 3 == i / 3 % 3;
        let y: Vec<f32> = (0..N * 3)
            .map(|i| if chosen(i) { 1.0 } else { elsewhere })
            .collect();
        let weights: Vec<f32> = (0..N * 3)
            .map(|i| if chosen(i) { -2.0 } else { 0.0 })
            .collect();
        let answers = run.predict(&x).unwrap();
        let squares = answers
            .iter()
            .zip(&y)
            .zip(&weights)
            .map(|((p, t), w)| w * (p - t) * (p - t));
        let want = squares.sum::<f32>() / (N * 3) as f32;
        let report = run.train_batch_weighed(&x, &y, weights, 1).unwrap();
        assert!(
            (report.loss - f64::from(want)).abs() < 1e-5,
            "{} and {want}",
            report.loss
        );
        run.weights()
    };
    assert_eq!(run(0.0), run(99.0));
}

#[test]
fn another_number_of_weights_is_refused_with_both_lengths() {
    let (x, next, _) = sequences();
    let mut run = session(LANGUAGE_MODEL, SGD);
    let before = run.weights();
    let refused = run.train_batch_weighed(&x, &next, vec![1.0; STEPS], 1);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "train_batch: weights: length must be 5 | 30, got 6"
    );
    assert_eq!(run.weights(), before);
}
