//! A trained network on int8: post-training quantisation, and what answers afterwards.
//!
//! The scheme is that of Jacob et al. 2018 ("Quantization and Training of Neural Networks for Efficient
//! Integer-Arithmetic-Only Inference") as TensorFlow Lite's int8 specification has it: weights are
//! symmetric with 127 steps on either side, activations have a zero of their own, biases are int32 at
//! `scale_x · scale_w`. Batch normalisation is multiplied into the weights before it; relu is a cut; other
//! curves are tables of 256 numbers. The last layer's sums leave as f32.

mod file;
mod float;
mod outline;
mod ranges;
mod run;
mod weights;

use serde::Serialize;

pub use ranges::Calibration;

use super::loss::Objective;
use super::network::Network;
use super::session::Session;
use super::spec::RunSpec;
use crate::error::Result;
use crate::kernels::quantised::{Addition, Packed, Requantise};
use crate::kernels::{Conv2dShape, Pool2dShape, Windows};
use outline::{Kind, Outline, Step};
use ranges::Observed;
use weights::Weights;

/// How a network becomes int8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantiseSpec {
    /// A scale for each output channel, or one for a whole kernel.
    pub per_channel: bool,
    pub calibration: Calibration,
}

/// What whole numbers stand for: `r = scale · (q − zero)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    pub scale: f32,
    pub zero: i8,
}

impl Grid {
    /// 256 steps over a range that holds 0, which is one of them.
    pub fn over((low, high): (f32, f32)) -> Grid {
        let scale = ((high - low) / 255.0).max(f32::MIN_POSITIVE);
        Grid::with_scale(low, scale)
    }

    fn with_scale(low: f32, scale: f32) -> Grid {
        let zero = (-128.0 - f64::from(low) / f64::from(scale)).clamp(-128.0, 127.0);
        Grid {
            scale,
            zero: libm::rint(zero) as i8,
        }
    }

    /// The same range in steps that are no finer than `least`.
    fn no_finer(self, least: f32) -> Grid {
        if self.scale >= least {
            return self;
        }
        let low = (-128.0 - f32::from(self.zero)) * self.scale;
        Grid::with_scale(low, least)
    }
}

/// What a file holds beside the network.
struct Parts {
    per_channel: bool,
    /// How the ranges were seen, for whoever reads the file.
    calibration: String,
    /// Of each value but the sums that are the answer.
    grids: Vec<Grid>,
    /// Of each step; None where it has none.
    weights: Vec<Option<Weights>>,
    tables: Vec<Option<Box<[i8; 256]>>>,
}

/// What a step computes.
enum Op {
    Conv2d {
        shape: Conv2dShape,
        packed: Packed,
        pooled: bool,
        /// None where the sums are the answer.
        how: Option<Requantise>,
    },
    Dense {
        rows: usize,
        packed: Packed,
        how: Option<Requantise>,
    },
    MaxPool(Pool2dShape),
    Mean(Windows),
    Table(Box<[i8; 256]>),
    Sum(Addition),
}

/// A network whose numbers are int8.
pub struct QuantisedModel {
    run: RunSpec,
    network: Network,
    outline: Outline,
    parts: Parts,
    ops: Vec<Op>,
    objective: Objective,
    /// The input and what each step makes, for `capacity` samples; nothing for sums that are the answer.
    values: Vec<Vec<i8>>,
    /// The answer of the last run, before the activation that the loss takes over.
    sums: Vec<i32>,
    answers: Vec<f32>,
}

/// One step, for a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuantisedLayer {
    pub name: String,
    pub kind: &'static str,
    /// The layers behind it that were taken into it.
    pub folded: Vec<String>,
    /// Multiplications for one sample; 0 where it has no weights.
    pub multiplications: usize,
    /// Numbers of its weights, and scales that they have.
    pub weights: usize,
    pub weight_scales: usize,
    /// Of what it makes; none for the answer's sums.
    pub scale: Option<f32>,
    pub zero: Option<i8>,
    /// ‖w − ŵ‖ / ‖w‖, when it was just made: the share that rounding took of the weights.
    pub weight_error: Option<f64>,
}

impl Session {
    /// The model as it stands on int8, its ranges seen on the samples x `[N][...]`.
    ///
    /// Errs where a layer has no int8 form, naming it, and where a percentile is none.
    pub fn quantise(&self, spec: &QuantiseSpec, x: &[f32]) -> Result<QuantisedModel> {
        let n = self.check_samples("quantise", x, None)?;
        spec.calibration.check()?;
        let (network, outline) = Outline::new(self.spec())?;
        let folded = float::fold(&network, &outline, &self.plan.params);
        let observed = observe(&outline, &folded, n, x);
        let mut grids: Vec<Grid> = Vec::new();
        let mut weights = Vec::new();
        let mut tables = Vec::new();
        grids.push(Grid::over(observed[0].range(spec.calibration)));
        for (at, (step, folded)) in outline.steps.iter().zip(&folded).enumerate() {
            let input = grids[step.inputs[0]];
            let own = folded.as_ref().map(|folded| {
                let layer = &network.layers[step.layer];
                Weights::new(layer, folded, input.scale, spec.per_channel)
            });
            let own = own.transpose()?;
            let sums = at + 1 == outline.steps.len() && outline.answers_in_sums();
            let range = observed[at + 1].range(spec.calibration);
            let least = match &own {
                // A step of the output below one of the sums would say nothing.
                Some(own) => own.finest(input.scale),
                None if matches!(step.kind, Kind::Sum) => {
                    let scale = |value: usize| grids[value].scale;
                    scale(step.inputs[0]).max(scale(step.inputs[1])) / 65536.0
                }
                None => 0.0,
            };
            let grid = match step.keeps_grid() {
                true => input,
                false => Grid::over(range).no_finer(least),
            };
            tables.push(match &step.kind {
                Kind::Curve(curve) => Some(table(*curve, input, grid)),
                _ => None,
            });
            weights.push(own);
            if !sums {
                grids.push(grid);
            }
        }
        let parts = Parts {
            per_channel: spec.per_channel,
            calibration: spec.calibration.name(),
            grids,
            weights,
            tables,
        };
        QuantisedModel::assemble(self.spec().clone(), network, outline, parts)
    }
}

/// What each value is on samples, in two passes.
fn observe(
    outline: &Outline,
    folded: &[Option<float::Folded>],
    n: usize,
    x: &[f32],
) -> Vec<Observed> {
    const CHUNK: usize = 16;
    let width = x.len() / n;
    let mut observed: Vec<Observed> = outline.widths.iter().map(|_| Observed::new()).collect();
    for look in [Observed::reach, Observed::count] {
        for x in x.chunks(CHUNK * width) {
            let values = float::run(outline, folded, x.len() / width, x);
            for (observed, values) in observed.iter_mut().zip(&values) {
                look(observed, values);
            }
        }
    }
    observed
}

/// A curve from one grid to another.
fn table(curve: super::stage::Curve, from: Grid, to: Grid) -> Box<[i8; 256]> {
    let mut values: [f32; 256] =
        std::array::from_fn(|q| (q as f32 - 128.0 - f32::from(from.zero)) * from.scale);
    curve.apply(&mut values);
    let mut table = Box::new([0; 256]);
    crate::kernels::quantised::quantise(&values, to.scale, to.zero, &mut table[..]);
    table
}

impl QuantisedModel {
    /// Puts together what [`Session::quantise`] made, or a file said.
    fn assemble(
        run: RunSpec,
        network: Network,
        outline: Outline,
        parts: Parts,
    ) -> Result<QuantisedModel> {
        let mut ops = Vec::new();
        for (at, step) in outline.steps.iter().enumerate() {
            ops.push(parts.op(&network, step, at)?);
        }
        Ok(QuantisedModel {
            objective: Objective::new(&run.loss, network.output_shape()),
            values: vec![Vec::new(); outline.widths.len()],
            run,
            network,
            outline,
            parts,
            ops,
            sums: Vec::new(),
            answers: Vec::new(),
        })
    }

    /// Whether the loss takes class numbers as targets, and not numbers.
    pub fn takes_labels(&self) -> bool {
        self.objective.takes_labels()
    }

    /// The steps in the order of computation.
    pub fn layers(&self) -> Vec<QuantisedLayer> {
        let name = |&layer: &usize| self.network.layers[layer].name.clone();
        let steps = self.outline.steps.iter().zip(&self.parts.weights);
        let layer = |(at, (step, weights)): (usize, (&Step, &Option<Weights>))| {
            let grid = self.parts.grids.get(at + 1);
            let numbers = weights.as_ref().map_or(0, |weights| weights.kernel.len());
            QuantisedLayer {
                name: name(&step.layer),
                kind: self.network.layers[step.layer].kind,
                folded: step.folded.iter().map(name).collect(),
                multiplications: match &step.kind {
                    Kind::Conv2d(shape) => shape.oh() * shape.ow() * numbers,
                    Kind::Dense { rows, .. } => rows * numbers,
                    _ => 0,
                },
                weights: numbers,
                weight_scales: weights.as_ref().map_or(0, |weights| weights.scales.len()),
                scale: grid.map(|grid| grid.scale),
                zero: grid.map(|grid| grid.zero),
                weight_error: weights.as_ref().and_then(|weights| weights.error),
            }
        };
        steps.enumerate().map(layer).collect()
    }
}

impl Parts {
    /// Errs where numbers are out of what the kernels take, naming the layer.
    fn op(&self, network: &Network, step: &Step, at: usize) -> Result<Op> {
        let layer = &network.layers[step.layer].name;
        let grid = self.grids.get(at + 1);
        let input = self.grids[step.inputs[0]];
        if let Some(weights) = &self.weights[at] {
            let how = grid.map(|grid| weights.requantise(layer, input.scale, *grid, step.relu));
            let how = how.transpose()?;
            return Ok(match &step.kind {
                Kind::Conv2d(shape) => Op::Conv2d {
                    shape: *shape,
                    packed: Packed::conv2d(shape, &weights.kernel, &weights.bias),
                    pooled: step.pooled,
                    how,
                },
                &Kind::Dense { rows, inputs, .. } => Op::Dense {
                    rows,
                    packed: Packed::new(1, inputs, &weights.kernel, &weights.bias),
                    how,
                },
                _ => unreachable!("only these have weights"),
            });
        }
        Ok(match &step.kind {
            Kind::MaxPool(shape) => Op::MaxPool(*shape),
            Kind::Mean(windows) => Op::Mean(windows.clone()),
            Kind::Curve(_) => Op::Table(self.tables[at].clone().expect("a curve has a table")),
            _ => {
                let [a, b] = [0, 1].map(|i| self.grids[step.inputs[i]]);
                let to = *grid.expect("sums of weights alone have no grid");
                Op::Sum(weights::addition(layer, [a, b], to, step.relu)?)
            }
        })
    }
}

#[cfg(test)]
mod tests;
