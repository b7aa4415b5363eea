//! Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted.
//!
//! In training the statistics are the batch's, and moving means of them are kept, which stand for
//! them afterwards (Ioffe and Szegedy 2015). Where a batch is cut into shards, each shard is
//! normalised by its own statistics, and the moving ones follow the mean over the shards weighted
//! by their samples, as Keras averages replicas. They travel as the gradients do, so they don't
//! depend on how many workers there are. A frozen layer normalises by the moving statistics, as
//! Keras's does.

use std::rc::Rc;

use super::{Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::bias;
use crate::kernels::normalize::{self, NormShape, Statistics};
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Plain, Stage, Weights};

struct BatchNormalization {
    momentum: f64,
    epsilon: f64,
    center: bool,
    scale: bool,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(BatchNormalization {
        momentum: fields.or("momentum", 0.99),
        epsilon: fields.or("epsilon", 1e-3),
        center: fields.or("center", true),
        scale: fields.or("scale", true),
    })
}

impl Blueprint for BatchNormalization {
    fn build(&self, place: &Place) -> Result<Built> {
        let (rows, c) = place.rows()?;
        place.in_range("momentum", self.momentum, 0.0..=1.0)?;
        place.in_range("epsilon", self.epsilon, 0.0..=1.0)?;
        let mut weights = affine(self.scale, self.center, c);
        for (part, value) in [("moving_mean", 0.0), ("moving_variance", 1.0)] {
            weights.push(Weight {
                momentum: Some(self.momentum),
                ..Weight::filled(part, vec![c], value)
            });
        }
        let stage = OverBatch {
            rows,
            c,
            gamma: self.scale.then_some(0),
            beta: self.center.then_some(usize::from(self.scale)),
            moving: weights.len() - 2,
            epsilon: self.epsilon as f32,
            by_batch: false,
            mean: vec![0.0; c],
            variance: vec![0.0; c],
            r: vec![0.0; c],
        };
        Ok(Built {
            weights,
            ..Built::new(place.input()?.to_vec(), stage)
        })
    }
}

/// Scale and shift, where they are used.
pub(super) fn affine(scale: bool, center: bool, columns: usize) -> Vec<Weight> {
    let gamma = scale.then(|| Weight::filled("gamma", vec![columns], 1.0));
    let beta = center.then(|| Weight::filled("beta", vec![columns], 0.0));
    gamma.into_iter().chain(beta).collect()
}

struct OverBatch {
    /// Of one sample.
    rows: usize,
    c: usize,
    /// Numbers of weights; the moving mean's is followed by the moving variance's.
    gamma: Option<usize>,
    beta: Option<usize>,
    moving: usize,
    epsilon: f32,
    /// Whether the last pass took the batch's statistics.
    by_batch: bool,
    mean: Vec<f32>,
    variance: Vec<f32>,
    r: Vec<f32>,
}

impl OverBatch {
    fn shape(&self, n: usize) -> NormShape {
        NormShape {
            outer: 1,
            middle: n * self.rows,
            groups: self.c,
            inner: 1,
        }
    }

    fn affine<'a>(&self, weights: Weights<'a>) -> [Option<&'a [f32]>; 2] {
        [self.gamma, self.beta].map(|part| part.map(|part| weights.get(part)))
    }
}

impl Stage for OverBatch {
    fn plain(&self) -> Option<Plain> {
        Some(Plain::Affine {
            gamma: self.gamma,
            beta: self.beta,
            moving: self.moving,
            epsilon: self.epsilon,
        })
    }

    /// `y = (x − mean) · r · γ + β`, `r = 1 / √(variance + ε)`
    fn forward(&mut self, pass: Forward<'_>) {
        let (shape, x) = (self.shape(pass.n), pass.inputs.get(0));
        self.by_batch = pass.training() && !pass.frozen;
        if self.by_batch {
            normalize::statistics(&shape, true, x, &mut self.mean, &mut self.variance);
        } else {
            self.mean.copy_from_slice(pass.weights.get(self.moving));
            self.variance
                .copy_from_slice(pass.weights.get(self.moving + 1));
        }
        for (r, variance) in self.r.iter_mut().zip(&self.variance) {
            *r = 1.0 / (variance + self.epsilon).sqrt();
        }
        let [gamma, beta] = self.affine(pass.weights);
        normalize::forward(&shape, x, &self.mean, &self.r, gamma, beta, pass.y);
    }

    /// `dx = r · (g − mean(g) − x̂ · mean(g · x̂))` with g = dy · γ, `dγ = Σ dy · x̂`, `dβ = Σ dy`;
    /// by moving statistics `dx = r · g`. What the moving statistics are to follow goes where a
    /// gradient of theirs would: these samples' share of it.
    fn backward(&mut self, pass: Backward<'_>) {
        let shape = self.shape(pass.n);
        let Backward {
            weights,
            inputs,
            dy,
            mut dx,
            grads,
            share,
            ..
        } = pass;
        let (x, mean, r) = (inputs.get(0), &self.mean, &self.r);
        if let Some(mut grads) = grads {
            if let Some(gamma) = self.gamma {
                normalize::backward_scale(&shape, x, mean, r, dy, grads.get(gamma));
            }
            if let Some(beta) = self.beta {
                bias::backward(shape.middle, self.c, dy, grads.get(beta));
            }
            for (part, statistic) in [mean, &self.variance].into_iter().enumerate() {
                let followed = grads.get(self.moving + part);
                for (followed, &statistic) in followed.iter_mut().zip(statistic) {
                    *followed = statistic * share;
                }
            }
        }
        if let Some(dx) = &mut dx[0] {
            let source = if self.by_batch {
                Statistics::Own
            } else {
                Statistics::Given
            };
            let [gamma, _] = self.affine(weights);
            normalize::backward_input(&shape, source, x, mean, r, gamma, dy, dx);
        }
    }
}
