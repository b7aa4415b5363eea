//! Gradient descent with momentum.

use std::collections::BTreeMap;

use super::Optimizer;
use crate::autograd::Scalar;
use crate::kernels;

/// u = momentum·u − lr·g, p += u; with Nesterov p += momentum·u − lr·g (Keras's `SGD`; for a
/// constant rate PyTorch's steps are the same).
#[derive(Clone, Debug)]
pub struct Sgd<T> {
    /// How far a step goes along the gradient.
    pub lr: f64,
    /// 0 to 1: how much of the last step is taken again.
    pub momentum: f64,
    /// Whether the step looks ahead along the momentum (Sutskever et al. 2013).
    pub nesterov: bool,
    velocity: BTreeMap<String, Vec<T>>,
}

impl<T: Scalar> Sgd<T> {
    /// Keras's defaults are 0.01, 0 and no Nesterov.
    pub fn new(lr: f64, momentum: f64, nesterov: bool) -> Self {
        Self {
            lr,
            momentum,
            nesterov,
            velocity: BTreeMap::new(),
        }
    }
}

impl<T: Scalar> Optimizer<T> for Sgd<T> {
    fn begin_step(&mut self) {}

    fn update(&mut self, name: &str, values: &mut [T], gradient: &[T]) {
        if !self.velocity.contains_key(name) {
            let length = if self.momentum == 0.0 {
                0
            } else {
                values.len()
            };
            self.velocity
                .insert(name.to_string(), vec![T::ZERO; length]);
        }
        let velocity = self.velocity.get_mut(name).expect("inserted above");
        let (lr, momentum) = (T::from_f64(self.lr), T::from_f64(self.momentum));
        kernels::sgd::step(values, gradient, velocity, lr, momentum, self.nesterov);
    }
}
