//! Rotary positions (Su et al. 2021, "RoFormer", arXiv 2104.09864): pairs of numbers turned by an
//! angle that grows with the position, so that a product of two turned vectors knows the difference
//! of their positions alone.
//!
//! A row of 2P numbers at position m. Pair i is number i and number i + P, as in GPT-NeoX and in
//! LLaMA as Hugging Face has it (the paper pairs neighbours: the same up to the order of columns):
//! ```text
//! φ_i = m · base^(−i / P)
//! y_i = x_i · cos φ_i − x_{i+P} · sin φ_i        y_{i+P} = x_i · sin φ_i + x_{i+P} · cos φ_i
//! dx  = dy turned by −φ, because a rotation's transpose is its inverse
//! ```

use super::simd::{F32x4, LANES};

/// Cosines and sines of one position's angles, computed in f64: far out an angle in f32 has lost
/// its place on the circle. Shape: cos, sin `[pairs]`.
pub fn angles(base: f64, position: f64, cos: &mut [f32], sin: &mut [f32]) {
    let pairs = cos.len();
    assert_eq!(
        sin.len(),
        pairs,
        "rotary::angles: sin of {}, cos of {pairs}",
        sin.len()
    );
    for (i, (cos, sin)) in cos.iter_mut().zip(sin).enumerate() {
        let angle = position * libm::pow(base, -(i as f64) / pairs as f64);
        (*cos, *sin) = (libm::cos(angle) as f32, libm::sin(angle) as f32);
    }
}

/// Turns x in place. Shape: cos, sin `[steps][pairs]`, x `[n][steps][heads][2 · pairs]`.
pub fn forward(pairs: usize, heads: usize, cos: &[f32], sin: &[f32], x: &mut [f32]) {
    check("rotary::forward", pairs, heads, cos, sin, x);
    turn::<false>(pairs, heads, cos, sin, x);
}

/// Turns dy back in place, which makes it dx. Shape: as [`forward`]'s.
pub fn backward(pairs: usize, heads: usize, cos: &[f32], sin: &[f32], dy: &mut [f32]) {
    check("rotary::backward", pairs, heads, cos, sin, dy);
    turn::<true>(pairs, heads, cos, sin, dy);
}

fn check(name: &str, pairs: usize, heads: usize, cos: &[f32], sin: &[f32], x: &[f32]) {
    let (angles, all) = (cos.len(), x.len());
    assert!(
        sin.len() == angles
            && angles.is_multiple_of(pairs)
            && all.is_multiple_of(angles * 2 * heads),
        "{name}: x of {all}, {heads} heads of {pairs} pairs, angles of {angles} and {}",
        sin.len()
    );
}

/// Each head of each step, by the step's angles.
fn turn<const BACK: bool>(pairs: usize, heads: usize, cos: &[f32], sin: &[f32], x: &mut [f32]) {
    for sample in x.chunks_exact_mut(cos.len() * 2 * heads) {
        let steps = sample.chunks_exact_mut(2 * heads * pairs);
        let angles = cos.chunks_exact(pairs).zip(sin.chunks_exact(pairs));
        for (step, (cos, sin)) in steps.zip(angles) {
            for head in step.chunks_exact_mut(2 * pairs) {
                let (a, b) = head.split_at_mut(pairs);
                turn_head::<BACK>(cos, sin, a, b);
            }
        }
    }
}

/// Four pairs at a time, then one.
#[inline(always)]
fn turn_head<const BACK: bool>(cos: &[f32], sin: &[f32], a: &mut [f32], b: &mut [f32]) {
    let ((cos, cos_rest), (sin, sin_rest)) = (cos.as_chunks(), sin.as_chunks::<LANES>());
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks_mut(), b.as_chunks_mut::<LANES>());
    for (((a, b), cos), sin) in a.iter_mut().zip(b).zip(cos).zip(sin) {
        let (x, y) = (F32x4::from_lanes(a), F32x4::from_lanes(b));
        let (cos, sin) = (F32x4::from_lanes(cos), F32x4::from_lanes(sin));
        if BACK {
            (x * cos + y * sin).write_lanes(a);
            (y * cos - x * sin).write_lanes(b);
        } else {
            (x * cos - y * sin).write_lanes(a);
            (x * sin + y * cos).write_lanes(b);
        }
    }
    for (((a, b), cos), sin) in a_rest.iter_mut().zip(b_rest).zip(cos_rest).zip(sin_rest) {
        let sin = if BACK { -sin } else { *sin };
        (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close, dot};

    /// The twin of [`turn`]: pair by pair from the formula, the angles too, in f64.
    fn plain(
        [steps, heads, pairs]: [usize; 3],
        (base, positions): (f64, &[f64]),
        direction: f64,
        x: &[f32],
    ) -> Vec<f64> {
        let mut y = vec![0.0; x.len()];
        for (row, at) in (0..x.len()).step_by(2 * pairs).enumerate() {
            let m = positions[row / heads % steps];
            for i in 0..pairs {
                let angle = direction * m * base.powf(-2.0 * i as f64 / (2 * pairs) as f64);
                let (a, b) = (f64::from(x[at + i]), f64::from(x[at + i + pairs]));
                y[at + i] = a * angle.cos() - b * angle.sin();
                y[at + i + pairs] = a * angle.sin() + b * angle.cos();
            }
        }
        y
    }

    fn tables(base: f64, positions: &[f64], pairs: usize) -> [Vec<f32>; 2] {
        let [mut cos, mut sin] = [(); 2].map(|()| vec![9.0; positions.len() * pairs]);
        let rows = cos.chunks_mut(pairs).zip(sin.chunks_mut(pairs));
        for (&position, (cos, sin)) in positions.iter().zip(rows) {
            angles(base, position, cos, sin);
        }
        [cos, sin]
    }

    #[test]
    fn each_pair_is_turned_by_its_own_angle_and_back() {
        for (n, steps, heads, pairs) in [(1, 1, 1, 1), (2, 3, 2, 3), (1, 5, 3, 4), (3, 2, 1, 11)] {
            let positions: Vec<f64> = (0..steps).map(|t| 100_000.0 + 0.5 * t as f64).collect();
            let [cos, sin] = tables(500.0, &positions, pairs);
            let x: Vec<f32> = Numbers::new(pairs as u64).vec(n * steps * heads * 2 * pairs);
            let place = ([steps, heads, pairs], (500.0, &positions[..]));
            let (mut y, mut dx) = (x.clone(), x.clone());
            forward(pairs, heads, &cos, &sin, &mut y);
            check_close("y", &y, &plain(place.0, place.1, 1.0, &x), 1e-6, 1e-6);
            backward(pairs, heads, &cos, &sin, &mut dx);
            check_close("dx", &dx, &plain(place.0, place.1, -1.0, &x), 1e-6, 1e-6);
            backward(pairs, heads, &cos, &sin, &mut y);
            check_close("there and back", &y, &x, 1e-6, 1e-6);
        }
    }

    #[test]
    fn a_product_knows_the_difference_of_positions_alone() {
        let (mut numbers, pairs) = (Numbers::new(3), 6);
        let (q, k): (Vec<f32>, Vec<f32>) = (numbers.vec(2 * pairs), numbers.vec(2 * pairs));
        let product = |m: f64, n: f64| {
            let [cos, sin] = tables(10_000.0, &[m, n], pairs);
            let mut both = [&q[..], &k[..]].concat();
            forward(pairs, 1, &cos, &sin, &mut both);
            dot(&both[..2 * pairs], &both[2 * pairs..])
        };
        assert!((product(5.0, 2.0) - product(903.0, 900.0)).abs() < 1e-5);
        assert!((product(5.0, 2.0) - product(5.0, 3.0)).abs() > 1e-2);
        assert!((product(0.0, 0.0) - dot(&q, &k)).abs() < 1e-6);
    }
}
