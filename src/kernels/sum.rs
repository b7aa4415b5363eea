//! Adding one array to another, and multiplying one by another.

use super::Real;
use super::simd::zip_in_place;

/// `total[i] += more[i]`. Shape: both `[N]`.
pub fn accumulate<T: Real>(total: &mut [T], more: &[T]) {
    assert_eq!(
        total.len(),
        more.len(),
        "sum::accumulate: {} and {} numbers",
        total.len(),
        more.len()
    );
    if let (Some(total), Some(more)) = (T::as_f32s_mut(total), T::as_f32s(more)) {
        return accumulate_fast(total, more);
    }
    for (total, &more) in total.iter_mut().zip(more) {
        *total += more;
    }
}

#[inline(never)]
fn accumulate_fast(total: &mut [f32], more: &[f32]) {
    zip_in_place(total, more, |total, more| total + more);
}

/// `product[i] *= more[i]`. Shape: both `[N]`.
pub fn multiply(product: &mut [f32], more: &[f32]) {
    assert_eq!(
        product.len(),
        more.len(),
        "sum::multiply: {} and {} numbers",
        product.len(),
        more.len()
    );
    zip_in_place(product, more, |product, more| product * more);
}

/// What lies on the grid is a multiple of 2⁻³⁶.
const GRID: i32 = -36;
/// Numbers beyond are taken as this: 64 of them sum to at most 2¹⁷.
const GRID_BOUND: f64 = 2048.0;

/// `total[i] += more[i]`, each rounded to a multiple of 2⁻³⁶ first. Shape: both `[N]`.
///
/// Where every addend lies on one grid and sums stay below 2⁵³ of its steps, f64 adds without
/// rounding: the sum of up to 64 arrays has the same bits in whatever order, and however it is
/// bracketed. Source: the pre-rounding of Demmel and Nguyen, "Parallel Reproducible Summation", 2015.
pub fn accumulate_on_grid(total: &mut [f64], more: &[f32]) {
    assert_eq!(
        total.len(),
        more.len(),
        "sum::accumulate_on_grid: {} and {} numbers",
        total.len(),
        more.len()
    );
    // Numbers about 1.5·2^(52 + GRID) are exactly the grid's multiples apart.
    let shift = 1.5 * f64::from_bits(((1023 + 52 + GRID) as u64) << 52);
    for (total, &more) in total.iter_mut().zip(more) {
        let within = f64::from(more).clamp(-GRID_BOUND, GRID_BOUND);
        *total += (within + shift) - shift;
    }
}

/// `x[i] = 0` where `mask[i]` is 0; where it is all ones, nothing changes. Shape: both `[N]`.
pub fn mask(x: &mut [f32], mask: &[u32]) {
    assert_eq!(
        x.len(),
        mask.len(),
        "sum::mask: {} and {} numbers",
        x.len(),
        mask.len()
    );
    for (x, mask) in x.iter_mut().zip(mask) {
        *x = f32::from_bits(x.to_bits() & mask);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_grid_the_order_of_a_sum_changes_no_bit() {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let size = 10f32.powi((state >> 8) as i32 % 13 - 9);
            (state as f32 / 2f32.powi(31) - 1.0) * size
        };
        let parts: Vec<Vec<f32>> = (0..64).map(|_| (0..97).map(|_| next()).collect()).collect();
        let sum = |order: &[usize]| {
            let mut total = vec![0.0; 97];
            for &part in order {
                accumulate_on_grid(&mut total, &parts[part]);
            }
            total
        };
        let forward: Vec<usize> = (0..64).collect();
        let mixed: Vec<usize> = (0..64).map(|i| i * 37 % 64).collect();
        assert_eq!(sum(&forward), sum(&mixed));
        // Two halves, summed apart, make the same.
        let (mut left, right) = (sum(&mixed[..20]), sum(&mixed[20..]));
        accumulate(&mut left, &right);
        assert_eq!(left, sum(&forward));
        // Plain f32 does not: the test's numbers are hard enough to show it.
        let plain = |order: &[usize]| {
            let mut total = vec![0f32; 97];
            order
                .iter()
                .for_each(|&part| accumulate(&mut total, &parts[part]));
            total
        };
        assert_ne!(plain(&forward), plain(&mixed));
    }

    #[test]
    fn the_grid_rounds_to_its_nearest_multiple_and_holds_its_bounds() {
        let step = 2f64.powi(-36);
        let mut total = [0.0; 5];
        accumulate_on_grid(
            &mut total,
            &[0.7 * step as f32, -0.3 * step as f32, 0.25, 1e30, -1e30],
        );
        assert_eq!(total, [step, 0.0, 0.25, 2048.0, -2048.0]);
        accumulate_on_grid(&mut total[..1], &[f32::NAN]);
        assert!(total[0].is_nan());
    }

    #[test]
    fn each_number_is_added_to_its_like() {
        let mut total = [1f32, 2.0, 3.0];
        accumulate(&mut total, &[10.0, 20.0, 30.0]);
        assert_eq!(total, [11.0, 22.0, 33.0]);
    }
}
