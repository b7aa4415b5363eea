//! Optimisers: how gradients change parameters.
//!
//! State is kept by the parameter's name, so that it can be saved beside the parameters and a
//! parameter may join later.

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

use crate::autograd::{Scalar, Tensor};

/// Changes parameters by their gradients, one step at a time.
pub trait Optimizer<T: Scalar> {
    /// Says that a step begins; each parameter is then updated once.
    fn begin_step(&mut self);

    /// Updates one parameter. Panics when the lengths differ, or from those of its earlier steps.
    fn update(&mut self, name: &str, values: &mut [T], gradient: &[T]);

    /// One step over tensors, by the gradients gathered at them; those without are left alone.
    /// The gradients stay: forget them before the next sweep with [`zero_grad`].
    fn step(&mut self, parameters: &[(String, Tensor<T>)]) {
        self.begin_step();
        for (name, tensor) in parameters {
            if let Some(gradient) = tensor.grad() {
                let gradient = gradient.contiguous();
                let gradient = gradient.as_slice().expect("contiguous");
                tensor.update(|values| self.update(name, values, gradient));
            }
        }
    }
}

/// Forgets the gradients gathered at all `parameters`.
pub fn zero_grad<T: Scalar>(parameters: &[(String, Tensor<T>)]) {
    for (_, tensor) in parameters {
        tensor.zero_grad();
    }
}
