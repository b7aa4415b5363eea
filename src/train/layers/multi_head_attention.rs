//! Self-attention of several heads (Vaswani et al. 2017), Keras's `MultiHeadAttention(x, x)`.
//!
//! With H heads of K numbers, each head h of a sample:
//! ```text
//! q = x · Wq + bq,  k = x · Wk + bk,  v = x · Wv + bv
//! P = softmax(q_h · k_hᵀ / √K)        o_h = P · v_h        y = o · Wo + bo
//! dv_h = Pᵀ · do_h    dP = do_h · v_hᵀ    dS = P · (dP − Σ dP · P) / √K
//! dq_h = dS · k_h     dk_h = dSᵀ · q_h
//! ```
//! With `rotary`, queries and keys are turned by their positions before they meet, and `dq` and `dk`
//! are turned back: see [`crate::kernels::rotary`].

use std::rc::Rc;

use super::cached_attention::CachedAttention;
use super::rotary::Angles;
use super::{Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::{bias, gemm, softmax};
use crate::layers::{Init, Rotary};
use crate::train::spec::{Fields, MaybeRotary};
use crate::train::stage::{Backward, Forward, Stage};

struct MultiHeadAttention {
    num_heads: usize,
    /// Numbers of each head.
    key_dim: usize,
    /// Whether a step sees only itself and those before it.
    causal: bool,
    use_bias: bool,
    /// Where a step's position turns its queries and keys.
    rotary: Option<Rotary>,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(MultiHeadAttention {
        num_heads: fields.required("num_heads"),
        key_dim: fields.required("key_dim"),
        causal: fields.or("causal", false),
        use_bias: fields.or("use_bias", true),
        rotary: fields
            .optional("rotary")
            .and_then(|MaybeRotary(rotary)| rotary),
        init: fields.or("init", Init::default()),
    })
}

/// The three maps of the input, by number.
const MAPS: [[&str; 2]; 3] = [
    ["query/kernel", "query/bias"],
    ["key/kernel", "key/bias"],
    ["value/kernel", "value/bias"],
];

impl Blueprint for MultiHeadAttention {
    fn build(&self, place: &Place) -> Result<Built> {
        let [steps, width] = place.sequence()?;
        let (heads, key) = (self.num_heads, self.key_dim);
        place.at_least_one("num_heads, key_dim", &[heads, key])?;
        place.at_most("num_heads, key_dim", &[heads, key], 1 << 14)?;
        if place.context.is_some() && !self.causal {
            return Err(place.misfit("causal", "true", "false"));
        }
        if self.rotary.is_some() && key % 2 == 1 {
            return Err(place.misfit("key_dim", "a multiple of 2", &key.to_string()));
        }
        let length = place.context.unwrap_or(steps);
        let angles = self
            .rotary
            .map(|rotary| Angles::new(rotary, length, key / 2));
        let mut weights = Vec::new();
        for [kernel, bias] in MAPS {
            weights.push(Weight::drawn(kernel, vec![width, heads, key], self.init));
            if self.use_bias {
                weights.push(Weight::filled(bias, vec![heads, key], 0.0));
            }
        }
        let output = vec![heads, key, width];
        weights.push(Weight::drawn("attention_output/kernel", output, self.init));
        if self.use_bias {
            weights.push(Weight::filled("attention_output/bias", vec![width], 0.0));
        }
        if let Some(context) = place.context {
            let stage = CachedAttention::new(context, width, [heads, key], self.use_bias, angles);
            return Ok(Built {
                weights,
                ..Built::new(vec![steps, width], stage)
            });
        }
        let stage = Attention {
            steps,
            width,
            heads,
            key,
            causal: self.causal,
            biased: self.use_bias,
            angles,
            maps: Default::default(),
            shares: Vec::new(),
            heard: Vec::new(),
            dmaps: Default::default(),
            dheard: Vec::new(),
            dshares: Vec::new(),
        };
        Ok(Built {
            weights,
            ..Built::new(vec![steps, width], stage)
        })
    }
}

struct Attention {
    steps: usize,
    width: usize,
    heads: usize,
    key: usize,
    causal: bool,
    biased: bool,
    angles: Option<Angles>,
    /// Queries and keys, turned where there are angles, and values `[n][steps][heads][key]`.
    maps: [Vec<f32>; 3],
    /// How much each step hears of each `[n][heads][steps][steps]`.
    shares: Vec<f32>,
    /// What the heads heard `[n][steps][heads][key]`.
    heard: Vec<f32>,
    /// Gradients, which only training needs; the shares' of one head at a time.
    dmaps: [Vec<f32>; 3],
    dheard: Vec<f32>,
    dshares: Vec<f32>,
}

impl Attention {
    /// The numbers of kernel and bias of one map; the fourth is that of the output.
    fn weights(&self, map: usize) -> (usize, Option<usize>) {
        match self.biased {
            true => (2 * map, Some(2 * map + 1)),
            false => (map, None),
        }
    }

    /// Elements of one sample's queries.
    fn queries(&self) -> usize {
        self.steps * self.heads * self.key
    }

    /// For each sample and head of a batch: where its queries begin, and its shares.
    fn heads(&self, n: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (heads, key, queries) = (self.heads, self.key, self.queries());
        let shares = self.steps * self.steps;
        (0..n * heads).map(move |head| {
            let (sample, of) = (head / heads, head % heads);
            (sample * queries + of * key, head * shares)
        })
    }
}

impl Stage for Attention {
    fn reserve(&mut self, n: usize) {
        for map in &mut self.maps {
            map.resize(n * self.steps * self.heads * self.key, 0.0);
        }
        self.heard.resize(n * self.queries(), 0.0);
        self.shares
            .resize(n * self.heads * self.steps * self.steps, 0.0);
    }

    fn forward(&mut self, pass: Forward<'_>) {
        let (t, all, key) = (self.steps, self.heads * self.key, self.key);
        let (n, x, width) = (pass.n, pass.inputs.get(0), self.width);
        let rows = n * t;
        for map in 0..3 {
            let (kernel, offset) = self.weights(map);
            let (kernel, y) = (pass.weights.get(kernel), &mut self.maps[map][..rows * all]);
            gemm(
                rows,
                all,
                width,
                x,
                (width, 1),
                kernel,
                (all, 1),
                y,
                all,
                false,
            );
            if let Some(offset) = offset {
                bias::add(rows, all, pass.weights.get(offset), y);
            }
        }
        if let Some(angles) = &self.angles {
            for map in &mut self.maps[..2] {
                angles.turn(self.heads, &mut map[..rows * all]);
            }
        }
        let scale = 1.0 / (key as f32).sqrt();
        for (at, shares) in self.heads(n) {
            let [q, k, v] = [0, 1, 2].map(|map: usize| &self.maps[map][at..]);
            let shares = &mut self.shares[shares..][..t * t];
            gemm(t, t, key, q, (all, 1), k, (1, all), shares, t, false);
            for (step, row) in shares.chunks_exact_mut(t).enumerate() {
                let seen = if self.causal { step + 1 } else { t };
                row[..seen].iter_mut().for_each(|score| *score *= scale);
                softmax::forward_in_place(1, seen, &mut row[..seen]);
                row[seen..].fill(0.0);
            }
            let heard = &mut self.heard[at..];
            gemm(t, key, t, shares, (t, 1), v, (all, 1), heard, all, false);
        }
        let (kernel, offset) = self.weights(3);
        let (heard, kernel) = (&self.heard[..rows * all], pass.weights.get(kernel));
        let y = pass.y;
        gemm(
            rows,
            width,
            all,
            heard,
            (all, 1),
            kernel,
            (width, 1),
            y,
            width,
            false,
        );
        if let Some(offset) = offset {
            bias::add(rows, width, pass.weights.get(offset), y);
        }
    }

    fn backward(&mut self, pass: Backward<'_>) {
        let (t, all, key) = (self.steps, self.heads * self.key, self.key);
        let Backward {
            n,
            weights,
            inputs,
            dy,
            mut dx,
            mut grads,
            ..
        } = pass;
        let (rows, width, x) = (n * t, self.width, inputs.get(0));
        let room = rows * all;
        for buffer in self.dmaps.iter_mut().chain([&mut self.dheard]) {
            buffer.resize(buffer.len().max(room), 0.0);
        }
        self.dshares.resize(t * t, 0.0);
        let (kernel, offset) = self.weights(3);
        if let Some(grads) = &mut grads {
            let (heard, dw) = (&self.heard[..room], grads.get(kernel));
            gemm(
                all,
                width,
                rows,
                heard,
                (1, all),
                dy,
                (width, 1),
                dw,
                width,
                false,
            );
            if let Some(offset) = offset {
                bias::backward(rows, width, dy, grads.get(offset));
            }
        }
        let (wo, dheard) = (weights.get(kernel), &mut self.dheard[..room]);
        gemm(
            rows,
            all,
            width,
            dy,
            (width, 1),
            wo,
            (1, width),
            dheard,
            all,
            false,
        );
        let scale = 1.0 / (key as f32).sqrt();
        for (at, shares) in self.heads(n) {
            let [q, k, v] = [0, 1, 2].map(|map: usize| &self.maps[map][at..]);
            let [dq, dk, dv] = &mut self.dmaps;
            let (dq, dk, dv) = (&mut dq[at..], &mut dk[at..], &mut dv[at..]);
            let (p, dp, dout) = (
                &self.shares[shares..][..t * t],
                &mut self.dshares[..],
                &self.dheard[at..],
            );
            gemm(t, key, t, p, (1, t), dout, (all, 1), dv, all, false);
            gemm(t, t, key, dout, (all, 1), v, (1, all), dp, t, false);
            // Where a step may not look, p is 0, and so is its slope.
            softmax::backward_in_place(t, t, p, dp);
            dp.iter_mut().for_each(|dp| *dp *= scale);
            gemm(t, key, t, dp, (t, 1), k, (all, 1), dq, all, false);
            gemm(t, key, t, dp, (1, t), q, (all, 1), dk, all, false);
        }
        if let Some(angles) = &self.angles {
            for dmap in &mut self.dmaps[..2] {
                angles.turn_back(self.heads, &mut dmap[..room]);
            }
        }
        for map in 0..3 {
            let (kernel, offset) = self.weights(map);
            let dmap = &self.dmaps[map][..room];
            if let Some(grads) = &mut grads {
                let dw = grads.get(kernel);
                gemm(
                    width,
                    all,
                    rows,
                    x,
                    (1, width),
                    dmap,
                    (all, 1),
                    dw,
                    all,
                    false,
                );
                if let Some(offset) = offset {
                    bias::backward(rows, all, dmap, grads.get(offset));
                }
            }
            let Some(dx) = &mut dx[0] else { continue };
            let w = weights.get(kernel);
            gemm(
                rows,
                width,
                all,
                dmap,
                (all, 1),
                w,
                (1, all),
                dx,
                width,
                map > 0,
            );
        }
    }
}
