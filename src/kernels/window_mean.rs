//! Mean over windows, NHWC. The windows are given as ranges of rows and of columns, so that fixed,
//! adaptive and global pooling are one loop.

use std::ops::Range;

use super::Real;

/// Windows over a batch of images: every range of rows with every range of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    /// Input rows under each output row, padding left out.
    pub rows: Vec<Range<usize>>,
    /// Input columns under each output column, padding left out.
    pub cols: Vec<Range<usize>>,
}

impl Windows {
    /// Elements of the input.
    pub fn x_len(&self) -> usize {
        self.n * self.h * self.w * self.c
    }

    /// Elements of the output.
    pub fn y_len(&self) -> usize {
        self.n * self.rows.len() * self.cols.len() * self.c
    }

    /// Calls `f(output pixel, rows, columns, image)` for each window, pixels counted over the batch.
    pub(super) fn for_each(&self, mut f: impl FnMut(usize, &Range<usize>, &Range<usize>, usize)) {
        let mut pixel = 0;
        for n in 0..self.n {
            for rows in &self.rows {
                for cols in &self.cols {
                    f(pixel, rows, cols, n);
                    pixel += 1;
                }
            }
        }
    }

    pub(super) fn check(&self, op: &str, x: usize, y: usize) {
        let inside = |ranges: &[Range<usize>], size| {
            ranges
                .iter()
                .all(|range| range.start < range.end && range.end <= size)
        };
        assert!(
            inside(&self.rows, self.h) && inside(&self.cols, self.w),
            "{op}: empty windows or windows outside of {self:?}"
        );
        assert_eq!(x, self.x_len(), "{op}: x of {x} elements, {self:?}");
        assert_eq!(y, self.y_len(), "{op}: y of {y} elements, {self:?}");
    }
}

/// `y[p][c] = Σ x[..][c] over the window / count`, count being `divisor` or else the pixels in it.
///
/// Shape: x `[n][h][w][c]` → y `[n][rows][cols][c]`.
pub fn forward<T: Real>(s: &Windows, divisor: Option<usize>, x: &[T], y: &mut [T]) {
    s.check("window_mean::forward", x.len(), y.len());
    s.for_each(|pixel, rows, cols, n| {
        let y = &mut y[pixel * s.c..][..s.c];
        y.fill(T::ZERO);
        for row in rows.clone() {
            let from = ((n * s.h + row) * s.w + cols.start) * s.c;
            let pixels = &x[from..][..cols.len() * s.c];
            for pixel in pixels.chunks_exact(s.c.max(1)) {
                for (y, &x) in y.iter_mut().zip(pixel) {
                    *y += x;
                }
            }
        }
        let count = T::from_f64(divisor.unwrap_or(rows.len() * cols.len()) as f64);
        for y in y {
            *y /= count;
        }
    });
}

/// `dx[q][c] = Σ dy[p][c] / count over the windows that hold q`. Shape: dy `[n][rows][cols][c]` → dx.
pub fn backward<T: Real>(s: &Windows, divisor: Option<usize>, dy: &[T], dx: &mut [T]) {
    s.check("window_mean::backward", dx.len(), dy.len());
    dx.fill(T::ZERO);
    s.for_each(|pixel, rows, cols, n| {
        let dy = &dy[pixel * s.c..][..s.c];
        let count = T::from_f64(divisor.unwrap_or(rows.len() * cols.len()) as f64);
        for row in rows.clone() {
            let from = ((n * s.h + row) * s.w + cols.start) * s.c;
            let pixels = &mut dx[from..][..cols.len() * s.c];
            for pixel in pixels.chunks_exact_mut(s.c.max(1)) {
                for (dx, &dy) in pixel.iter_mut().zip(dy) {
                    *dx += dy / count;
                }
            }
        }
    });
}

#[cfg(test)]
// A list of one range is meant: one window.
#[allow(clippy::single_range_in_vec_init)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close, dot};

    fn windows(rows: Vec<Range<usize>>, cols: Vec<Range<usize>>) -> Windows {
        Windows {
            n: 2,
            h: 5,
            w: 4,
            c: 3,
            rows,
            cols,
        }
    }

    #[test]
    fn means_are_those_of_their_definition_and_the_gradient_is_their_transpose() {
        for s in [
            windows(vec![0..5], vec![0..4]),
            windows(vec![0..2, 1..4, 3..5], vec![0..1, 1..4]),
            windows(vec![4..5], vec![0..2, 0..3, 2..4]),
        ] {
            for divisor in [None, Some(7)] {
                let mut numbers = Numbers::new(3);
                let x: Vec<f64> = numbers.vec(s.x_len());
                let (mut y, mut want) = (vec![9.0; s.y_len()], vec![]);
                forward(&s, divisor, &x, &mut y);
                s.for_each(|_, rows, cols, n| {
                    for c in 0..s.c {
                        let of_row = |row: usize| -> f64 {
                            let at = |col| x[((n * s.h + row) * s.w + col) * s.c + c];
                            cols.clone().map(at).sum()
                        };
                        let count = divisor.unwrap_or(rows.len() * cols.len());
                        want.push(rows.clone().map(of_row).sum::<f64>() / count as f64);
                    }
                });
                check_close("y", &y, &want, 1e-12, 1e-12);
                let dy: Vec<f64> = numbers.vec(s.y_len());
                let mut dx = vec![9.0; s.x_len()];
                backward(&s, divisor, &dy, &mut dx);
                check_close("<dx, x>", &[dot(&dx, &x)], &[dot(&dy, &y)], 1e-12, 1e-12);
            }
        }
    }

    #[test]
    #[should_panic(expected = "window_mean::forward: empty windows")]
    fn a_window_of_nothing_is_named() {
        let s = windows(vec![0..2, 2..2], vec![0..4]);
        forward(&s, None, &[0f32; 120], &mut vec![0f32; s.y_len()]);
    }
}
