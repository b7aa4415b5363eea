//! Gradient descent with momentum.

use super::{Lane, Rule, walk};
use crate::kernels::Real;

/// `p = keep·p - lr·g`
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain {
    pub lr: f64,
    pub keep: f64,
}

impl Plain {
    /// One step. Shape: both `[N]`.
    pub fn apply<T: Real>(self, params: &mut [T], grads: &[T]) {
        walk(self, params, grads, []);
    }
}

impl Rule<0> for Plain {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, _: [L; 0]) -> (L, [L; 0]) {
        (p.mul_add(L::of(self.keep), g * L::of(-self.lr)), [])
    }
}

/// `u = momentum·u + gain·g`, `p = keep·p + along·u + ahead·g`.
///
/// Keras's velocity is a way, `gain` = -lr and `along` = 1; PyTorch's a gradient, `gain` = 1 less
/// its dampening and `along` = -lr. Nesterov's looks `ahead` by -lr, `along` times the momentum.
#[derive(Clone, Copy, Debug, Default)]
pub struct Momentum {
    pub momentum: f64,
    pub gain: f64,
    pub along: f64,
    pub ahead: f64,
    pub keep: f64,
}

impl Momentum {
    /// One step. Shape: all `[N]`.
    pub fn apply<T: Real>(self, params: &mut [T], grads: &[T], velocity: &mut [T]) {
        walk(self, params, grads, [velocity]);
    }
}

impl Rule<1> for Momentum {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [u]: [L; 1]) -> (L, [L; 1]) {
        let u = u.mul_add(L::of(self.momentum), g * L::of(self.gain));
        let change = u.mul_add(L::of(self.along), g * L::of(self.ahead));
        (p.mul_add(L::of(self.keep), change), [u])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::check_close;

    fn check_two_steps(along: f64, ahead: f64, expected: f64) {
        let (mut p, mut u) = ([1.0], [0.0]);
        let (momentum, gain, keep) = (0.9, -0.1, 1.0);
        let rule = Momentum {
            momentum,
            gain,
            along,
            ahead,
            keep,
        };
        rule.apply(&mut p, &[2.0], &mut u);
        rule.apply(&mut p, &[1.0], &mut u);
        check_close("parameter", &p, &[expected], 1e-12, 0.0);
    }

    #[test]
    fn momentum_and_nesterov_by_hand() {
        check_two_steps(1.0, 0.0, 1.0 - 0.2 - 0.28);
        check_two_steps(0.9, -0.1, 1.0 - 0.38 - 0.352);
    }
}
