//! Self-attention of several heads.

use super::{Init, Layer, Rotary, drawn, filled};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::ops::{self, AttentionOptions};
use crate::rng::Rng;

/// Keras's `MultiHeadAttention(x, x)`. Shape: [N, steps, columns] → the same.
pub struct MultiHeadAttention<T: Scalar> {
    /// Of queries, keys and values: kernel [columns, heads, key] and bias [heads, key].
    pub maps: [(Tensor<T>, Tensor<T>); 3],
    /// Kernel [heads, key, columns] and bias [columns].
    pub output: (Tensor<T>, Tensor<T>),
    /// Whether a step sees only itself and those before it.
    pub causal: bool,
    /// Where a step's position turns its queries and keys.
    pub rotary: Option<Rotary>,
}

impl<T: Scalar> MultiHeadAttention<T> {
    /// A layer of `heads` heads of `key` numbers, drawn from `rng`.
    pub fn new(
        columns: usize,
        heads: usize,
        key: usize,
        causal: bool,
        init: Init,
        rng: &mut Rng,
    ) -> Self {
        let maps = [(); 3].map(|()| {
            let kernel = drawn(&[columns, heads, key], init, rng);
            (kernel, filled(&[heads, key], 0.0))
        });
        Self {
            maps,
            output: (
                drawn(&[heads, key, columns], init, rng),
                filled(&[columns], 0.0),
            ),
            causal,
            rotary: None,
        }
    }
}

impl<T: Scalar> Layer<T> for MultiHeadAttention<T> {
    fn kind(&self) -> &'static str {
        "multi_head_attention"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let shape = x.shape();
        let &[n, steps, columns] = &shape[..] else {
            return Err(Error::DimensionCount {
                place: "multi_head_attention".into(),
                expected: "3".into(),
                got: shape,
            });
        };
        let [heads, key] = [self.output.0.shape()[0], self.output.0.shape()[1]];
        let mut mapped = Vec::new();
        for (kernel, bias) in &self.maps {
            let kernel = ops::reshape(kernel, &[columns, heads * key])?;
            let y = ops::dense(x, &kernel, Some(&ops::reshape(bias, &[heads * key])?))?;
            let y = ops::reshape(&y, &[n, steps, heads, key])?;
            mapped.push(ops::permute(&y, &[0, 2, 1, 3])?);
        }
        if let Some(rotary) = self.rotary {
            for x in &mut mapped[..2] {
                *x = rotary.turn(x)?;
            }
        }
        let options = AttentionOptions {
            causal: self.causal,
            ..AttentionOptions::default()
        };
        let heard =
            ops::scaled_dot_product_attention(&mapped[0], &mapped[1], &mapped[2], &options)?;
        let heard = ops::permute(&heard, &[0, 2, 1, 3])?;
        let heard = ops::reshape(&heard, &[n, steps, heads * key])?;
        let kernel = ops::reshape(&self.output.0, &[heads * key, columns])?;
        ops::dense(&heard, &kernel, Some(&self.output.1))
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        let [query, key, value] = &self.maps;
        let named = [
            ("query/kernel", &query.0),
            ("query/bias", &query.1),
            ("key/kernel", &key.0),
            ("key/bias", &key.1),
            ("value/kernel", &value.0),
            ("value/bias", &value.1),
            ("attention_output/kernel", &self.output.0),
            ("attention_output/bias", &self.output.1),
        ];
        named.map(|(name, tensor)| (name, tensor.clone())).to_vec()
    }
}
