//! How an optimiser's rule moves parameters: one read and one write of each array.
//!
//! A rule is written once, over a [`Lane`]: a number, or four side by side. The walk takes f32
//! four at a time and f64 one by one; a plain walk over f32 is the oracle of the tests.
//!
//! Every rule gives `p = keep·p + change`: `keep` is 1, or less where weights decay.

pub mod adadelta;
pub mod adam;
mod lane;
pub mod lion;
pub mod prepare;
pub mod rms;
pub mod sgd;

use super::Real;
use super::simd::{F32x4, LANES};
use lane::Lane;

/// What one step does to a parameter, its gradient and its `S` numbers of state.
trait Rule<const S: usize>: Copy {
    /// The parameter and its state after the step.
    fn step<L: Lane>(self, p: L, g: L, state: [L; S]) -> (L, [L; S]);
}

/// Applies a rule to all parameters. Shape: every array `[N]`.
fn walk<T: Real, const S: usize>(
    rule: impl Rule<S>,
    params: &mut [T],
    grads: &[T],
    mut state: [&mut [T]; S],
) {
    let len = params.len();
    assert_eq!(grads.len(), len, "optimizer: gradients, {len} parameters");
    for array in &state {
        assert_eq!(array.len(), len, "optimizer: state, {len} parameters");
    }
    let fast = (T::as_f32s_mut(params), T::as_f32s(grads));
    if let (Some(params), Some(grads)) = fast {
        let state = state.map(|array| T::as_f32s_mut(array).expect("of the parameters' type"));
        return walk_fast(rule, params, grads, state);
    }
    walk_plain(rule, params, grads, &mut state);
}

/// The twin of `walk_fast`: one parameter at a time.
fn walk_plain<T: Real, const S: usize>(
    rule: impl Rule<S>,
    params: &mut [T],
    grads: &[T],
    state: &mut [&mut [T]; S],
) {
    for i in 0..params.len() {
        let before = std::array::from_fn(|k| state[k][i]);
        let (p, after) = rule.step(params[i], grads[i], before);
        params[i] = p;
        for k in 0..S {
            state[k][i] = after[k];
        }
    }
}

/// Four parameters at a time. The rest is four as well, some of them zeros: a parameter's bits do
/// not depend on where an array ends.
fn walk_fast<const S: usize>(
    rule: impl Rule<S>,
    params: &mut [f32],
    grads: &[f32],
    mut state: [&mut [f32]; S],
) {
    let whole = params.len() / LANES * LANES;
    let pointers: [*mut f32; S] = std::array::from_fn(|k| state[k].as_mut_ptr());
    let (to, from) = (params.as_mut_ptr(), grads.as_ptr());
    for i in (0..whole).step_by(LANES) {
        // Safety: i + 4 <= whole, and every array is at least as long: `walk` compared them.
        unsafe {
            let before = pointers.map(|array| F32x4::load(array.add(i)));
            let (p, after) = rule.step(F32x4::load(to.add(i)), F32x4::load(from.add(i)), before);
            p.store(to.add(i));
            for k in 0..S {
                after[k].store(pointers[k].add(i));
            }
        }
    }
    let rest = params.len() - whole;
    if rest > 0 {
        let padded = |values: &[f32]| {
            let mut lanes = [0.0; LANES];
            lanes[..rest].copy_from_slice(&values[whole..]);
            F32x4::from_lanes(&lanes)
        };
        let before = std::array::from_fn(|k| padded(state[k]));
        let (p, after) = rule.step(padded(params), padded(grads), before);
        let cut = |lanes: F32x4, values: &mut [f32]| {
            let mut all = [0.0; LANES];
            lanes.write_lanes(&mut all);
            values[whole..].copy_from_slice(&all[..rest]);
        };
        cut(p, params);
        for k in 0..S {
            cut(after[k], state[k]);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};

    /// A rule four at a time against the same one by one, on lengths with every rest.
    fn check_fast<const S: usize>(what: &str, rule: impl Rule<S>) {
        for len in [0, 1, 3, 4, 5, 8, 31] {
            let mut numbers = Numbers::new(len as u64);
            let (mut params, grads): (Vec<f32>, Vec<f32>) = (numbers.vec(len), numbers.vec(len));
            // Squares of gradients are no less than the square of their mean.
            let mut state: [Vec<f32>; S] = std::array::from_fn(|k| {
                let values: Vec<f32> = numbers.vec(len);
                let scale = if k == 0 { 1.0 } else { 0.1 };
                values.iter().map(|v| scale * (0.2 + v.abs())).collect()
            });
            let (mut plain, mut plain_state) = (params.clone(), state.clone());
            walk_plain(
                rule,
                &mut plain,
                &grads,
                &mut plain_state.each_mut().map(|array| &mut array[..]),
            );
            let arrays = state.each_mut().map(|array| &mut array[..]);
            walk_fast(rule, &mut params, &grads, arrays);
            let what = format!("{what} on {len}");
            check_close(&what, &params, &plain, 1e-6, 1e-7);
            for (fast, plain) in state.iter().zip(&plain_state) {
                check_close(&what, fast, plain, 1e-6, 1e-7);
            }
        }
    }

    #[test]
    fn four_at_a_time_equals_one_at_a_time() {
        let keep = 0.99;
        check_fast("SGD", sgd::Plain { keep, lr: 0.1 });
        check_fast(
            "momentum",
            sgd::Momentum {
                momentum: 0.9,
                gain: -0.1,
                along: 0.9,
                ahead: -0.1,
                keep,
            },
        );
        for amsgrad in [false, true] {
            let adam = adam::Adam {
                rate: 0.01,
                rest_1: 0.1,
                rest_2: 0.001,
                epsilon: 1e-7,
                keep,
            };
            if amsgrad {
                check_fast("AMSGrad", adam::AmsGrad(adam));
            } else {
                check_fast("Adam", adam);
            }
        }
        let rms = rms::Rms {
            fade: 0.9,
            gain: 0.1,
            momentum: 0.8,
            inside: 1e-7,
            outside: 1e-8,
            into: 0.1,
            along: 0.5,
            keep,
        };
        check_fast("RMS", rms::Plain(rms));
        check_fast("RMS, centred", rms::Centered(rms));
        check_fast("RMS with momentum", rms::Heavy(rms));
        check_fast("RMS, both", rms::CenteredHeavy(rms));
        let (rho, rest, lr, epsilon) = (0.9, 0.1, 0.5, 1e-6);
        check_fast(
            "Adadelta",
            adadelta::Adadelta {
                rho,
                rest,
                lr,
                epsilon,
                keep,
            },
        );
        let (beta_1, rest_1, beta_2, rest_2) = (0.9, 0.1, 0.99, 0.01);
        check_fast(
            "Lion",
            lion::Lion {
                beta_1,
                rest_1,
                beta_2,
                rest_2,
                lr,
                keep,
            },
        );
    }

    #[test]
    fn moments_that_fade_become_zero_and_the_others_stay() {
        let mut moments: [f32; 5] = [1e-31, -1e-31, 1e-29, -0.5, f32::NAN];
        flush_tiny(&mut moments);
        assert_eq!(moments[..4], [0.0, 0.0, 1e-29, -0.5]);
        assert!(moments[4].is_nan());
    }

    #[test]
    #[should_panic(expected = "optimizer: state, 2 parameters")]
    fn state_of_another_length_is_refused() {
        walk(
            sgd::Momentum::default(),
            &mut [0f32; 2],
            &[0.0; 2],
            [&mut [0.0; 3]],
        );
    }
}
