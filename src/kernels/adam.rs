//! Adam's update (Kingma & Ba 2015), with Keras's place for epsilon.

use super::Real;
use super::simd::{F32x4, LANES};

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
    let f32s = (
        T::as_f32s_mut(params),
        T::as_f32s_mut(m),
        T::as_f32s_mut(v),
        T::as_f32s(grads),
    );
    if let (Some(params), Some(m), Some(v), Some(grads)) = f32s {
        let rates = [lr_t, rest1, rest2, eps].map(|rate| rate.to_f64() as f32);
        step_fast(params, grads, m, v, rates);
        return;
    }
    step_plain(params, grads, m, v, [lr_t, rest1, rest2, eps]);
}

/// The twin of `step_fast`: one parameter at a time.
fn step_plain<T: Real>(params: &mut [T], grads: &[T], m: &mut [T], v: &mut [T], rates: [T; 4]) {
    let [lr_t, rest1, rest2, eps] = rates;
    for (((p, &g), m), v) in params.iter_mut().zip(grads).zip(m).zip(v) {
        *m += (g - *m) * rest1;
        *v += (g * g - *v) * rest2;
        *p -= lr_t * *m / (v.sqrt() + eps);
    }
}

/// Four parameters at a time; the rest one by one.
fn step_fast(params: &mut [f32], grads: &[f32], m: &mut [f32], v: &mut [f32], rates: [f32; 4]) {
    let [lr_t, rest1, rest2, eps] = rates.map(F32x4::splat);
    let (params, params_left) = params.as_chunks_mut::<LANES>();
    let (grads, grads_left) = grads.as_chunks::<LANES>();
    let (m, m_left) = m.as_chunks_mut::<LANES>();
    let (v, v_left) = v.as_chunks_mut::<LANES>();
    for (((p, g), m), v) in params.iter_mut().zip(grads).zip(m).zip(v) {
        let (g, m0, v0) = (
            F32x4::from_lanes(g),
            F32x4::from_lanes(m),
            F32x4::from_lanes(v),
        );
        let m1 = (g - m0).mul_add(rest1, m0);
        let v1 = g.mul_add(g, F32x4::ZERO - v0).mul_add(rest2, v0);
        m1.write_lanes(m);
        v1.write_lanes(v);
        let change = lr_t * m1 / (v1.sqrt() + eps);
        (F32x4::from_lanes(p) - change).write_lanes(p);
    }
    step_plain(params_left, grads_left, m_left, v_left, rates);
}

/// Sets moments to 0 that are too small to move anything.
///
/// A moment without gradients fades by a factor a step and never reaches 0 by itself; once it is
/// denormal (below 1e-38) the processor takes several times as long for it, and wasm cannot flush
/// denormals. Far above that, at 1e-30, its effect is already lost in rounding.
pub fn flush_tiny<T: Real>(moments: &mut [T]) {
    let tiny = T::from_f64(1e-30);
    for moment in moments {
        if moment.abs() < tiny {
            *moment = T::ZERO;
        }
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
    use crate::kernels::testing::{Numbers, check_close};

    fn check_fast(len: usize) {
        let mut numbers = Numbers::new(len as u64);
        let mut fast: [Vec<f32>; 4] = std::array::from_fn(|_| numbers.vec(len));
        fast[3].iter_mut().for_each(|v| *v = v.abs());
        let mut plain = fast.clone();
        let rates = [0.001, 0.1, 0.001, 1e-7];
        let [p, g, m, v] = &mut fast;
        step_fast(p, g, m, v, rates);
        let [p, g, m, v] = &mut plain;
        step_plain(p, g, m, v, rates);
        for (fast, plain) in fast.iter().zip(&plain) {
            check_close(&format!("Adam on {len}"), fast, plain, 1e-6, 1e-7);
        }
    }

    #[test]
    fn four_at_a_time_equals_one_at_a_time() {
        for len in [1, 3, 4, 5, 8, 31] {
            check_fast(len);
        }
    }

    #[test]
    fn moments_that_fade_become_zero_and_the_others_stay() {
        let mut moments: [f32; 5] = [1e-31, -1e-31, 1e-29, -0.5, f32::NAN];
        flush_tiny(&mut moments);
        assert_eq!(moments[..4], [0.0, 0.0, 1e-29, -0.5]);
        assert!(moments[4].is_nan());
    }

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
