//! The steps in f32, to see what they say to samples before they are whole numbers.

use super::super::network::{Network, Parameter};
use super::outline::{Kind, Outline, Step};
use crate::kernels::{
    Conv2dShape, Pool2dShape, bias, conv2d, gemm, max_pool2d, relu, sum, window_mean,
};

/// A step's weights, a batch normalisation multiplied in. Shape: kernel `[k][channels]`, bias `[channels]`.
pub(super) struct Folded {
    pub kernel: Vec<f32>,
    pub bias: Vec<f32>,
}

/// Those of each step; None where it has none.
pub(super) fn fold(network: &Network, outline: &Outline, params: &[f32]) -> Vec<Option<Folded>> {
    let weights = |step: &Step| {
        let (_, channels) = step.kernel()?;
        let of = |p: &Parameter| &params[p.range()];
        let own = &network.layers[step.layer].parameters;
        let mut kernel = of(&own[0]).to_vec();
        let mut bias = own.get(1).map_or(vec![0.0; channels], |p| of(p).to_vec());
        if let Some(norm) = &step.norm {
            let parts = &network.layers[norm.layer].parameters;
            let part = |number: usize| of(&parts[number]);
            for (o, bias) in bias.iter_mut().enumerate() {
                let variance = f64::from(part(norm.moving + 1)[o]) + f64::from(norm.epsilon);
                let gamma = norm.gamma.map_or(1.0, |g| f64::from(part(g)[o]));
                let beta = norm.beta.map_or(0.0, |b| f64::from(part(b)[o]));
                let factor = gamma / libm::sqrt(variance);
                let mean = f64::from(part(norm.moving)[o]);
                *bias = ((f64::from(*bias) - mean) * factor + beta) as f32;
                for w in kernel.iter_mut().skip(o).step_by(channels) {
                    *w = (f64::from(*w) * factor) as f32;
                }
            }
        }
        Some(Folded { kernel, bias })
    };
    outline.steps.iter().map(weights).collect()
}

/// What each step makes of `n` samples; the input comes first.
pub(super) fn run(
    outline: &Outline,
    weights: &[Option<Folded>],
    n: usize,
    x: &[f32],
) -> Vec<Vec<f32>> {
    let mut values = vec![x.to_vec()];
    for (step, weights) in outline.steps.iter().zip(weights) {
        let mut y = vec![0.0; n * outline.widths[values.len()]];
        let x = &values[step.inputs[0]];
        match (&step.kind, weights) {
            (Kind::Conv2d(shape), Some(weights)) => {
                let shape = Conv2dShape { n, ..*shape };
                let mut whole = vec![0.0; shape.y_len()];
                conv2d::forward(&shape, x, &weights.kernel, Some(&weights.bias), &mut whole);
                if step.pooled {
                    max_pool(&halves(&shape), &whole, &mut y);
                } else {
                    y = whole;
                }
            }
            (
                &Kind::Dense {
                    rows,
                    inputs,
                    units,
                },
                Some(weights),
            ) => {
                let rows = n * rows;
                gemm(
                    rows,
                    units,
                    inputs,
                    x,
                    (inputs, 1),
                    &weights.kernel,
                    (units, 1),
                    &mut y,
                    units,
                    false,
                );
                bias::add(rows, units, &weights.bias, &mut y);
            }
            (Kind::MaxPool(shape), _) => max_pool(&Pool2dShape { n, ..*shape }, x, &mut y),
            (Kind::Mean(windows), _) => {
                let mut windows = windows.clone();
                windows.n = n;
                window_mean::forward(&windows, None, x, &mut y);
            }
            (Kind::Curve(curve), _) => {
                y.copy_from_slice(x);
                curve.apply(&mut y);
            }
            (Kind::Sum, _) => {
                y.copy_from_slice(x);
                sum::accumulate(&mut y, &values[step.inputs[1]]);
            }
            _ => unreachable!("a layer with weights has some"),
        }
        if step.relu {
            relu::forward_in_place(&mut y);
        }
        values.push(y);
    }
    values
}

fn max_pool(shape: &Pool2dShape, x: &[f32], y: &mut [f32]) {
    max_pool2d::forward(shape, x, y, &mut vec![0; shape.y_len()]);
}

/// The 2 × 2 maximum of what a convolution says.
fn halves(s: &Conv2dShape) -> Pool2dShape {
    Pool2dShape {
        n: s.n,
        h: s.oh(),
        w: s.ow(),
        c: s.o,
        size: (2, 2),
        stride: (2, 2),
        pad: [0; 4],
    }
}
