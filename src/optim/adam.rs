//! Adam.

use std::collections::BTreeMap;

use super::Optimizer;
use crate::autograd::Scalar;
use crate::kernels;

/// A moment at the flushing threshold is still far from denormal after so many steps.
const STEPS_BETWEEN_FLUSHES: u64 = 64;

/// m += (g − m)·(1 − β₁), v += (g² − v)·(1 − β₂), p −= lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε)
/// (Kingma and Ba 2015, in the form of its section 2's end, which Keras computes: ε is added to √v
/// before the correction, so it weighs more in early steps than PyTorch's).
#[derive(Clone, Debug)]
pub struct Adam<T> {
    /// How far a step goes.
    pub lr: f64,
    /// How slowly the mean of the gradient forgets.
    pub beta_1: f64,
    /// How slowly the mean of its square forgets.
    pub beta_2: f64,
    /// Keeps the quotient finite.
    pub epsilon: f64,
    steps: u64,
    moments: BTreeMap<String, (Vec<T>, Vec<T>)>,
}

impl<T: Scalar> Adam<T> {
    /// Keras's defaults but for the rate: 0.9, 0.999 and 1e-7.
    pub fn new(lr: f64) -> Self {
        Self {
            lr,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            steps: 0,
            moments: BTreeMap::new(),
        }
    }
}

impl<T: Scalar> Optimizer<T> for Adam<T> {
    fn begin_step(&mut self) {
        self.steps += 1;
    }

    fn update(&mut self, name: &str, values: &mut [T], gradient: &[T]) {
        assert!(
            self.steps > 0,
            "Adam: update of {name} before any step began"
        );
        if !self.moments.contains_key(name) {
            let zeros = vec![T::ZERO; values.len()];
            self.moments
                .insert(name.to_string(), (zeros.clone(), zeros));
        }
        let (m, v) = self.moments.get_mut(name).expect("inserted above");
        let rate = kernels::adam::step_rate(self.lr, self.beta_1, self.beta_2, self.steps);
        let [rate, beta_1, beta_2, epsilon] =
            [rate, self.beta_1, self.beta_2, self.epsilon].map(T::from_f64);
        kernels::adam::step(values, gradient, m, v, rate, beta_1, beta_2, epsilon);
        if self.steps.is_multiple_of(STEPS_BETWEEN_FLUSHES) {
            kernels::adam::flush_tiny(m);
            kernels::adam::flush_tiny(v);
        }
    }
}
