//! Adam's update (Kingma & Ba 2015), with Keras's place for epsilon.

use super::{Lane, Rule, walk};
use crate::kernels::Real;

/// One update of all parameters, with `rest` = 1 - β:
/// ```text
/// m += (g - m)·rest_1    v += (g² - v)·rest_2    p = keep·p - rate · m / (√v + ε)
/// ```
/// `rate` is the step's learning rate, `lr · √(1 - β2ᵗ) / (1 - β1ᵗ)` (see [`step_rate`]).
#[derive(Clone, Copy, Debug)]
pub struct Adam {
    pub rate: f64,
    pub rest_1: f64,
    pub rest_2: f64,
    pub epsilon: f64,
    pub keep: f64,
}

impl Adam {
    /// One step. Shape: all `[N]`.
    pub fn apply<T: Real>(self, params: &mut [T], grads: &[T], m: &mut [T], v: &mut [T]) {
        walk(self, params, grads, [m, v]);
    }

    /// One step by the largest `v` so far (AMSGrad: Reddi, Kale and Kumar 2018). Shape: all `[N]`.
    pub fn apply_amsgrad<T: Real>(self, params: &mut [T], grads: &[T], state: [&mut [T]; 3]) {
        walk(AmsGrad(self), params, grads, state);
    }

    #[inline(always)]
    fn moments<L: Lane>(self, g: L, m: L, v: L) -> (L, L) {
        let m = (g - m).mul_add(L::of(self.rest_1), m);
        let v = g.mul_add(g, L::of(0.0) - v).mul_add(L::of(self.rest_2), v);
        (m, v)
    }

    #[inline(always)]
    fn moved<L: Lane>(self, p: L, m: L, v: L) -> L {
        let change = L::of(-self.rate) * m / (v.sqrt() + L::of(self.epsilon));
        p.mul_add(L::of(self.keep), change)
    }
}

impl Rule<2> for Adam {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [m, v]: [L; 2]) -> (L, [L; 2]) {
        let (m, v) = self.moments(g, m, v);
        (self.moved(p, m, v), [m, v])
    }
}

/// The same, by the largest `v` so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct AmsGrad(pub Adam);

impl Rule<3> for AmsGrad {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [m, v, largest]: [L; 3]) -> (L, [L; 3]) {
        let (m, v) = self.0.moments(g, m, v);
        let largest = largest.max(v);
        (self.0.moved(p, m, largest), [m, v, largest])
    }
}

/// `√(1 - β2ᵗ)`: by how much the root of `v` falls short in step `t`, counted from 1.
pub fn root_correction(beta_2: f64, t: u64) -> f64 {
    libm::sqrt(1.0 - libm::pow(beta_2, t as f64))
}

/// `lr · √(1 - β2ᵗ) / (1 - β1ᵗ)`: the learning rate of step `t`, counted from 1.
pub fn step_rate(lr: f64, beta_1: f64, beta_2: f64, t: u64) -> f64 {
    lr * root_correction(beta_2, t) / (1.0 - libm::pow(beta_1, t as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::check_close;

    #[test]
    fn the_first_step_moves_each_parameter_by_about_the_learning_rate() {
        let mut params = [1.0, 1.0, 1.0];
        let (mut m, mut v) = ([0.0; 3], [0.0; 3]);
        let rule = Adam {
            rate: step_rate(0.001, 0.9, 0.999, 1),
            rest_1: 0.1,
            rest_2: 0.001,
            epsilon: 1e-7,
            keep: 1.0,
        };
        rule.apply(&mut params, &[5.0, -0.01, 0.0], &mut m, &mut v);
        check_close("params", &params, &[0.999, 1.001, 1.0], 0.0, 1e-6);
        check_close("m", &m, &[0.5, -0.001, 0.0], 1e-12, 0.0);
        check_close("v", &v, &[0.025, 1e-7, 0.0], 1e-12, 0.0);
    }
}
