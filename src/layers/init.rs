//! How parameters begin.
//!
//! Pure functions of a generator and the fans: how many inputs feed one output (`fan_in`) and how
//! many outputs one input feeds (`fan_out`). Keras's definitions: its normals are cut at two
//! deviations and widened, so that the cut ones have the deviation asked for.

use serde::{Deserialize, Serialize};

use crate::kernels::Real;
use crate::rng::Rng;

/// The deviation of a standard normal that is cut at ±2.
const CUT_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// How a kernel is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// All 0, as biases begin.
    Zeros,
    /// Uniform within ±√(6 / (fan_in + fan_out)) (Glorot and Bengio 2010), Keras's default.
    #[default]
    GlorotUniform,
    /// Cut normal of deviation √(2 / (fan_in + fan_out)).
    GlorotNormal,
    /// Uniform within ±√(6 / fan_in) (He et al. 2015), for relu.
    HeUniform,
    /// Cut normal of deviation √(2 / fan_in).
    HeNormal,
}

impl Init {
    /// Fills `out` in order, drawing from `rng`.
    pub fn fill<T: Real>(self, rng: &mut Rng, fan_in: usize, fan_out: usize, out: &mut [T]) {
        let (fan_in, fan_out) = (fan_in as f64, fan_out as f64);
        let mean_fan = (fan_in + fan_out) / 2.0;
        match self {
            Self::Zeros => out.fill(T::ZERO),
            Self::GlorotUniform => uniform(rng, libm::sqrt(3.0 / mean_fan), out),
            Self::GlorotNormal => cut_normal(rng, libm::sqrt(1.0 / mean_fan), out),
            Self::HeUniform => uniform(rng, libm::sqrt(6.0 / fan_in), out),
            Self::HeNormal => cut_normal(rng, libm::sqrt(2.0 / fan_in), out),
        }
    }
}

/// Uniform in [−bound, bound).
pub fn uniform<T: Real>(rng: &mut Rng, bound: f64, out: &mut [T]) {
    out.fill_with(|| T::from_f64(rng.uniform_in(-bound, bound)));
}

/// Normal of the given deviation after being cut: draws beyond two of its own deviations are drawn
/// again.
pub fn cut_normal<T: Real>(rng: &mut Rng, deviation: f64, out: &mut [T]) {
    let scale = deviation / CUT_DEVIATION;
    out.fill_with(|| {
        loop {
            let z = rng.normal();
            if z.abs() < 2.0 {
                return T::from_f64(z * scale);
            }
        }
    });
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
    fn deviations_and_bounds_are_those_of_keras() {
        // Computed by Keras 3.15 for these shapes; a normal's bound is two of its own deviations.
        let (dense, conv) = ([784, 128], [3, 3, 32, 64]);
        let cut = |deviation: f64| 2.0 * deviation / CUT_DEVIATION;
        check_init(Init::GlorotUniform, &dense, 0.0468292906, 0.0811107106);
        check_init(Init::GlorotUniform, &conv, 0.0481125224, 0.0833333333);
        check_init(Init::GlorotNormal, &dense, 0.0468292906, cut(0.0468292906));
        check_init(
            Init::HeUniform,
            &conv,
            (2.0f64 / 288.0).sqrt(),
            (6.0f64 / 288.0).sqrt(),
        );
        check_init(
            Init::HeNormal,
            &dense,
            (2.0f64 / 784.0).sqrt(),
            cut((2.0f64 / 784.0).sqrt()),
        );
    }

    #[test]
    fn fans_count_the_taps_of_a_window() {
        assert_eq!(fans(&[784, 128]), (784, 128));
        assert_eq!(fans(&[3, 3, 32, 64]), (288, 576));
        assert_eq!(fans(&[300]), (300, 300));
        assert_eq!(fans(&[]), (1, 1));
    }

    #[test]
    fn zeros_draw_nothing() {
        let mut rng = Rng::new(1);
        let mut out = [1f32; 3];
        Init::Zeros.fill(&mut rng, 3, 3, &mut out);
        assert_eq!((out, rng), ([0.0; 3], Rng::new(1)));
    }
}
