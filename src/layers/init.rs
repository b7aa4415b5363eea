//! How parameters begin.
//!
//! Pure functions of a generator and the fans: how many inputs feed one output (`fan_in`) and how
//! many outputs one input feeds (`fan_out`). Keras's definitions: its normals are cut at two
//! deviations and widened, so that the cut ones have the deviation asked for.

use crate::kernels::Real;
use crate::rng::Rng;

/// The deviation of a standard normal that is cut at ±2.
const CUT_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// How a kernel is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Init {
    /// All 0, as biases begin.
    Zeros,
    /// All 1.
    Ones,
    /// All the same.
    Constant {
        /// Any number.
        value: f64,
    },
    /// Uniform within [low, high).
    Uniform {
        /// The least.
        low: f64,
        /// The most.
        high: f64,
    },
    /// Normal.
    Normal {
        /// Where it is centred.
        mean: f64,
        /// 0 or more.
        stddev: f64,
    },
    /// Normal, drawn again beyond two deviations: the numbers' own deviation is 0.88 of this one's
    /// (Keras's `TruncatedNormal`).
    TruncatedNormal {
        /// Where it is centred.
        mean: f64,
        /// 0 or more: that of the normal before it was cut.
        stddev: f64,
    },
    /// Uniform within ±√(6 / (fan_in + fan_out)) (Glorot and Bengio 2010), Keras's default.
    #[default]
    GlorotUniform,
    /// Cut normal of deviation √(2 / (fan_in + fan_out)).
    GlorotNormal,
    /// Uniform within ±√(6 / fan_in) (He et al. 2015), for relu.
    HeUniform,
    /// Cut normal of deviation √(2 / fan_in).
    HeNormal,
    /// Uniform within ±√(3 / fan_in) (LeCun et al. 1998), for selu and tanh.
    LecunUniform,
    /// Cut normal of deviation √(1 / fan_in).
    LecunNormal,
    /// Rows or columns, whichever are fewer, at right angles and `gain` long (Saxe et al. 2014).
    /// A kernel of more dimensions is a matrix of its last against all others.
    Orthogonal {
        /// Any number.
        gain: f64,
    },
}

impl Init {
    /// Fills `out` in order, drawing from `rng`.
    pub fn fill<T: Real>(self, rng: &mut Rng, fan_in: usize, fan_out: usize, out: &mut [T]) {
        let (inputs, mean_fan) = (fan_in as f64, (fan_in as f64 + fan_out as f64) / 2.0);
        match self {
            Self::Zeros => out.fill(T::ZERO),
            Self::Ones => out.fill(T::ONE),
            Self::Constant { value } => out.fill(T::from_f64(value)),
            Self::Uniform { low, high } => {
                out.fill_with(|| T::from_f64(rng.uniform_in(low, high)));
            }
            Self::Normal { mean, stddev } => {
                out.fill_with(|| T::from_f64(mean + stddev * rng.normal()));
            }
            Self::TruncatedNormal { mean, stddev } => {
                out.fill_with(|| T::from_f64(mean + stddev * cut(rng)));
            }
            Self::GlorotUniform => uniform(rng, libm::sqrt(3.0 / mean_fan), out),
            Self::GlorotNormal => cut_normal(rng, libm::sqrt(1.0 / mean_fan), out),
            Self::HeUniform => uniform(rng, libm::sqrt(6.0 / inputs), out),
            Self::HeNormal => cut_normal(rng, libm::sqrt(2.0 / inputs), out),
            Self::LecunUniform => uniform(rng, libm::sqrt(3.0 / inputs), out),
            Self::LecunNormal => cut_normal(rng, libm::sqrt(1.0 / inputs), out),
            Self::Orthogonal { gain } => {
                // A kernel's last dimension is its outputs, all others are its inputs.
                let columns = out.len() / fan_in.max(1);
                let matrix = orthogonal(rng, fan_in, columns);
                for (value, drawn) in out.iter_mut().zip(matrix) {
                    *value = T::from_f64(gain * drawn);
                }
            }
        }
    }
}

/// Uniform in [−bound, bound).
pub fn uniform<T: Real>(rng: &mut Rng, bound: f64, out: &mut [T]) {
    out.fill_with(|| T::from_f64(rng.uniform_in(-bound, bound)));
}

/// Normal of the given deviation after being cut at two of its own before.
pub fn cut_normal<T: Real>(rng: &mut Rng, deviation: f64, out: &mut [T]) {
    let scale = deviation / CUT_DEVIATION;
    out.fill_with(|| T::from_f64(cut(rng) * scale));
}

/// Standard normal; draws beyond two deviations are drawn again.
fn cut(rng: &mut Rng) -> f64 {
    loop {
        let z = rng.normal();
        if z.abs() < 2.0 {
            return z;
        }
    }
}

/// A matrix, row by row, whose columns (or rows, where they are fewer) have length 1 and stand at
/// right angles, every such matrix being as likely.
///
/// Normal vectors one after another lose what lies along those before (Gram–Schmidt, whose
/// triangle has a positive diagonal: Mezzadri 2007). Twice, so that rounding leaves nothing
/// (Giraud et al. 2005).
fn orthogonal(rng: &mut Rng, rows: usize, columns: usize) -> Vec<f64> {
    let (long, short) = (rows.max(columns), rows.min(columns));
    let mut vectors: Vec<Vec<f64>> = Vec::new();
    while vectors.len() < short {
        let mut new: Vec<f64> = (0..long).map(|_| rng.normal()).collect();
        for before in vectors.iter().chain(&vectors) {
            let along: f64 = before.iter().zip(&new).map(|(a, b)| a * b).sum();
            for (value, before) in new.iter_mut().zip(before) {
                *value -= along * before;
            }
        }
        let length = libm::sqrt(new.iter().map(|value| value * value).sum());
        new.iter_mut().for_each(|value| *value /= length);
        vectors.push(new);
    }
    let at = |row: usize, column: usize| match rows < columns {
        true => vectors[row][column],
        false => vectors[column][row],
    };
    (0..rows * columns)
        .map(|index| at(index / columns, index % columns))
        .collect()
}

/// fan_in and fan_out of a kernel: [in, out] of a dense layer, [K, K, in, out] of a convolution.
///
/// As in Keras, a vector has its length for both, and the channels of a grouped kernel count as
/// they stand in its shape.
pub fn fans(shape: &[usize]) -> (usize, usize) {
    match shape {
        [] => (1, 1),
        &[n] => (n, n),
        [window @ .., inputs, outputs] => {
            let taps: usize = window.iter().product();
            (taps * inputs, taps * outputs)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deviation and bound as the kernel's shape demands, from 100,000 draws.
    fn check_init(init: Init, shape: &[usize], deviation: f64, bound: f64) {
        let (fan_in, fan_out) = fans(shape);
        let mut draws = vec![f64::NAN; 100_000];
        init.fill(&mut Rng::new(1), fan_in, fan_out, &mut draws);
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let got = (draws.iter().map(|x| x * x).sum::<f64>() / n).sqrt();
        let largest = draws.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        assert!(
            mean.abs() < 4.0 * deviation / n.sqrt(),
            "{init:?}: mean {mean}"
        );
        assert!(
            (got / deviation - 1.0).abs() < 0.01,
            "{init:?}: deviation {got}, not {deviation}"
        );
        assert!(
            largest <= bound && largest > 0.999 * bound,
            "{init:?}: {largest}, not {bound}"
        );
    }

    #[test]
    fn plain_distributions_have_the_numbers_that_they_are_given() {
        let third = 0.1 / 3f64.sqrt();
        let uniform = Init::Uniform {
            low: -0.1,
            high: 0.1,
        };
        check_init(uniform, &[64, 48], third, 0.1);
        let (mean, stddev) = (0.0, 0.05);
        let cut = Init::TruncatedNormal { mean, stddev };
        check_init(cut, &[64, 48], CUT_DEVIATION * stddev, 2.0 * stddev);
        let mut draws = vec![0.0; 100_000];
        let (mean, stddev) = (3.0, 0.5);
        Init::Normal { mean, stddev }.fill(&mut Rng::new(2), 1, 1, &mut draws);
        let n = draws.len() as f64;
        let got = draws.iter().sum::<f64>() / n;
        let spread = draws.iter().map(|x| (x - got) * (x - got)).sum::<f64>() / n;
        assert!((got - mean).abs() < 0.01, "{got}");
        assert!((spread.sqrt() - stddev).abs() < 0.01, "{spread}");
    }

    /// QᵀQ = gain²·I, or QQᵀ where rows are fewer.
    fn check_orthogonal(shape: &[usize], gain: f64) {
        let (fan_in, fan_out) = fans(shape);
        let columns = *shape.last().unwrap();
        let mut q = vec![f64::NAN; shape.iter().product()];
        Init::Orthogonal { gain }.fill(&mut Rng::new(3), fan_in, fan_out, &mut q);
        let rows = q.len() / columns;
        let short = rows.min(columns);
        let at = |vector: usize, index: usize| match rows < columns {
            true => q[vector * columns + index],
            false => q[index * columns + vector],
        };
        for a in 0..short {
            for b in 0..short {
                let dot: f64 = (0..rows.max(columns)).map(|i| at(a, i) * at(b, i)).sum();
                let expected = if a == b { gain * gain } else { 0.0 };
                assert!((dot - expected).abs() < 1e-12, "{shape:?}: {a}, {b}: {dot}");
            }
        }
    }

    #[test]
    fn orthogonal_kernels_are_orthogonal() {
        for shape in [
            &[64, 48][..],
            &[48, 64],
            &[5, 5],
            &[3, 3, 4, 20],
            &[3, 3, 8, 50],
            &[7, 1],
        ] {
            check_orthogonal(shape, 1.0);
            check_orthogonal(shape, 1.7);
        }
    }

    #[test]
    fn fans_count_the_taps_of_a_window() {
        assert_eq!(fans(&[784, 128]), (784, 128));
        assert_eq!(fans(&[3, 3, 32, 64]), (288, 576));
        assert_eq!(fans(&[300]), (300, 300));
        assert_eq!(fans(&[]), (1, 1));
    }

    #[test]
    fn constants_draw_nothing() {
        let mut rng = Rng::new(1);
        for (init, value) in [
            (Init::Zeros, 0.0),
            (Init::Ones, 1.0),
            (Init::Constant { value: -0.5 }, -0.5),
        ] {
            let mut out = [9f32; 3];
            init.fill(&mut rng, 3, 3, &mut out);
            assert_eq!(out, [value; 3]);
        }
        assert_eq!(rng, Rng::new(1));
    }
}
