//! Causal attention one step at a time: the keys and values of earlier steps are remembered (a KV
//! cache), so that a step costs what it adds and not the whole sequence anew.
//!
//! For step t, with the keys and values of 0, …, t:
//! ```text
//! q = x · Wq + bq,  k_t = x · Wk + bk,  v_t = x · Wv + bv
//! p = softmax(q_h · k_0…t,hᵀ / √K)        o_h = p · v_0…t,h        y = o · Wo + bo
//! ```
//! What is computed is what [`super::multi_head_attention`] computes in row t. With rotary positions
//! `q` and `k_t` are turned by t, and the keys remembered turned: a key's position never changes.

use super::rotary::Angles;
use crate::kernels::{bias, gemm, softmax};
use crate::train::stage::{Backward, Forward, Stage, Weights};

pub(super) struct CachedAttention {
    width: usize,
    heads: usize,
    key: usize,
    biased: bool,
    angles: Option<Angles>,
    /// The step that comes next.
    at: usize,
    /// `[heads · key]`
    query: Vec<f32>,
    /// Of all steps so far `[context][heads · key]`.
    keys: Vec<f32>,
    values: Vec<f32>,
    /// What the last step heard of each `[heads][steps so far]`.
    shares: Vec<f32>,
    /// What its heads heard `[heads · key]`.
    heard: Vec<f32>,
}

impl CachedAttention {
    /// `context` steps of `width` numbers; heads, and numbers of each.
    pub fn new(
        context: usize,
        width: usize,
        [heads, key]: [usize; 2],
        biased: bool,
        angles: Option<Angles>,
    ) -> Self {
        let all = heads * key;
        CachedAttention {
            width,
            heads,
            key,
            biased,
            angles,
            at: 0,
            query: vec![0.0; all],
            keys: vec![0.0; context * all],
            values: vec![0.0; context * all],
            shares: vec![0.0; heads * context],
            heard: vec![0.0; all],
        }
    }
}

/// `y[units] = x[width] · w[width][units] + b`
fn map(weights: Weights<'_>, weight: usize, biased: bool, x: &[f32], y: &mut [f32]) {
    let at = if biased { 2 * weight } else { weight };
    let units = y.len();
    let kernel = weights.get(at);
    gemm(
        1,
        units,
        x.len(),
        x,
        (x.len(), 1),
        kernel,
        (units, 1),
        y,
        units,
        false,
    );
    if biased {
        bias::add(1, units, weights.get(at + 1), y);
    }
}

impl Stage for CachedAttention {
    fn go_to(&mut self, step: usize) {
        self.at = step;
    }

    fn shares(&self) -> Option<&[f32]> {
        Some(&self.shares[..self.heads * self.at])
    }

    fn forward(&mut self, pass: Forward<'_>) {
        let (key, all, biased) = (self.key, self.heads * self.key, self.biased);
        let (now, seen) = (self.at * all..(self.at + 1) * all, self.at + 1);
        let x = &pass.inputs.get(0)[..self.width];
        map(pass.weights, 0, biased, x, &mut self.query);
        map(pass.weights, 1, biased, x, &mut self.keys[now.clone()]);
        map(pass.weights, 2, biased, x, &mut self.values[now.clone()]);
        if let Some(angles) = &self.angles {
            for x in [&mut self.query[..], &mut self.keys[now]] {
                angles.turn_step(self.at, self.heads, x);
            }
        }
        let scale = 1.0 / (key as f32).sqrt();
        for head in 0..self.heads {
            let from = head * key;
            let (q, k, v) = (
                &self.query[from..],
                &self.keys[from..],
                &self.values[from..],
            );
            let shares = &mut self.shares[head * seen..][..seen];
            gemm(1, seen, key, q, (key, 1), k, (1, all), shares, seen, false);
            shares.iter_mut().for_each(|score| *score *= scale);
            softmax::forward_in_place(1, seen, shares);
            let heard = &mut self.heard[from..][..key];
            gemm(
                1,
                key,
                seen,
                shares,
                (seen, 1),
                v,
                (all, 1),
                heard,
                key,
                false,
            );
        }
        map(pass.weights, 3, biased, &self.heard, pass.y);
        self.at += 1;
    }

    fn backward(&mut self, _pass: Backward<'_>) {
        unreachable!("CachedAttention: one step at a time is for inference only")
    }
}
