//! Clipping: a bound on gradients, so that one bad batch can't throw the parameters far.

use super::Convention;
use crate::kernels::Real;
use crate::kernels::optimizer::prepare;

/// What is bounded. In Keras: `clipvalue`, `clipnorm`, `global_clipnorm`; in PyTorch:
/// `clip_grad_value_` and `clip_grad_norm_` (which is global). Every bound is above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clip {
    /// Each number's magnitude.
    Value(f64),
    /// Each parameter's norm: a longer gradient keeps its direction.
    Norm(f64),
    /// The norm of all gradients together: all keep their direction (Pascanu, Mikolov and Bengio
    /// 2013).
    GlobalNorm(f64),
}

impl Convention {
    /// By what a gradient of this norm is multiplied, so that its norm is at most `bound`. A norm
    /// that is not finite gives what the arithmetic gives, as in Keras and PyTorch.
    pub fn clip_scale(self, norm: f64, bound: f64) -> f64 {
        let longer = match self {
            Convention::Keras => norm,
            Convention::Torch => norm + 1e-6,
        };
        if longer <= bound { 1.0 } else { bound / longer }
    }
}

impl Clip {
    /// Clips the gradients of some parameters; gives their common norm before.
    pub fn apply<T: Real>(self, convention: Convention, gradients: &mut [&mut [T]]) -> f64 {
        let squares: Vec<f64> = gradients
            .iter()
            .map(|gradient| prepare::sum_of_squares(gradient))
            .collect();
        let global = libm::sqrt(squares.iter().sum());
        for (gradient, squares) in gradients.iter_mut().zip(squares) {
            let (norm, bound) = match self {
                Clip::Value(bound) => {
                    prepare::clamp(gradient, bound);
                    continue;
                }
                Clip::Norm(bound) => (libm::sqrt(squares), bound),
                Clip::GlobalNorm(bound) => (global, bound),
            };
            let scale = convention.clip_scale(norm, bound);
            if scale != 1.0 {
                prepare::scale(gradient, scale);
            }
        }
        global
    }
}
