//! Softmax and log-softmax over the columns of each row.

use super::Real;

/// `y = exp(x - max x) / Σ exp(x - max x)`. Shape: x `[rows][cols]` → y.
pub fn forward<T: Real>(rows: usize, cols: usize, x: &[T], y: &mut [T]) {
    check("softmax::forward", rows, cols, &[x.len(), y.len()]);
    y.copy_from_slice(x);
    forward_in_place(rows, cols, y);
}

/// [`forward`] of y itself.
pub fn forward_in_place<T: Real>(rows: usize, cols: usize, y: &mut [T]) {
    check("softmax::forward_in_place", rows, cols, &[y.len()]);
    for y in y.chunks_exact_mut(cols) {
        let largest = maximum(y);
        let mut sum = T::ZERO;
        for y in y.iter_mut() {
            *y = (*y - largest).exp();
            sum += *y;
        }
        for y in y {
            *y /= sum;
        }
    }
}

/// `y = x - max x - ln Σ exp(x - max x)`. Shape: x `[rows][cols]` → y.
pub fn log_forward<T: Real>(rows: usize, cols: usize, x: &[T], y: &mut [T]) {
    check("softmax::log_forward", rows, cols, &[x.len(), y.len()]);
    for (x, y) in x.chunks_exact(cols).zip(y.chunks_exact_mut(cols)) {
        let largest = maximum(x);
        let mut sum = T::ZERO;
        for &x in x {
            sum += (x - largest).exp();
        }
        let log_sum = sum.ln();
        for (&x, y) in x.iter().zip(y) {
            *y = x - largest - log_sum;
        }
    }
}

/// `dx = y · (dy - Σ dy·y)`, with y the softmax. Shape: y, dy `[rows][cols]` → dx.
pub fn backward<T: Real>(rows: usize, cols: usize, y: &[T], dy: &[T], dx: &mut [T]) {
    check(
        "softmax::backward",
        rows,
        cols,
        &[y.len(), dy.len(), dx.len()],
    );
    dx.copy_from_slice(dy);
    backward_in_place(rows, cols, y, dx);
}

/// `dy = y · (dy - Σ dy·y)`, in place. Shape: y, dy `[rows][cols]`.
pub fn backward_in_place<T: Real>(rows: usize, cols: usize, y: &[T], dy: &mut [T]) {
    check(
        "softmax::backward_in_place",
        rows,
        cols,
        &[y.len(), dy.len()],
    );
    for (y, dy) in y.chunks_exact(cols).zip(dy.chunks_exact_mut(cols)) {
        let mut inner = T::ZERO;
        for (&y, &dy) in y.iter().zip(dy.iter()) {
            inner += y * dy;
        }
        for (&y, dy) in y.iter().zip(dy) {
            *dy = y * (*dy - inner);
        }
    }
}

/// `dx = dy - exp(y) · Σ dy`, with y the log-softmax. Shape: y, dy `[rows][cols]` → dx.
pub fn log_backward<T: Real>(rows: usize, cols: usize, y: &[T], dy: &[T], dx: &mut [T]) {
    check(
        "softmax::log_backward",
        rows,
        cols,
        &[y.len(), dy.len(), dx.len()],
    );
    let rows = y
        .chunks_exact(cols)
        .zip(dy.chunks_exact(cols))
        .zip(dx.chunks_exact_mut(cols));
    for ((y, dy), dx) in rows {
        let mut sum = T::ZERO;
        for &dy in dy {
            sum += dy;
        }
        for ((&y, &dy), dx) in y.iter().zip(dy).zip(dx) {
            *dx = dy - y.exp() * sum;
        }
    }
}

/// The largest value; NaN if one is NaN.
pub(super) fn maximum<T: Real>(x: &[T]) -> T {
    let mut largest = T::NEG_INFINITY;
    for &x in x {
        if x > largest || x.is_nan() {
            largest = x;
        }
    }
    largest
}

fn check(op: &str, rows: usize, cols: usize, lengths: &[usize]) {
    assert!(cols > 0, "{op}: rows of no columns");
    for &len in lengths {
        assert_eq!(
            len,
            rows * cols,
            "{op}: {len} elements for [{rows}][{cols}]"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};

    const ROWS: usize = 3;
    const COLS: usize = 5;

    type Forward = fn(usize, usize, &[f64], &mut [f64]);
    type Backward = fn(usize, usize, &[f64], &[f64], &mut [f64]);

    /// Along a random direction, the finite difference of `<dy, f(x)>` equals `<dx, direction>`.
    fn check_gradient(forward: Forward, backward: Backward) {
        let mut numbers = Numbers::new(11);
        let (x, dy): (Vec<f64>, Vec<f64>) = (numbers.vec(ROWS * COLS), numbers.vec(ROWS * COLS));
        let direction: Vec<f64> = numbers.vec(ROWS * COLS);
        let value = |step: f64| {
            let moved: Vec<f64> = x
                .iter()
                .zip(&direction)
                .map(|(x, d)| x + step * d)
                .collect();
            let mut y = vec![0.0; ROWS * COLS];
            forward(ROWS, COLS, &moved, &mut y);
            y.iter().zip(&dy).map(|(y, dy)| y * dy).sum::<f64>()
        };
        let (mut y, mut dx) = (vec![0.0; ROWS * COLS], vec![0.0; ROWS * COLS]);
        forward(ROWS, COLS, &x, &mut y);
        backward(ROWS, COLS, &y, &dy, &mut dx);
        let slope: f64 = dx.iter().zip(&direction).map(|(a, b)| a * b).sum();
        let difference = (value(1e-5) - value(-1e-5)) / 2e-5;
        check_close("slope", &[slope], &[difference], 1e-7, 1e-9);
    }

    #[test]
    fn softmax_gradient_is_the_slope() {
        check_gradient(forward::<f64>, backward::<f64>);
    }

    #[test]
    fn log_softmax_gradient_is_the_slope() {
        check_gradient(log_forward::<f64>, log_backward::<f64>);
    }

    #[test]
    fn large_inputs_do_not_overflow_and_rows_sum_to_one() {
        let x = [1000f32, 1001., 999., -1000., -1001., -999.];
        let (mut y, mut log_y) = ([0f32; 6], [0f32; 6]);
        forward(2, 3, &x, &mut y);
        log_forward(2, 3, &x, &mut log_y);
        for row in y.chunks_exact(3) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
        let logs: Vec<f64> = y.iter().map(|&v| Real::ln(v as f64)).collect();
        check_close("ln softmax", &log_y, &logs, 1e-5, 1e-6);
    }

    #[test]
    fn nan_makes_its_whole_row_nan() {
        let mut y = [0f32; 4];
        forward(2, 2, &[1.0, f32::NAN, 1.0, 1.0], &mut y);
        assert!(y[0].is_nan() && y[1].is_nan());
        assert_eq!(y[2..], [0.5, 0.5]);
    }
}
