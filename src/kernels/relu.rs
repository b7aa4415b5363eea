//! `y = max(x, 0)`; NaN stays NaN.

use super::Real;

/// `y = 0 where x < 0, else x`
pub fn forward<T: Real>(x: &[T], y: &mut [T]) {
    assert_eq!(
        x.len(),
        y.len(),
        "relu::forward: x of {}, y of {}",
        x.len(),
        y.len()
    );
    for (&x, y) in x.iter().zip(y) {
        *y = if x < T::ZERO { T::ZERO } else { x };
    }
}

/// `y = max(y, 0)` in place.
pub fn forward_in_place<T: Real>(y: &mut [T]) {
    // Written without branches, so that the compiler takes several at once.
    for y in y {
        *y = if *y < T::ZERO { T::ZERO } else { *y };
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
    for ((&y, &dy), dx) in y.iter().zip(dy).zip(dx) {
        *dx = if y > T::ZERO { dy } else { T::ZERO };
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
    for (&y, dy) in y.iter().zip(dy) {
        *dy = if y > T::ZERO { *dy } else { T::ZERO };
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
