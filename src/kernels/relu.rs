//! `y = max(x, 0)`; NaN stays NaN.

use super::Real;
use super::simd::{F32x4, zip_in_place, zip_into};

/// `y = 0 where x < 0, else x`
pub fn forward<T: Real>(x: &[T], y: &mut [T]) {
    assert_eq!(
        x.len(),
        y.len(),
        "relu::forward: x of {}, y of {}",
        x.len(),
        y.len()
    );
    if let (Some(x), Some(y)) = (T::as_f32s(x), T::as_f32s_mut(y)) {
        return fast::forward(x, y);
    }
    for (&x, y) in x.iter().zip(y) {
        *y = cut(x);
    }
}

/// `y = max(y, 0)` in place.
pub fn forward_in_place<T: Real>(y: &mut [T]) {
    if let Some(y) = T::as_f32s_mut(y) {
        return fast::forward_in_place(y);
    }
    for y in y {
        *y = cut(*y);
    }
}

/// `dx = dy where y > 0, else 0` (`y` may be the output or the input: their signs agree).
pub fn backward<T: Real>(y: &[T], dy: &[T], dx: &mut [T]) {
    assert_eq!(
        y.len(),
        dy.len(),
        "relu::backward: y of {}, dy of {}",
        y.len(),
        dy.len()
    );
    assert_eq!(
        y.len(),
        dx.len(),
        "relu::backward: y of {}, dx of {}",
        y.len(),
        dx.len()
    );
    if let (Some(y), Some(dy)) = (T::as_f32s(y), T::as_f32s(dy))
        && let Some(dx) = T::as_f32s_mut(dx)
    {
        return fast::backward(y, dy, dx);
    }
    for ((&y, &dy), dx) in y.iter().zip(dy).zip(dx) {
        *dx = pass(y, dy);
    }
}

/// `dy = 0 where y <= 0`, in place.
pub fn backward_in_place<T: Real>(y: &[T], dy: &mut [T]) {
    assert_eq!(
        y.len(),
        dy.len(),
        "relu::backward_in_place: y of {}, dy of {}",
        y.len(),
        dy.len()
    );
    if let (Some(y), Some(dy)) = (T::as_f32s(y), T::as_f32s_mut(dy)) {
        return fast::backward_in_place(y, dy);
    }
    for (&y, dy) in y.iter().zip(dy) {
        *dy = pass(y, *dy);
    }
}

fn cut<T: Real>(x: T) -> T {
    if x < T::ZERO { T::ZERO } else { x }
}

fn pass<T: Real>(y: T, dy: T) -> T {
    if y > T::ZERO { dy } else { T::ZERO }
}

/// Four at a time.
mod fast {
    use super::*;

    #[inline(never)]
    pub fn forward(x: &[f32], y: &mut [f32]) {
        zip_into(x, x, y, |x, _| x.relu());
    }

    #[inline(never)]
    pub fn forward_in_place(y: &mut [f32]) {
        let (whole, rest) = y.as_chunks_mut();
        for y in whole {
            F32x4::from_lanes(y).relu().write_lanes(y);
        }
        rest.iter_mut().for_each(|y| *y = cut(*y));
    }

    #[inline(never)]
    pub fn backward(y: &[f32], dy: &[f32], dx: &mut [f32]) {
        zip_into(y, dy, dx, |y, dy| y.gt(F32x4::ZERO).keep(dy));
    }

    #[inline(never)]
    pub fn backward_in_place(y: &[f32], dy: &mut [f32]) {
        zip_in_place(dy, y, |dy, y| y.gt(F32x4::ZERO).keep(dy));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_inputs_are_cut_and_pass_no_gradient() {
        let x = [-1.5f32, 0.0, 2.0, f32::NAN];
        let mut y = [9f32; 4];
        forward(&x, &mut y);
        assert_eq!(y[..3], [0.0, 0.0, 2.0]);
        assert!(y[3].is_nan());
        let mut dx = [9f32; 4];
        backward(&y, &[3., 4., 5., 6.], &mut dx);
        assert_eq!(dx[..3], [0.0, 0.0, 5.0]);
    }

    #[test]
    fn four_at_a_time_equals_one_at_a_time() {
        for len in 0..11 {
            let values = [
                -1.5f32,
                0.0,
                2.0,
                f32::NAN,
                -0.0,
                3.0,
                -4.0,
                f32::INFINITY,
                1.0,
                -2.0,
            ];
            let x: Vec<f32> = values.iter().cycle().take(len).copied().collect();
            let dy: Vec<f32> = (0..len).map(|i| i as f32 - 3.5).collect();
            let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<u32>>();
            let plain: Vec<f32> = x.iter().map(|&x| cut(x)).collect();
            let (mut y, mut in_place) = (vec![9.0; len], x.clone());
            forward(&x, &mut y);
            forward_in_place(&mut in_place);
            assert_eq!(bits(&y), bits(&plain));
            assert_eq!(bits(&in_place), bits(&plain));
            let plain: Vec<f32> = y.iter().zip(&dy).map(|(&y, &dy)| pass(y, dy)).collect();
            let (mut dx, mut in_place) = (vec![9.0; len], dy.clone());
            backward(&y, &dy, &mut dx);
            backward_in_place(&y, &mut in_place);
            assert_eq!(bits(&dx), bits(&plain));
            assert_eq!(bits(&in_place), bits(&plain));
        }
    }

    #[test]
    fn the_in_place_forms_agree() {
        let x = [-1.5f64, 0.0, 2.0, 3.0, -4.0];
        let (mut y, mut dx) = ([0f64; 5], [0f64; 5]);
        forward(&x, &mut y);
        backward(&y, &[1., 2., 3., 4., 5.], &mut dx);
        let (mut y2, mut dx2) = (x, [1f64, 2., 3., 4., 5.]);
        forward_in_place(&mut y2);
        backward_in_place(&y2, &mut dx2);
        assert_eq!((y, dx), (y2, dx2));
    }
}
