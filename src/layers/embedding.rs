//! Layers that look rows up.

use super::{Init, Layer, drawn};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops;
use crate::rng::Rng;

/// y = table[x], x holding whole numbers. Shape: [N, ...] → [N, ..., columns].
pub struct Embedding<T: Scalar> {
    /// [rows, columns]
    pub table: Tensor<T>,
}

impl<T: Scalar> Embedding<T> {
    /// A table drawn from `rng`, uniformly within ±0.05 as Keras's.
    pub fn new(rows: usize, columns: usize, rng: &mut Rng) -> Self {
        let mut values = vec![T::ZERO; rows * columns];
        super::init::uniform(rng, 0.05, &mut values);
        let table = Tensor::parameter(NdArray::from_vec(values, &[rows, columns]));
        Self { table }
    }
}

impl<T: Scalar> Layer<T> for Embedding<T> {
    fn kind(&self) -> &'static str {
        "embedding"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        ops::embedding(
            &self.table,
            &x.value().map(|number| number.to_f64() as i64),
            None,
        )
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("embeddings", self.table.clone())]
    }
}

/// y = x + table: a row for each step. Shape: [N, steps, columns] → the same.
pub struct PositionEmbedding<T: Scalar> {
    /// [steps, columns]
    pub table: Tensor<T>,
}

impl<T: Scalar> PositionEmbedding<T> {
    /// A table drawn from `rng`.
    pub fn new(steps: usize, columns: usize, init: Init, rng: &mut Rng) -> Self {
        Self {
            table: drawn(&[steps, columns], init, rng),
        }
    }
}

impl<T: Scalar> Layer<T> for PositionEmbedding<T> {
    fn kind(&self) -> &'static str {
        "position_embedding"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        ops::add(x, &self.table)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("embeddings", self.table.clone())]
    }
}
