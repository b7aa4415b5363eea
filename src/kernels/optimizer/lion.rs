//! Lion's update (Chen et al. 2023).

use super::{Lane, Rule, walk};
use crate::kernels::Real;

/// One update of all parameters, with `rest` = 1 - β:
/// ```text
/// p = keep·p - lr · sign(β1·m + rest_1·g)    m = β2·m + rest_2·g
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Lion {
    pub beta_1: f64,
    pub rest_1: f64,
    pub beta_2: f64,
    pub rest_2: f64,
    pub lr: f64,
    pub keep: f64,
}

impl Lion {
    /// One step. Shape: all `[N]`.
    pub fn apply<T: Real>(self, params: &mut [T], grads: &[T], m: &mut [T]) {
        walk(self, params, grads, [m]);
    }
}

impl Rule<1> for Lion {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [m]: [L; 1]) -> (L, [L; 1]) {
        let way = m.mul_add(L::of(self.beta_1), g * L::of(self.rest_1)).sign();
        let m = m.mul_add(L::of(self.beta_2), g * L::of(self.rest_2));
        (p.mul_add(L::of(self.keep), L::of(-self.lr) * way), [m])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_is_as_long_as_the_rate_but_where_nothing_pulls() {
        let (beta_1, rest_1, beta_2, rest_2, lr, keep) = (0.9, 0.1, 0.99, 0.01, 0.5, 1.0);
        let (mut p, mut m) = ([1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, -1.0]);
        let rule = Lion {
            beta_1,
            rest_1,
            beta_2,
            rest_2,
            lr,
            keep,
        };
        rule.apply(&mut p, &[3.0, -1e-9, 0.0, 8.0], &mut m);
        assert_eq!(p, [0.5, 1.5, 1.0, 1.5]);
    }
}
