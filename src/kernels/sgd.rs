//! Gradient descent with momentum, as Keras defines it.

use super::Real;

/// One update of all parameters:
/// ```text
/// u = momentum·u - lr·g      p += u      (Nesterov: p += momentum·u - lr·g)
/// ```
/// With momentum 0, `velocity` is not touched and may be empty.
pub fn step<T: Real>(
    params: &mut [T],
    grads: &[T],
    velocity: &mut [T],
    lr: T,
    momentum: T,
    nesterov: bool,
) {
    let len = params.len();
    assert_eq!(
        grads.len(),
        len,
        "sgd::step: grads of {}, parameters of {len}",
        grads.len()
    );
    if momentum == T::ZERO {
        for (p, &g) in params.iter_mut().zip(grads) {
            *p -= lr * g;
        }
        return;
    }
    assert_eq!(
        velocity.len(),
        len,
        "sgd::step: velocity of {}, {len}",
        velocity.len()
    );
    for ((p, &g), u) in params.iter_mut().zip(grads).zip(velocity) {
        *u = momentum * *u - lr * g;
        *p += if nesterov { momentum * *u - lr * g } else { *u };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::check_close;

    fn check_two_steps(momentum: f64, nesterov: bool, expected: f64) {
        let (mut p, mut u) = ([1.0], [0.0]);
        step(&mut p, &[2.0], &mut u, 0.1, momentum, nesterov);
        step(&mut p, &[1.0], &mut u, 0.1, momentum, nesterov);
        check_close("parameter", &p, &[expected], 1e-12, 0.0);
    }

    #[test]
    fn plain_momentum_and_nesterov_by_hand() {
        check_two_steps(0.0, false, 0.7);
        check_two_steps(0.9, false, 1.0 - 0.2 - 0.28);
        check_two_steps(0.9, true, 1.0 - 0.38 - 0.352);
    }
}
