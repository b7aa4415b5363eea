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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_added_to_its_like() {
        let mut total = [1f32, 2.0, 3.0];
        accumulate(&mut total, &[10.0, 20.0, 30.0]);
        assert_eq!(total, [11.0, 22.0, 33.0]);
    }
}
