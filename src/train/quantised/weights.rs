//! Weights as whole numbers, and the multipliers that bring their sums to a scale.

use super::super::network::Layer;
use super::Grid;
use super::float::Folded;
use crate::error::{Error, Result};
use crate::kernels::quantised::{Addition, Requantise};

/// A step's weights. Shape: kernel `[k][channels]`, bias `[channels]`, scales `[channels]` or `[1]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weights {
    pub kernel: Vec<i8>,
    pub bias: Vec<i32>,
    pub scales: Vec<f32>,
    /// ‖w − ŵ‖ / ‖w‖, where w was seen.
    pub error: Option<f64>,
}

/// No sum may be further from 0: two of them and a zero still fit.
const FURTHEST: i64 = 1 << 30;
/// No bias may be further: the scale of a channel gives way to it.
const FURTHEST_BIAS: f32 = (1u32 << 28) as f32;
/// A channel whose weights are all zero still needs a scale.
const FINEST: f32 = 1e-20;

impl Weights {
    /// `w ≈ scale · q`, q in −127..=127; `bias ≈ x_scale · scale · b`.
    ///
    /// Errs where a weight is none, or sums of so many products can overflow.
    pub fn new(layer: &Layer, folded: &Folded, x_scale: f32, per_channel: bool) -> Result<Weights> {
        let channels = folded.bias.len();
        let mut scales = vec![FINEST; channels];
        for row in folded.kernel.chunks_exact(channels) {
            for (scale, w) in scales.iter_mut().zip(row) {
                *scale = scale.max(w.abs() / 127.0);
            }
        }
        for (scale, b) in scales.iter_mut().zip(&folded.bias) {
            *scale = scale.max(b.abs() / x_scale / FURTHEST_BIAS);
        }
        let finite = |numbers: &[f32]| numbers.iter().all(|number| number.is_finite());
        if !finite(&folded.kernel) || !finite(&folded.bias) || !finite(&scales) {
            return Err(refuse(layer, "kernel", "finite", "NaN | inf"));
        }
        if !per_channel {
            scales = vec![scales.iter().copied().fold(FINEST, f32::max)];
        }
        let scale = |o: usize| scales[if per_channel { o } else { 0 }];
        let whole = |(at, &w): (usize, &f32)| {
            (w / scale(at % channels))
                .round_ties_even()
                .clamp(-127.0, 127.0) as i8
        };
        let kernel: Vec<i8> = folded.kernel.iter().enumerate().map(whole).collect();
        let bias = folded.bias.iter().enumerate().map(|(o, &b)| {
            let step = f64::from(x_scale) * f64::from(scale(o));
            libm::rint(f64::from(b) / step) as i32
        });
        let (mut lost, mut all) = (0.0, 0.0);
        for (at, (&w, &q)) in folded.kernel.iter().zip(&kernel).enumerate() {
            let (w, kept) = (f64::from(w), f64::from(scale(at % channels)) * f64::from(q));
            lost += (w - kept) * (w - kept);
            all += w * w;
        }
        let weights = Weights {
            bias: bias.collect(),
            kernel,
            scales,
            error: (all > 0.0).then(|| libm::sqrt(lost / all)),
        };
        match weights.reach() {
            reach if reach < FURTHEST => Ok(weights),
            reach => Err(refuse(
                layer,
                "kernel",
                &format!("sums < {FURTHEST}"),
                &reach.to_string(),
            )),
        }
    }

    /// How far a sum can be from 0.
    pub fn reach(&self) -> i64 {
        let channels = self.bias.len();
        let mut reach: Vec<i64> = self.bias.iter().map(|&b| i64::from(b).abs()).collect();
        for row in self.kernel.chunks_exact(channels) {
            for (reach, &q) in reach.iter_mut().zip(row) {
                *reach += 255 * i64::from(q).abs();
            }
        }
        reach.into_iter().max().unwrap_or(0)
    }

    /// The greatest of what one step of the sums is worth, by channel.
    pub fn finest(&self, x_scale: f32) -> f32 {
        // A little above, so that a multiplier stays below 1.
        self.scales.iter().copied().fold(0.0, f32::max) * x_scale * (1.0 + f32::EPSILON)
    }

    /// What a sum of channel `o` is worth.
    pub fn worth(&self, x_scale: f32, o: usize) -> f32 {
        x_scale * self.scales[if self.scales.len() == 1 { 0 } else { o }]
    }

    /// How the sums come to a grid. Errs where a multiplier would be 1 or more.
    pub fn requantise(
        &self,
        layer: &str,
        x_scale: f32,
        to: Grid,
        relu: bool,
    ) -> Result<Requantise> {
        let ratio = |o: usize| {
            let scale = self.scales[if self.scales.len() == 1 { 0 } else { o }];
            f64::from(x_scale) * f64::from(scale) / f64::from(to.scale)
        };
        let ratios: Vec<f64> = (0..self.bias.len()).map(ratio).collect();
        let largest = ratios.iter().copied().fold(0.0, f64::max);
        if !(largest > 0.0 && largest < 1.0) || self.reach() >= FURTHEST {
            return Err(Error::InvalidArgument {
                place: layer.into(),
                argument: "scale".into(),
                expected: "0 < scale_x · scale_w / scale_y < 1".into(),
                got: largest.to_string(),
            });
        }
        // largest = f · 2^e with f in [0.5, 1): 31 bits of the largest, fewer of the others.
        let (_, e) = libm::frexp(largest);
        let shift = (31 - e).clamp(31, 62);
        let whole =
            |ratio: &f64| libm::rint(libm::ldexp(*ratio, shift)).min(f64::from(i32::MAX)) as i32;
        Ok(Requantise {
            multipliers: ratios.iter().map(whole).collect(),
            shift: shift as u32,
            zero: to.zero,
            low: if relu { to.zero } else { -128 },
        })
    }
}

/// How values of two grids are added on a third.
pub(super) fn addition(layer: &str, from: [Grid; 2], to: Grid, relu: bool) -> Result<Addition> {
    let ratios = from.map(|grid| f64::from(grid.scale) / f64::from(to.scale));
    let largest = ratios[0].max(ratios[1]);
    let (_, e) = libm::frexp(largest);
    // Both multipliers stay below 2^21.
    let shift = 21 - e;
    if !(largest > 0.0 && largest.is_finite()) || shift < 1 {
        return Err(Error::InvalidArgument {
            place: layer.into(),
            argument: "scale".into(),
            expected: "scale_x / scale_y < 2^20".into(),
            got: largest.to_string(),
        });
    }
    let shift = shift.min(30);
    let whole = |ratio: f64| (libm::rint(libm::ldexp(ratio, shift)) as i32).min((1 << 21) - 1);
    Ok(Addition {
        zeros: from.map(|grid| grid.zero),
        multipliers: ratios.map(whole),
        shift: shift as u32,
        zero: to.zero,
        low: if relu { to.zero } else { -128 },
    })
}

fn refuse(layer: &Layer, argument: &str, expected: &str, got: &str) -> Error {
    Error::LayerArgument {
        layer: layer.name.clone(),
        kind: layer.kind.into(),
        argument: argument.into(),
        expected: expected.into(),
        got: got.into(),
    }
}
