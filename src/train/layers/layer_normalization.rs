//! Each sample normalised by itself: over the last axis, over groups of channels, or by its mean
//! square alone.

use std::rc::Rc;

use super::batch_normalization::affine;
use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::kernels::bias;
use crate::kernels::normalize::{self, NormShape, Statistics};
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Stage};

struct Normalization {
    /// Groups of channels; None: over the last axis, each row by itself.
    groups: Option<usize>,
    /// Whether the mean is taken off first.
    centred: bool,
    epsilon: f64,
    center: bool,
    scale: bool,
}

/// Keras's `LayerNormalization`, and `RMSNormalization` (which has no shift).
pub(super) fn read(kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    let centred = kind == "layer_normalization";
    Rc::new(Normalization {
        groups: None,
        centred,
        epsilon: fields.or("epsilon", if centred { 1e-3 } else { 1e-6 }),
        center: centred && fields.or("center", true),
        scale: !centred || fields.or("scale", true),
    })
}

/// Keras's `GroupNormalization` (Wu and He 2018).
pub(super) fn read_group(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Normalization {
        groups: Some(fields.or("groups", 32)),
        centred: true,
        epsilon: fields.or("epsilon", 1e-3),
        center: fields.or("center", true),
        scale: fields.or("scale", true),
    })
}

impl Blueprint for Normalization {
    fn build(&self, place: &Place) -> Result<Built> {
        let (rows, columns) = place.rows()?;
        place.in_range("epsilon", self.epsilon, 0.0..=1.0)?;
        let shape = match self.groups {
            None => NormShape {
                outer: rows,
                middle: 1,
                groups: 1,
                inner: columns,
            },
            Some(groups) => {
                place.channels("channels", columns, columns, groups)?;
                NormShape {
                    outer: 1,
                    middle: rows,
                    groups,
                    inner: columns / groups,
                }
            }
        };
        let stage = BySample {
            shape,
            centred: self.centred,
            gamma: self.scale.then_some(0),
            beta: self.center.then_some(usize::from(self.scale)),
            epsilon: self.epsilon as f32,
            mean: Vec::new(),
            r: Vec::new(),
        };
        Ok(Built {
            weights: affine(self.scale, self.center, columns),
            ..Built::new(place.input()?.to_vec(), stage)
        })
    }
}

struct BySample {
    /// Of one sample.
    shape: NormShape,
    centred: bool,
    /// Numbers of weights.
    gamma: Option<usize>,
    beta: Option<usize>,
    epsilon: f32,
    mean: Vec<f32>,
    r: Vec<f32>,
}

impl BySample {
    fn shape(&self, n: usize) -> NormShape {
        NormShape {
            outer: n * self.shape.outer,
            ..self.shape
        }
    }
}

impl Stage for BySample {
    fn reserve(&mut self, n: usize) {
        self.mean.resize(self.shape(n).statistics(), 0.0);
        self.r.resize(self.mean.len(), 0.0);
    }

    /// `y = (x − mean) · r · γ + β`, `r = 1 / √(variance + ε)`
    fn forward(&mut self, pass: Forward<'_>) {
        let (shape, x) = (self.shape(pass.n), pass.inputs.get(0));
        let count = shape.statistics();
        let (mean, r) = (&mut self.mean[..count], &mut self.r[..count]);
        normalize::statistics(&shape, self.centred, x, mean, r);
        for r in r.iter_mut() {
            *r = 1.0 / (*r + self.epsilon).sqrt();
        }
        let [gamma, beta] = [self.gamma, self.beta].map(|part| part.map(|p| pass.weights.get(p)));
        normalize::forward(&shape, x, mean, r, gamma, beta, pass.y);
    }

    /// `dx = r · (g − mean(g) − x̂ · mean(g · x̂))` with g = dy · γ, `dγ = Σ dy · x̂`, `dβ = Σ dy`
    fn backward(&mut self, pass: Backward<'_>) {
        let shape = self.shape(pass.n);
        let Backward {
            weights,
            inputs,
            dy,
            mut dx,
            grads,
            ..
        } = pass;
        let count = shape.statistics();
        let (x, mean, r) = (inputs.get(0), &self.mean[..count], &self.r[..count]);
        if let Some(mut grads) = grads {
            if let Some(gamma) = self.gamma {
                normalize::backward_scale(&shape, x, mean, r, dy, grads.get(gamma));
            }
            if let Some(beta) = self.beta {
                let width = shape.width();
                bias::backward(dy.len() / width, width, dy, grads.get(beta));
            }
        }
        if let Some(dx) = &mut dx[0] {
            let source = if self.centred {
                Statistics::Own
            } else {
                Statistics::MeanSquare
            };
            let gamma = self.gamma.map(|part| weights.get(part));
            normalize::backward_input(&shape, source, x, mean, r, gamma, dy, dx);
        }
    }
}
