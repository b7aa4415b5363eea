//! Adam's update (Kingma & Ba 2015), with Keras's place for epsilon.

use super::Real;

/// One update of all parameters:
/// ```text
/// m += (g - m)·(1 - β1)    v += (g² - v)·(1 - β2)    p -= lr_t · m / (√v + ε)
/// ```
/// `lr_t` is the step's learning rate, `lr · √(1 - β2ᵗ) / (1 - β1ᵗ)` (see [`step_rate`]).
#[allow(clippy::too_many_arguments)]
pub fn step<T: Real>(
    params: &mut [T],
    grads: &[T],
    m: &mut [T],
    v: &mut [T],
    lr_t: T,
    beta1: T,
    beta2: T,
    eps: T,
) {
    let len = params.len();
    for (name, other) in [("grads", grads.len()), ("m", m.len()), ("v", v.len())] {
        assert_eq!(
            other, len,
            "adam::step: {name} of {other}, parameters of {len}"
        );
    }
    let (rest1, rest2) = (T::ONE - beta1, T::ONE - beta2);
    for (((p, &g), m), v) in params.iter_mut().zip(grads).zip(m).zip(v) {
        *m += (g - *m) * rest1;
        *v += (g * g - *v) * rest2;
        *p -= lr_t * *m / (v.sqrt() + eps);
    }
}

/// `lr · √(1 - β2ᵗ) / (1 - β1ᵗ)`: the learning rate of step `t`, counted from 1.
pub fn step_rate(lr: f64, beta1: f64, beta2: f64, t: u64) -> f64 {
    let power = |beta: f64| libm::pow(beta, t as f64);
    lr * libm::sqrt(1.0 - power(beta2)) / (1.0 - power(beta1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::check_close;

    #[test]
    fn the_first_step_moves_each_parameter_by_about_the_learning_rate() {
        let mut params = [1.0, 1.0, 1.0];
        let (mut m, mut v) = ([0.0; 3], [0.0; 3]);
        let rate = step_rate(0.001, 0.9, 0.999, 1);
        step(
            &mut params,
            &[5.0, -0.01, 0.0],
            &mut m,
            &mut v,
            rate,
            0.9,
            0.999,
            1e-7,
        );
        check_close("params", &params, &[0.999, 1.001, 1.0], 0.0, 1e-6);
        check_close("m", &m, &[0.5, -0.001, 0.0], 1e-12, 0.0);
        check_close("v", &v, &[0.025, 1e-7, 0.0], 1e-12, 0.0);
    }
}
