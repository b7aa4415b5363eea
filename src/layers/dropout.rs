//! The layer that drops values at random in training.

use crate::kernels::Real;
use crate::rng::Rng;

/// Fills the mask of one sample: 0 with probability `rate`, else `1 / (1 − rate)`; a draw for each
/// element, in C order.
pub fn fill_mask<T: Real>(rng: &mut Rng, rate: f64, mask: &mut [T]) {
    let kept = T::from_f64(1.0 / (1.0 - rate));
    mask.fill_with(|| {
        if f64::from(rng.uniform_f32()) < rate {
            T::ZERO
        } else {
            kept
        }
    });
}
