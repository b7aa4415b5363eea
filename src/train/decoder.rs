//! A trained causal language model, one token at a time.

use super::network::{Layer, Network};
use super::plan::Plan;
use super::session::Session;
use super::stage::Mode;
use crate::error::{Error, Result};

/// A copy of a session's model as it stands, whose attention remembers keys and values: the answer
/// to the next token costs one step, where [`Session::predict`] computes the whole sequence.
pub struct Decoder {
    plan: Plan,
    /// Steps that the model knows.
    context: usize,
    /// Tokens so far.
    len: usize,
}

/// Layers that look at no other step than their own, or (attention, positions) can remember.
const BY_STEPS: [&str; 19] = [
    "embedding",
    "position_embedding",
    "multi_head_attention",
    "layer_normalization",
    "rms_normalization",
    "dense",
    "dropout",
    "add",
    "multiply",
    "concatenate",
    "activation",
    "relu",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "sigmoid",
    "tanh",
    "softplus",
];

impl Session {
    /// The model as it stands, to be asked token by token.
    ///
    /// Errs where the model does not take one sequence of whole numbers, or has a layer that needs
    /// later steps.
    pub fn decoder(&self) -> Result<Decoder> {
        let (network, mut spec) = (self.plan.network(), self.spec().clone());
        let context = match &network.inputs[..] {
            [input] if input.below.is_some() && input.shape.len() == 1 => input.shape[0],
            inputs => {
                return Err(Error::ModelInput {
                    expected: "[steps] of whole numbers".into(),
                    got: inputs[0].shape.clone(),
                });
            }
        };
        let by_steps = |layer: &&Layer| layer.kind == "softmax" || BY_STEPS.contains(&layer.kind);
        if let Some(layer) = network.layers.iter().find(|layer| !by_steps(layer)) {
            return Err(Error::LayerArgument {
                layer: layer.name.clone(),
                kind: layer.kind.into(),
                argument: "type".into(),
                expected: BY_STEPS.join(" | "),
                got: layer.kind.into(),
            });
        }
        spec.model.inputs[0].shape = vec![1];
        let built = Network::by_steps(&spec, Some(context))?;
        let params = self.plan.params.clone();
        Ok(Decoder {
            plan: Plan::new(built, &spec.loss, params, 1),
            context,
            len: 0,
        })
    }
}

impl Decoder {
    /// Takes the next token and gives what the model answers after it. Shape: → `[classes]`.
    ///
    /// Errs where the sequence is full, or the token is none that the model knows.
    pub fn step(&mut self, token: u32) -> Result<Vec<f32>> {
        if self.len == self.context {
            return Err(Error::InvalidArgument {
                place: "Decoder.step".into(),
                argument: "tokens so far".into(),
                expected: format!("< {}", self.context),
                got: self.len.to_string(),
            });
        }
        let x = [token as f32];
        self.plan.network().check_lookups("Decoder.step", &x)?;
        self.plan.load(&x);
        self.plan.forward(1, Mode::Inference);
        self.len += 1;
        let mut answer = Vec::new();
        self.plan.predict(1, &mut answer);
        Ok(answer)
    }

    /// Forgets all but the first `len` tokens. Errs where there are fewer.
    pub fn truncate(&mut self, len: usize) -> Result<()> {
        if len > self.len {
            return Err(Error::InvalidArgument {
                place: "Decoder.truncate".into(),
                argument: "len".into(),
                expected: format!("<= {}", self.len),
                got: len.to_string(),
            });
        }
        self.plan.go_to(len);
        self.len = len;
        Ok(())
    }

    /// Tokens so far.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Tokens that fit.
    pub fn context(&self) -> usize {
        self.context
    }

    /// How much the last token heard of each up to itself: for each attention in the order of
    /// computation its name and `[heads][len]`, rows that sum to 1.
    pub fn attention(&self) -> Vec<(String, Vec<f32>)> {
        let shares = self.plan.shares();
        shares
            .map(|(layer, shares)| (layer.name.clone(), shares.to_vec()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RunSpec, Session};
    use crate::rng::Rng;

    /// A decoder-only Transformer of two blocks over `vocabulary` tokens; `rotary` is the second's.
    fn spec(context: usize, vocabulary: usize, causal: bool, rotary: &str) -> RunSpec {
        let mut nodes = vec![
            format!(
                r#"{{"type":"embedding","name":"e","input_dim":{vocabulary},"output_dim":12,"inputs":["x"]}}"#
            ),
            r#"{"type":"position_embedding","name":"h0","inputs":["e"]}"#.to_string(),
        ];
        for block in 0..2 {
            let (i, o) = (block, block + 1);
            nodes.push(format!(
                r#"{{"type":"layer_normalization","name":"n{i}","inputs":["h{i}"]}},
                {{"type":"multi_head_attention","name":"a{i}","num_heads":3,"key_dim":{},"causal":{causal},"rotary":{},"use_bias":{},"inputs":["n{i}"]}},
                {{"type":"add","name":"r{i}","inputs":["h{i}","a{i}"]}},
                {{"type":"rms_normalization","name":"m{i}","inputs":["r{i}"]}},
                {{"type":"dense","name":"u{i}","units":20,"activation":"gelu","inputs":["m{i}"]}},
                {{"type":"dense","name":"d{i}","units":12,"inputs":["u{i}"]}},
                {{"type":"add","name":"h{o}","inputs":["r{i}","d{i}"]}}"#,
                5 + block,
                ["false", rotary][block],
                block == 0
            ));
        }
        nodes.push(format!(r#"{{"type":"dense","name":"out","units":{vocabulary},"activation":"softmax","inputs":["h2"]}}"#));
        let json = format!(
            r#"{{"model":{{"inputs":[{{"name":"x","shape":[{context}]}}],"nodes":[{}],"output":"out"}},"batch_size":3}}"#,
            nodes.join(",")
        );
        RunSpec::from_json(&json).unwrap()
    }

    fn tokens(rng: &mut Rng, count: usize, vocabulary: usize) -> Vec<f32> {
        (0..count)
            .map(|_| (rng.next_u64() % vocabulary as u64) as f32)
            .collect()
    }

    #[test]
    fn token_by_token_is_the_whole_sequence_row_by_row() {
        for rotary in ["false", "true", r#"{"base":20,"scale":0.5,"start":30}"#] {
            check_row_by_row(rotary);
        }
    }

    fn check_row_by_row(rotary: &str) {
        let (context, vocabulary) = (7, 5);
        let mut session = Session::new(spec(context, vocabulary, true, rotary), 4).unwrap();
        let mut rng = Rng::new(9);
        for _ in 0..5 {
            let x = tokens(&mut rng, 3 * context, vocabulary);
            let targets: Vec<u32> = x.iter().map(|&token| (token as u32 + 1) % 5).collect();
            session.train_batch(&x, &targets[..], 1).unwrap();
        }
        let x = tokens(&mut rng, context, vocabulary);
        let whole = session.predict(&x).unwrap();
        let mut decoder = session.decoder().unwrap();
        for repeat in 0..2 {
            for (step, &token) in x.iter().enumerate().skip(3 * repeat) {
                let answer = decoder.step(token as u32).unwrap();
                let row = &whole[step * vocabulary..][..vocabulary];
                for (got, wanted) in answer.iter().zip(row) {
                    assert!(
                        (got - wanted).abs() < 1e-5,
                        "step {step}: {answer:?}, {row:?}"
                    );
                }
                let attention = decoder.attention();
                assert_eq!(
                    attention
                        .iter()
                        .map(|(name, _)| &name[..])
                        .collect::<Vec<_>>(),
                    ["a0", "a1"]
                );
                for (_, shares) in attention {
                    assert_eq!(shares.len(), 3 * (step + 1));
                    for head in shares.chunks(step + 1) {
                        assert!((head.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                    }
                }
            }
            assert_eq!(decoder.step(0).unwrap_err().code(), "invalid_argument");
            decoder.truncate(3).unwrap();
            assert_eq!(decoder.truncate(4).unwrap_err().code(), "invalid_argument");
        }
        assert_eq!(decoder.step(5).unwrap_err().code(), "invalid_argument");
    }

    #[test]
    fn a_model_that_looks_ahead_or_mixes_steps_is_refused() {
        let session = Session::new(spec(7, 5, false, "false"), 4).unwrap();
        assert_eq!(session.decoder().err().unwrap().code(), "layer_argument");
        let flat = r#"{"model":{"input":[4],"layers":[{"type":"embedding","input_dim":3,"output_dim":2},
            {"type":"flatten"},{"type":"dense","units":2,"activation":"softmax"}]}}"#;
        let session = Session::new(RunSpec::from_json(flat).unwrap(), 1).unwrap();
        assert_eq!(session.decoder().err().unwrap().code(), "layer_argument");
        let dense = r#"{"model":{"input":[4],"layers":[{"type":"dense","units":2,"activation":"softmax"}]}}"#;
        let session = Session::new(RunSpec::from_json(dense).unwrap(), 1).unwrap();
        assert_eq!(session.decoder().err().unwrap().code(), "model_input");
    }
}
