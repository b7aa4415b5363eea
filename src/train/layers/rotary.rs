//! The angles by which a sequence's queries and keys are turned.

use crate::kernels::rotary;
use crate::layers::Rotary;

/// Cosines and sines `[steps][pairs]`.
pub(super) struct Angles {
    pairs: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Angles {
    pub fn new(spec: Rotary, steps: usize, pairs: usize) -> Angles {
        let [mut cos, mut sin] = [(); 2].map(|()| vec![0.0; steps * pairs]);
        let rows = cos.chunks_mut(pairs).zip(sin.chunks_mut(pairs));
        for (step, (cos, sin)) in rows.enumerate() {
            let position = (spec.start + step as f64) * spec.scale;
            rotary::angles(spec.base, position, cos, sin);
        }
        Angles { pairs, cos, sin }
    }

    /// Turns whole sequences. Shape: x `[n][steps][heads][2 · pairs]`.
    pub fn turn(&self, heads: usize, x: &mut [f32]) {
        rotary::forward(self.pairs, heads, &self.cos, &self.sin, x);
    }

    /// Turns their gradients back.
    pub fn turn_back(&self, heads: usize, dy: &mut [f32]) {
        rotary::backward(self.pairs, heads, &self.cos, &self.sin, dy);
    }

    /// Turns the heads of one step. Shape: x `[heads][2 · pairs]`.
    pub fn turn_step(&self, step: usize, heads: usize, x: &mut [f32]) {
        let now = step * self.pairs..(step + 1) * self.pairs;
        let (cos, sin) = (&self.cos[now.clone()], &self.sin[now]);
        rotary::forward(self.pairs, heads, cos, sin, x);
    }
}
