//! Pooling on int8. Scale and zero stay as they are: a maximum or a mean of what whole numbers stand
//! for is what their maximum or mean stands for.

use super::super::max_pool2d::window;
use super::super::{Pool2dShape, Windows};

/// `y[p][c] = max over the window of x[..][c]`; padding takes no part.
///
/// Shape: x `[n][h][w][c]` → y `[n][oh][ow][c]`.
pub fn max_pool(s: &Pool2dShape, x: &[i8], y: &mut [i8]) {
    assert_eq!(
        x.len(),
        s.x_len(),
        "quantised::max_pool: x of {}, {s:?}",
        x.len()
    );
    assert_eq!(
        y.len(),
        s.y_len(),
        "quantised::max_pool: y of {}, {s:?}",
        y.len()
    );
    let (oh, ow, c) = (s.oh(), s.ow(), s.c);
    for (place, y) in y.chunks_exact_mut(c.max(1)).enumerate() {
        let (n, oy, ox) = (place / (oh * ow), place / ow % oh, place % ow);
        let rows = window(oy, s.stride.0, s.size.0, s.pad[0], s.h);
        let cols = window(ox, s.stride.1, s.size.1, s.pad[2], s.w);
        y.fill(i8::MIN);
        for row in rows {
            for col in cols.clone() {
                let pixel = &x[((n * s.h + row) * s.w + col) * c..][..c];
                for (y, &x) in y.iter_mut().zip(pixel) {
                    *y = (*y).max(x);
                }
            }
        }
    }
}

/// `y[p][c] = mean over the window of x[..][c]`, halves rounded up. No window is empty.
///
/// Shape: x `[n][h][w][c]` → y `[n][rows][cols][c]`.
pub fn mean_pool(s: &Windows, x: &[i8], y: &mut [i8]) {
    let (rows, cols, c) = (s.rows.len(), s.cols.len(), s.c);
    assert_eq!(
        x.len(),
        s.n * s.h * s.w * c,
        "quantised::mean_pool: x of {}",
        x.len()
    );
    assert_eq!(
        y.len(),
        s.n * rows * cols * c,
        "quantised::mean_pool: y of {}",
        y.len()
    );
    let mut sums = vec![0i32; c];
    for (place, y) in y.chunks_exact_mut(c.max(1)).enumerate() {
        let n = place / (rows * cols);
        let (rows, cols) = (&s.rows[place / cols % rows], &s.cols[place % cols]);
        sums.fill(0);
        for row in rows.clone() {
            for col in cols.clone() {
                let pixel = &x[((n * s.h + row) * s.w + col) * c..][..c];
                for (sum, &x) in sums.iter_mut().zip(pixel) {
                    *sum += i32::from(x);
                }
            }
        }
        let count = (rows.len() * cols.len()) as i32;
        for (y, &sum) in y.iter_mut().zip(&sums) {
            *y = (2 * sum + count).div_euclid(2 * count) as i8;
        }
    }
}
