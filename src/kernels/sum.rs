//! Adding one array to another, and multiplying one by another.

use super::Real;

/// `total[i] += more[i]`. Shape: both `[N]`.
pub fn accumulate<T: Real>(total: &mut [T], more: &[T]) {
    assert_eq!(
        total.len(),
        more.len(),
        "sum::accumulate: {} and {} numbers",
        total.len(),
        more.len()
    );
    for (total, &more) in total.iter_mut().zip(more) {
        *total += more;
    }
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
    for (product, &more) in product.iter_mut().zip(more) {
        *product *= more;
    }
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
