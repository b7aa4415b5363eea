//! Graphs on the compiled plan and on the eager tape are one network: same weights, same draws,
//! same losses, same end.

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::formats::safetensors;
use danlu::layers::{
    Activation, BatchNormalization, Conv1d, Conv2d, Conv2dTranspose, Dense, DepthwiseConv2d,
    Dropout, Embedding, Flatten, Function, Graph, GroupNormalization, Init, LayerNormalization,
    Merge, Mode, MultiHeadAttention, PositionEmbedding, RmsNormalization, Rotary, SeparableConv2d,
};
use danlu::ops::{
    self, Conv1dOptions, Conv2dOptions, ConvTranspose2dOptions, Padding, Padding1d, Reduction,
};
use danlu::optim::{Optimizer, Rule, zero_grad};
use danlu::rng::Rng;
use danlu::train::{RunSpec, Session};

const SEED: u64 = 3;
const N: usize = 8;
const SGD: &str =
    r#","optimizer":{"type":"sgd","learning_rate":0.05,"momentum":0.9},"batch_size":8}"#;

fn rng() -> Rng {
    Rng::new(0)
}

fn dense(inputs: usize, units: usize, activation: Activation) -> Dense<f32> {
    Dense::new(inputs, units, activation, Init::Zeros, &mut rng())
}

fn same() -> Conv2dOptions {
    Conv2dOptions {
        padding: Padding::Same,
        ..Conv2dOptions::default()
    }
}

fn conv(channels: usize, filters: usize, size: usize, activation: Activation) -> Conv2d<f32> {
    let (kernel, init) = ((size, size), Init::Zeros);
    Conv2d::new(
        channels,
        filters,
        kernel,
        same(),
        activation,
        init,
        &mut rng(),
    )
    .unwrap()
}

/// Trains both on the same batches, `classes` to each of `rows` rows of an answer, and compares
/// every loss and the last weights. `graph` ends in logits.
fn check_same_curve(
    model: &str,
    graph: &Graph<f32>,
    inputs: &[&[usize]],
    (rows, classes): (usize, usize),
    words: Option<usize>,
) {
    let json = format!(r#"{{"model":{model}{SGD}"#);
    let mut session = Session::new(RunSpec::from_json(&json).unwrap(), SEED).unwrap();
    for (name, stored) in &safetensors::read(&session.weights()).unwrap().tensors {
        let values = NdArray::from_vec(stored.to_f32(name).unwrap(), &stored.shape);
        graph.set_parameter(name, &values).unwrap();
    }
    let parameters = graph.parameters();
    let starts: Vec<_> = parameters.iter().map(|(_, p)| p.value().to_vec()).collect();
    let mut optimizer = Optimizer::new(Rule::sgd(0.9, false), 0.05);
    let (mut rng, noise) = (Rng::new(4), Rng::new(SEED).fork(3));
    let widths: Vec<usize> = inputs.iter().map(|shape| shape.iter().product()).collect();
    for step in 0..20 {
        let n = if step % 3 == 2 { N - 1 } else { N };
        let mut draw = |_| match words {
            Some(words) => rng.below(words) as f32,
            None => rng.uniform_f32() - 0.5,
        };
        let x: Vec<f32> = (0..n * widths.iter().sum::<usize>())
            .map(&mut draw)
            .collect();
        // What is asked can be seen in the first numbers of a sample.
        let width = x.len() / n;
        let label = |i: usize| {
            let seen = x[i / rows * width + i % rows.max(1)];
            (if words.is_some() {
                seen
            } else {
                (seen + 0.5) * classes as f32
            }) as u32
        };
        let labels: Vec<u32> = (0..n * rows).map(label).collect();
        let report = session.train_batch(&x, &labels, 1).unwrap();

        zero_grad(&parameters);
        let mut from = 0;
        let mut tensors = Vec::new();
        for (shape, part) in inputs.iter().zip(&widths) {
            let values: Vec<f32> = x
                .chunks(width)
                .flat_map(|x| &x[from..from + part])
                .copied()
                .collect();
            let shape = [&[n], *shape].concat();
            tensors.push(Tensor::constant(NdArray::from_vec(values, &shape)));
            from += part;
        }
        let noise = noise.fork(step);
        let logits = graph.forward(&tensors, &Mode::Training(&noise)).unwrap();
        let logits = ops::reshape(&logits, &[n * rows, classes]).unwrap();
        let loss = ops::cross_entropy(&logits, &labels, Reduction::Mean).unwrap();
        let eager = f64::from(loss.item());
        loss.backward_scalar();
        drop((logits, loss));
        optimizer.step(&parameters);
        let off = (eager - report.loss).abs();
        assert!(
            off < 1e-3 * report.loss,
            "step {step}: eager {eager}, plan {}",
            report.loss
        );
    }
    for ((name, tensor), start) in parameters.iter().zip(starts) {
        // What is added before a normalisation or to all keys changes nothing.
        let idle = name.ends_with("bias");
        assert!(
            idle || tensor.value().to_vec() != start,
            "{name} has not moved"
        );
    }
    let weights = safetensors::read(&session.weights()).unwrap().tensors;
    assert_eq!(weights.len(), parameters.len() + graph.state().len());
    for (name, tensor) in [parameters, graph.state()].concat() {
        let (got, want) = (
            tensor.value().to_vec(),
            weights[&name].to_f32(&name).unwrap(),
        );
        let apart = got.iter().zip(&want).map(|(a, b)| (a - b).abs());
        let worst = apart.fold(0.0, f32::max);
        assert!(worst < 5e-3, "{name}: weights part by {worst}");
    }
}

#[test]
fn a_residual_net_with_batch_normalisation_and_dropout() {
    let model = r#"{"inputs":[{"name":"x","shape":[6,5,3]}],"nodes":[
      {"type":"conv2d","filters":4,"kernel":[3,3],"padding":"same","inputs":["x"]},
      {"type":"batch_normalization","inputs":["conv2d"]},
      {"type":"relu","inputs":["batch_normalization"]},
      {"type":"conv2d","filters":4,"kernel":[3,3],"padding":"same","inputs":["relu"]},
      {"type":"add","inputs":["relu","conv2d_1"]},
      {"type":"dropout","rate":0.25,"inputs":["add"]},
      {"type":"flatten","inputs":["dropout"]},
      {"type":"dense","units":3,"activation":"softmax","inputs":["flatten"]}],"output":"dense"}"#;
    let (mut graph, inputs) = Graph::new(1);
    let stem = graph.add(conv(3, 4, 3, Activation::Linear), &inputs);
    let stem = graph.add(BatchNormalization::new(4), &[stem]);
    let stem = graph.add(Function::new("relu", ops::relu), &[stem]);
    let branch = graph.add(conv(4, 4, 3, Activation::Linear), &[stem]);
    let sum = graph.add(Merge::Add, &[stem, branch]);
    let sum = graph.add(
        Dropout {
            rate: 0.25,
            number: 5,
        },
        &[sum],
    );
    let flat = graph.add(Flatten, &[sum]);
    graph.add(dense(120, 3, Activation::Linear), &[flat]);
    check_same_curve(model, &graph, &[&[6, 5, 3]], (1, 3), None);
}

#[test]
fn a_separable_net_that_grows_again() {
    let model = r#"{"input":[6,5,3],"layers":[
      {"type":"separable_conv2d","filters":4,"kernel":[3,3],"padding":"same","activation":"elu"},
      {"type":"group_normalization","groups":2},
      {"type":"depthwise_conv2d","kernel":[3,3],"depth_multiplier":2,"activation":"silu"},
      {"type":"conv2d_transpose","filters":3,"kernel":[3,2],"stride":[2,2],"padding":"same","activation":"gelu"},
      {"type":"global_avg_pool2d"},{"type":"dense","units":3,"activation":"softmax"}]}"#;
    let (mut graph, inputs) = Graph::new(1);
    let kernel = (3, 3);
    let separable = SeparableConv2d::new(
        3,
        4,
        kernel,
        same(),
        Activation::Elu,
        Init::Zeros,
        &mut rng(),
    );
    let x = graph.add(separable, &inputs);
    let x = graph.add(GroupNormalization::new(2, 4), &[x]);
    let valid = Conv2dOptions::default();
    let depthwise = DepthwiseConv2d::new(
        4,
        2,
        kernel,
        valid,
        Activation::Silu,
        Init::Zeros,
        &mut rng(),
    );
    let x = graph.add(depthwise, &[x]);
    let options = ConvTranspose2dOptions {
        stride: (2, 2),
        padding: Padding::Same,
        ..ConvTranspose2dOptions::default()
    };
    let grown = Conv2dTranspose::new(
        8,
        3,
        (3, 2),
        options,
        Activation::Gelu,
        Init::Zeros,
        &mut rng(),
    );
    let x = graph.add(grown, &[x]);
    let x = graph.add(
        Function::new("global_avg_pool2d", ops::global_avg_pool2d),
        &[x],
    );
    graph.add(dense(3, 3, Activation::Linear), &[x]);
    check_same_curve(model, &graph, &[&[6, 5, 3]], (1, 3), None);
}

#[test]
fn a_net_of_two_inputs() {
    let model = r#"{"inputs":[{"name":"image","shape":[4,4,2]},{"name":"more","shape":[5]}],"nodes":[
      {"type":"conv2d","filters":3,"kernel":[3,3],"padding":"same","activation":"leaky_relu","inputs":["image"]},
      {"type":"flatten","inputs":["conv2d"]},
      {"type":"dense","units":6,"activation":"softplus","inputs":["more"]},
      {"type":"dense","units":6,"activation":"sigmoid","inputs":["more"]},
      {"type":"multiply","inputs":["dense","dense_1"]},
      {"type":"concatenate","inputs":["flatten","multiply"]},
      {"type":"dense","units":3,"activation":"softmax","inputs":["concatenate"]}],"output":"dense_2"}"#;
    let (mut graph, inputs) = Graph::new(2);
    let image = graph.add(conv(2, 3, 3, Activation::LeakyRelu), &inputs[..1]);
    let image = graph.add(Flatten, &[image]);
    let more = graph.add(dense(5, 6, Activation::Softplus), &inputs[1..]);
    let gate = graph.add(dense(5, 6, Activation::Sigmoid), &inputs[1..]);
    let gated = graph.add(Merge::Multiply, &[more, gate]);
    let both = graph.add(Merge::Concatenate, &[image, gated]);
    graph.add(dense(54, 3, Activation::Linear), &[both]);
    check_same_curve(model, &graph, &[&[4, 4, 2], &[5]], (1, 3), None);
}

#[test]
fn a_net_over_sequences() {
    let model = r#"{"input":[9,4],"layers":[
      {"type":"conv1d","filters":6,"kernel":3,"padding":"causal","dilation":2,"activation":"silu"},
      {"type":"rms_normalization"},
      {"type":"conv1d","filters":4,"kernel":2,"stride":2,"padding":"same","groups":2},
      {"type":"flatten"},{"type":"dense","units":3,"activation":"softmax"}]}"#;
    let conv1d = |channels, filters, kernel, options, activation| {
        let init = Init::Zeros;
        Conv1d::new(
            channels,
            filters,
            kernel,
            options,
            activation,
            init,
            &mut rng(),
        )
        .unwrap()
    };
    let causal = Conv1dOptions {
        padding: Padding1d::Causal,
        dilation: 2,
        ..Conv1dOptions::default()
    };
    let halving = Conv1dOptions {
        stride: 2,
        padding: Padding1d::Same,
        groups: 2,
        ..Conv1dOptions::default()
    };
    let (mut graph, inputs) = Graph::new(1);
    let x = graph.add(conv1d(4, 6, 3, causal, Activation::Silu), &inputs);
    let x = graph.add(RmsNormalization::new(6), &[x]);
    let x = graph.add(conv1d(6, 4, 2, halving, Activation::Linear), &[x]);
    let x = graph.add(Flatten, &[x]);
    graph.add(dense(20, 3, Activation::Linear), &[x]);
    check_same_curve(model, &graph, &[&[9, 4]], (1, 3), None);
}

#[test]
fn a_small_transformer() {
    let model = r#"{"inputs":[{"name":"words","shape":[6]}],"nodes":[
      {"type":"embedding","input_dim":4,"output_dim":8,"inputs":["words"]},
      {"type":"position_embedding","inputs":["embedding"]},
      {"type":"layer_normalization","inputs":["position_embedding"]},
      {"type":"multi_head_attention","num_heads":2,"key_dim":3,"causal":true,"inputs":["layer_normalization"]},
      {"type":"add","inputs":["position_embedding","multi_head_attention"]},
      {"type":"layer_normalization","inputs":["add"]},
      {"type":"dense","units":16,"activation":"gelu","inputs":["layer_normalization_1"]},
      {"type":"dense","units":8,"inputs":["dense"]},
      {"type":"add","inputs":["add","dense_1"]},
      {"type":"dense","units":4,"activation":"softmax","inputs":["add_1"]}],"output":"dense_2"}"#;
    let (mut graph, inputs) = Graph::new(1);
    let x = graph.add(Embedding::new(4, 8, &mut rng()), &inputs);
    let x = graph.add(PositionEmbedding::new(6, 8, Init::Zeros, &mut rng()), &[x]);
    let normed = graph.add(LayerNormalization::new(8), &[x]);
    let heads = MultiHeadAttention::new(8, 2, 3, true, Init::Zeros, &mut rng());
    let heard = graph.add(heads, &[normed]);
    let x = graph.add(Merge::Add, &[x, heard]);
    let normed = graph.add(LayerNormalization::new(8), &[x]);
    let wide = graph.add(dense(8, 16, Activation::Gelu), &[normed]);
    let narrow = graph.add(dense(16, 8, Activation::Linear), &[wide]);
    let x = graph.add(Merge::Add, &[x, narrow]);
    graph.add(dense(8, 4, Activation::Linear), &[x]);
    check_same_curve(model, &graph, &[&[6]], (6, 4), Some(4));
}

#[test]
fn attention_whose_queries_and_keys_are_turned_by_their_positions() {
    let model = r#"{"inputs":[{"name":"words","shape":[7]}],"nodes":[
      {"type":"embedding","input_dim":4,"output_dim":8,"inputs":["words"]},
      {"type":"multi_head_attention","num_heads":2,"key_dim":6,"causal":true,"rotary":true,"inputs":["embedding"]},
      {"type":"add","inputs":["embedding","multi_head_attention"]},
      {"type":"multi_head_attention","num_heads":1,"key_dim":10,"causal":true,
       "rotary":{"base":30,"scale":0.5,"start":4},"inputs":["add"]},
      {"type":"dense","units":4,"activation":"softmax","inputs":["multi_head_attention_1"]}],"output":"dense"}"#;
    let (mut graph, inputs) = Graph::new(1);
    let turned = |heads, key, rotary| MultiHeadAttention {
        rotary: Some(rotary),
        ..MultiHeadAttention::new(8, heads, key, true, Init::Zeros, &mut rng())
    };
    let x = graph.add(Embedding::new(4, 8, &mut rng()), &inputs);
    let heard = graph.add(turned(2, 6, Rotary::default()), &[x]);
    let x = graph.add(Merge::Add, &[x, heard]);
    let closer = Rotary {
        base: 30.0,
        scale: 0.5,
        start: 4.0,
    };
    let x = graph.add(turned(1, 10, closer), &[x]);
    graph.add(dense(8, 4, Activation::Linear), &[x]);
    check_same_curve(model, &graph, &[&[7]], (7, 4), Some(4));
}
