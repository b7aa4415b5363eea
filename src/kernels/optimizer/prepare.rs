//! What is done to gradients before a rule takes them: clipping, and the pull of penalties.

use crate::kernels::Real;
use crate::kernels::simd::{F32x4, LANES};

/// `Σ values²`, as f64. f32 are summed in 16 strands, whose order is the same on every platform.
pub fn sum_of_squares<T: Real>(values: &[T]) -> f64 {
    match T::as_f32s(values) {
        Some(values) => fast_sum(values, |v, sum| v.mul_add(v, sum)),
        None => values.iter().map(|v| v.to_f64() * v.to_f64()).sum(),
    }
}

/// `Σ |values|`, as f64; summed as [`sum_of_squares`] is.
pub fn sum_of_magnitudes<T: Real>(values: &[T]) -> f64 {
    match T::as_f32s(values) {
        Some(values) => fast_sum(values, |v, sum| v.abs() + sum),
        None => values.iter().map(|v| v.abs().to_f64()).sum(),
    }
}

/// Adds `values` up in 16 strands: four vectors, so that no sum waits for the one before.
#[inline(always)]
fn fast_sum(values: &[f32], add: impl Fn(F32x4, F32x4) -> F32x4) -> f64 {
    const STRANDS: usize = 4;
    let mut sums = [F32x4::ZERO; STRANDS];
    let (whole, rest) = values.as_chunks::<{ STRANDS * LANES }>();
    for values in whole {
        for (sum, lanes) in sums.iter_mut().zip(values.as_chunks::<LANES>().0) {
            *sum = add(F32x4::from_lanes(lanes), *sum);
        }
    }
    let mut padded = [0.0; STRANDS * LANES];
    padded[..rest.len()].copy_from_slice(rest);
    for (sum, lanes) in sums.iter_mut().zip(padded.as_chunks::<LANES>().0) {
        *sum = add(F32x4::from_lanes(lanes), *sum);
    }
    let mut total = 0.0;
    for sum in sums {
        let mut lanes = [0.0; LANES];
        sum.write_lanes(&mut lanes);
        total += lanes.iter().map(|&lane| f64::from(lane)).sum::<f64>();
    }
    total
}

/// `g *= scale`
pub fn scale<T: Real>(grads: &mut [T], scale: f64) {
    let scale = T::from_f64(scale);
    for g in grads {
        *g *= scale;
    }
}

/// `g = min(max(g, -bound), bound)`; a NaN stays.
pub fn clamp<T: Real>(grads: &mut [T], bound: f64) {
    let (low, high) = (T::from_f64(-bound), T::from_f64(bound));
    for g in grads {
        let above = if *g < low { low } else { *g };
        *g = if above > high { high } else { above };
    }
}

/// `g += l1·sign(p) + pull·p`: the slope of `l1·Σ|p| + pull/2·Σp²`. Shape: both `[N]`.
pub fn pull<T: Real>(grads: &mut [T], params: &[T], l1: f64, pull: f64) {
    let len = params.len();
    assert_eq!(
        grads.len(),
        len,
        "prepare::pull: gradients, {len} parameters"
    );
    let (l1, pull) = (T::from_f64(l1), T::from_f64(pull));
    for (g, &p) in grads.iter_mut().zip(params) {
        let sign = if p > T::ZERO {
            l1
        } else if p < T::ZERO {
            -l1
        } else {
            T::ZERO
        };
        *g += sign + pull * p;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};

    #[test]
    fn sums_of_f32_are_those_of_f64_on_every_rest() {
        for len in [0, 1, 4, 15, 16, 17, 100] {
            let values: Vec<f32> = Numbers::new(len as u64).vec(len);
            let wide: Vec<f64> = values.iter().map(|&v| f64::from(v)).collect();
            for sums in [
                [sum_of_squares(&values), sum_of_squares(&wide)],
                [sum_of_magnitudes(&values), sum_of_magnitudes(&wide)],
            ] {
                check_close(&format!("sum of {len}"), &sums[..1], &sums[1..], 1e-6, 0.0);
            }
        }
    }

    #[test]
    fn gradients_are_scaled_bounded_and_pulled() {
        let mut g = [1.0, -4.0, 0.25, f64::NAN];
        scale(&mut g, 2.0);
        clamp(&mut g, 3.0);
        assert_eq!(g[..3], [2.0, -3.0, 0.5]);
        assert!(g[3].is_nan());
        let mut g = [1f32; 3];
        pull(&mut g, &[2.0, -2.0, 0.0], 0.5, 0.25);
        assert_eq!(g, [2.0, 0.0, 1.0]);
    }
}
