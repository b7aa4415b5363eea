//! Steps divided by the root of the gradient's squares: Adagrad (Duchi, Hazan and Singer 2011) and
//! RMSprop (Hinton 2012; centred: Graves 2013).

use super::{Lane, Rule, walk};
use crate::kernels::Real;

/// One update of all parameters:
/// ```text
/// v = fade·v + gain·g²    d = √(v + inside) + outside    p = keep·p - into·along·g/d
/// ```
/// Centred, `a = fade·a + gain·g` and `d = √(v - a² + inside) + outside`. With momentum,
/// `u = momentum·u + into·g/d` and `p = keep·p - along·u`.
///
/// Adagrad forgets nothing: `fade` = `gain` = 1. Keras's epsilon is `inside` the root, PyTorch's
/// `outside`; Keras's momentum gathers ways (`into` = lr), PyTorch's gradients (`along` = lr).
#[derive(Clone, Copy, Debug)]
pub struct Rms {
    pub fade: f64,
    pub gain: f64,
    pub momentum: f64,
    pub inside: f64,
    pub outside: f64,
    pub into: f64,
    pub along: f64,
    pub keep: f64,
}

impl Rms {
    /// One step. Shape: all `[N]`; `v` first, then the mean where it is centred, then the velocity
    /// where there is momentum.
    pub fn apply<T: Real>(
        self,
        params: &mut [T],
        grads: &[T],
        v: &mut [T],
        mean: Option<&mut [T]>,
        velocity: Option<&mut [T]>,
    ) {
        match (mean, velocity) {
            (None, None) => walk(Plain(self), params, grads, [v]),
            (Some(mean), None) => walk(Centered(self), params, grads, [v, mean]),
            (None, Some(u)) => walk(Heavy(self), params, grads, [v, u]),
            (Some(mean), Some(u)) => walk(CenteredHeavy(self), params, grads, [v, mean, u]),
        }
    }

    #[inline(always)]
    fn squares<L: Lane>(self, g: L, v: L) -> L {
        v.mul_add(L::of(self.fade), g * g * L::of(self.gain))
    }

    #[inline(always)]
    fn mean<L: Lane>(self, g: L, a: L) -> L {
        a.mul_add(L::of(self.fade), g * L::of(self.gain))
    }

    /// `into · g / (√(v + inside) + outside)`
    #[inline(always)]
    fn way<L: Lane>(self, g: L, v: L) -> L {
        let root = (v + L::of(self.inside)).sqrt();
        L::of(self.into) * g / (root + L::of(self.outside))
    }

    #[inline(always)]
    fn moved<L: Lane>(self, p: L, u: L) -> L {
        p.mul_add(L::of(self.keep), L::of(-self.along) * u)
    }

    #[inline(always)]
    fn velocity<L: Lane>(self, u: L, way: L) -> L {
        u.mul_add(L::of(self.momentum), way)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Plain(pub Rms);

impl Rule<1> for Plain {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [v]: [L; 1]) -> (L, [L; 1]) {
        let v = self.0.squares(g, v);
        (self.0.moved(p, self.0.way(g, v)), [v])
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Centered(pub Rms);

impl Rule<2> for Centered {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [v, a]: [L; 2]) -> (L, [L; 2]) {
        let (v, a) = (self.0.squares(g, v), self.0.mean(g, a));
        (self.0.moved(p, self.0.way(g, v - a * a)), [v, a])
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Heavy(pub Rms);

impl Rule<2> for Heavy {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [v, u]: [L; 2]) -> (L, [L; 2]) {
        let v = self.0.squares(g, v);
        let u = self.0.velocity(u, self.0.way(g, v));
        (self.0.moved(p, u), [v, u])
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct CenteredHeavy(pub Rms);

impl Rule<3> for CenteredHeavy {
    #[inline(always)]
    fn step<L: Lane>(self, p: L, g: L, [v, a, u]: [L; 3]) -> (L, [L; 3]) {
        let (v, a) = (self.0.squares(g, v), self.0.mean(g, a));
        let u = self.0.velocity(u, self.0.way(g, v - a * a));
        (self.0.moved(p, u), [v, a, u])
    }
}
