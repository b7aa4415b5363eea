//! Rotary positions (Su et al. 2021, arXiv 2104.09864), with pairs as GPT-NeoX and LLaMA have them.

use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops::{add, concat, mul, split, sub};

/// How far pair i of a step turns: `(start + step) · scale · base^(−i / pairs)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rotary {
    /// The larger, the more slowly the last pairs turn.
    pub base: f64,
    /// Below 1 positions lie closer together (position interpolation, Chen et al. 2023,
    /// arXiv 2306.15595).
    pub scale: f64,
    /// The first step's position.
    pub start: f64,
}

impl Default for Rotary {
    fn default() -> Rotary {
        Rotary {
            base: 10_000.0,
            scale: 1.0,
            start: 0.0,
        }
    }
}

impl Rotary {
    /// Pair i is (a_i, b_i), a and b the halves of the last axis:
    /// `a · cos φ − b · sin φ` and `a · sin φ + b · cos φ`, composed.
    ///
    /// Shape: [..., steps, 2 · pairs] → the same. Errs where the last axis is odd.
    pub fn turn<T: Scalar>(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let shape = x.shape();
        let (steps, key) = (shape[shape.len() - 2], shape[shape.len() - 1]);
        let pairs = key / 2;
        let angle = |at: usize| {
            let position = (self.start + (at / pairs) as f64) * self.scale;
            position / libm::pow(self.base, (2 * (at % pairs)) as f64 / key as f64)
        };
        let table = |of: fn(f64) -> f64| {
            let values = (0..steps * pairs).map(|at| T::from_f64(of(angle(at))));
            Tensor::constant(NdArray::from_vec(values.collect(), &[steps, pairs]))
        };
        let (cos, sin) = (table(libm::cos), table(libm::sin));
        let halves = split(x, &[pairs, pairs], -1)?;
        let (a, b) = (&halves[0], &halves[1]);
        let turned = [
            sub(&mul(a, &cos)?, &mul(b, &sin)?)?,
            add(&mul(a, &sin)?, &mul(b, &cos)?)?,
        ];
        concat(&turned, -1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autograd::check::random_input;
    use crate::autograd::check_gradient;

    #[test]
    fn gradients_are_the_slopes() {
        let rotary = Rotary {
            base: 50.0,
            scale: 0.5,
            start: 7.0,
        };
        let x = random_input(1, &[2, 3, 5, 6]);
        check_gradient("rotary", &[x], |x| rotary.turn(&x[0]).unwrap());
    }

    #[test]
    fn a_quarter_turn_by_hand() {
        // Position π/2 turns the first pair by π/2 and the second by π/4.
        let rotary = Rotary {
            base: 4.0,
            scale: std::f64::consts::FRAC_PI_2,
            start: 1.0,
        };
        let x = NdArray::from_vec(vec![3.0, 1.0, 4.0, 0.0], &[1, 4]);
        let y = rotary.turn(&Tensor::constant(x)).unwrap().value().to_vec();
        let half = std::f64::consts::FRAC_1_SQRT_2;
        for (got, wanted) in y.iter().zip([-4.0, half, 3.0, half]) {
            assert!((got - wanted).abs() < 1e-12, "{y:?}");
        }
    }

    #[test]
    fn an_odd_width_is_refused() {
        let x = Tensor::constant(random_input(1, &[2, 3]));
        assert!(Rotary::default().turn(&x).is_err());
    }
}
