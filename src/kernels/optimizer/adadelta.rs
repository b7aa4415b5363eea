//! Adadelta's update (Zeiler 2012).

use super::{Lane, Rule, walk};
use crate::kernels::Real;

/// One update of all parameters, with `rest` = 1 - ρ:
/// ```text
/// v = ρ·v + rest·g²    δ = g·√(d + ε)/√(v + ε)    d = ρ·d + rest·δ²    p = keep·p - lr·δ
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Adadelta {
    pub rho: f64,
    pub rest: f64,
    pub lr: f64,
    pub epsilon: f64,
    pub keep: f64,
}

impl Adadelta {
    /// One step; `v` are the gradient's squares, `d` those of the ways. Shape: all `[N]`.
    pub fn apply<T: Real>(self, params: &mut [T], grads: &[T], v: &mut [T], d: &mut [T]) {
        walk(self, params, grads, [v, d]);
    }
}

impl Rule<2> for Adadelta {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [v, d]: [L; 2]) -> (L, [L; 2]) {
        let (rho, rest, epsilon) = (L::of(self.rho), L::of(self.rest), L::of(self.epsilon));
        let v = v.mul_add(rho, g * g * rest);
        let way = g * (d + epsilon).sqrt() / (v + epsilon).sqrt();
        let d = d.mul_add(rho, way * way * rest);
        (p.mul_add(L::of(self.keep), L::of(-self.lr) * way), [v, d])
    }
}
