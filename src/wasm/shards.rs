//! Steps shard by shard, see `train/shards.rs`. Arrays may lie in shared memory: numbers are copied.

use js_sys::{Float32Array, Float64Array};
use wasm_bindgen::prelude::*;

use super::session::Session;
use crate::error::Result;
use crate::train::Sum;

#[wasm_bindgen]
impl Session {
    #[wasm_bindgen(getter, js_name = flatLength)]
    pub fn flat_length(&self) -> usize {
        self.0.flat_len()
    }

    /// `[loss, hits, samples]`, loss and hits summed over the shard's samples.
    #[wasm_bindgen(js_name = addShard)]
    pub fn add_shard(&mut self, shard: usize, first: bool, grid: bool) -> Result<Vec<f64>> {
        let (score, samples) = self.0.add_shard(shard, first, grid)?;
        Ok(vec![score.loss, score.correct as f64, samples as f64])
    }

    #[wasm_bindgen(js_name = writeShardSum)]
    pub fn write_shard_sum(&self, out: &Float32Array) {
        if let Sum::Plain(sum) = self.0.shard_sum(false) {
            out.copy_from(sum);
        }
    }

    #[wasm_bindgen(js_name = writeShardSumOnGrid)]
    pub fn write_shard_sum_on_grid(&self, out: &Float64Array) {
        if let Sum::Grid(sum) = self.0.shard_sum(true) {
            out.copy_from(sum);
        }
    }

    #[wasm_bindgen(js_name = applyShardSum)]
    pub fn apply_shard_sum(&mut self, sum: &[f32]) -> Result<()> {
        self.0.apply_shard_sum(Sum::Plain(sum))
    }

    #[wasm_bindgen(js_name = applyShardSumOnGrid)]
    pub fn apply_shard_sum_on_grid(&mut self, sum: &[f64]) -> Result<()> {
        self.0.apply_shard_sum(Sum::Grid(sum))
    }
}
