//! Maximum over windows, NHWC.
//!
//! The first maximum of a window wins (PyTorch's and TensorFlow's rule); a NaN in the window
//! wins over every number. Padding takes no part.

use std::ops::Range;

use super::{Real, Windows, conv2d::places};

/// The sizes of one pooling over a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool2dShape {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    /// Down, across.
    pub size: (usize, usize),
    /// Down, across.
    pub stride: (usize, usize),
    /// Top, bottom, left, right.
    pub pad: [usize; 4],
}

impl Pool2dShape {
    /// Height of the output; 0 where the window does not fit.
    pub fn oh(&self) -> usize {
        places(
            self.h + self.pad[0] + self.pad[1],
            self.size.0,
            self.stride.0,
            1,
        )
    }

    /// Width of the output; 0 where the window does not fit.
    pub fn ow(&self) -> usize {
        places(
            self.w + self.pad[2] + self.pad[3],
            self.size.1,
            self.stride.1,
            1,
        )
    }

    /// Elements of the input.
    pub fn x_len(&self) -> usize {
        self.n * self.h * self.w * self.c
    }

    /// Elements of the output.
    pub fn y_len(&self) -> usize {
        self.n * self.oh() * self.ow() * self.c
    }

    fn check(&self, op: &str, x: usize, y: usize, winner: usize) {
        assert!(
            self.pad[0].max(self.pad[1]) < self.size.0
                && self.pad[2].max(self.pad[3]) < self.size.1,
            "{op}: padding {:?} leaves empty windows of {:?}",
            self.pad,
            self.size
        );
        assert_eq!(x, self.x_len(), "{op}: x of {x} elements, {self:?}");
        assert_eq!(y, self.y_len(), "{op}: y of {y} elements, {self:?}");
        assert_eq!(
            winner,
            self.y_len(),
            "{op}: winner of {winner} elements, {self:?}"
        );
    }
}

/// `y[p][c] = max over the window of x[..][c]`; `winner` gets the index into x of the maximum.
///
/// Shape: x `[n][h][w][c]` → y, winner `[n][oh][ow][c]`.
pub fn forward<T: Real>(s: &Pool2dShape, x: &[T], y: &mut [T], winner: &mut [u32]) {
    s.check("max_pool2d::forward", x.len(), y.len(), winner.len());
    let rows = (0..s.oh()).map(|o| window(o, s.stride.0, s.size.0, s.pad[0], s.h));
    let cols = (0..s.ow()).map(|o| window(o, s.stride.1, s.size.1, s.pad[2], s.w));
    over_windows([s.n, s.h, s.w, s.c], rows, cols, x, y, winner);
}

/// [`forward`] over windows of any size, as adaptive pooling has them.
///
/// Shape: x `[n][h][w][c]` → y, winner `[n][rows][cols][c]`.
pub fn forward_windows<T: Real>(s: &Windows, x: &[T], y: &mut [T], winner: &mut [u32]) {
    s.check("max_pool2d::forward_windows", x.len(), y.len());
    assert_eq!(
        y.len(),
        winner.len(),
        "max_pool2d::forward_windows: y of {}, winner of {}",
        y.len(),
        winner.len()
    );
    let (rows, cols) = (s.rows.iter().cloned(), s.cols.iter().cloned());
    over_windows([s.n, s.h, s.w, s.c], rows, cols, x, y, winner);
}

fn over_windows<T: Real>(
    [n, h, w, c]: [usize; 4],
    rows: impl Iterator<Item = Range<usize>> + Clone,
    cols: impl Iterator<Item = Range<usize>> + Clone,
    x: &[T],
    y: &mut [T],
    winner: &mut [u32],
) {
    let mut out = 0;
    for n in 0..n {
        for rows in rows.clone() {
            for cols in cols.clone() {
                let y = &mut y[out..][..c];
                let winner = &mut winner[out..][..c];
                out += c;
                let mut first = true;
                for iy in rows.clone() {
                    for ix in cols.clone() {
                        let at = ((n * h + iy) * w + ix) * c;
                        let pixel = &x[at..][..c];
                        if first {
                            y.copy_from_slice(pixel);
                            winner
                                .iter_mut()
                                .zip(at as u32..)
                                .for_each(|(w, at)| *w = at);
                            first = false;
                        } else {
                            take_larger(pixel, at as u32, y, winner);
                        }
                    }
                }
            }
        }
    }
}

/// Written without branches, so that the compiler takes several channels at once.
#[inline]
fn take_larger<T: Real>(pixel: &[T], at: u32, y: &mut [T], winner: &mut [u32]) {
    for (((&value, y), winner), at) in pixel.iter().zip(y).zip(winner).zip(at..) {
        let larger = (value > *y) | (value.is_nan() & !y.is_nan());
        *y = if larger { value } else { *y };
        *winner = if larger { at } else { *winner };
    }
}

/// `dx[winner[i]] += dy[i]`, from zero.
///
/// Shape: dy, winner `[n][oh][ow][c]` → dx `[n][h][w][c]`.
pub fn backward<T: Real>(s: &Pool2dShape, dy: &[T], winner: &[u32], dx: &mut [T]) {
    s.check("max_pool2d::backward", dx.len(), dy.len(), winner.len());
    scatter(dy, winner, dx);
}

/// [`backward`] for [`forward_windows`].
pub fn backward_windows<T: Real>(s: &Windows, dy: &[T], winner: &[u32], dx: &mut [T]) {
    s.check("max_pool2d::backward_windows", dx.len(), dy.len());
    assert_eq!(
        dy.len(),
        winner.len(),
        "max_pool2d::backward_windows: dy of {}, winner of {}",
        dy.len(),
        winner.len()
    );
    scatter(dy, winner, dx);
}

fn scatter<T: Real>(dy: &[T], winner: &[u32], dx: &mut [T]) {
    dx.fill(T::ZERO);
    for (&dy, &winner) in dy.iter().zip(winner) {
        dx[winner as usize] += dy;
    }
}

/// The input places under output place `o`, padding left out.
pub fn window(o: usize, stride: usize, size: usize, pad: usize, len: usize) -> Range<usize> {
    let start = o * stride;
    start.saturating_sub(pad)..(start + size - pad).min(len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::Numbers;

    fn check_pool(s: Pool2dShape, x: &[f64], y: &[f64], winner: &[u32]) {
        let (mut got_y, mut got_winner) = (vec![0.0; s.y_len()], vec![0; s.y_len()]);
        forward(&s, x, &mut got_y, &mut got_winner);
        assert_eq!(got_winner, winner);
        assert!(
            got_y
                .iter()
                .zip(y)
                .all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
        );
        let dy: Vec<f64> = (1..=y.len()).map(|v| v as f64).collect();
        let mut dx = vec![9.0; x.len()];
        backward(&s, &dy, winner, &mut dx);
        for (i, &dx) in dx.iter().enumerate() {
            let expected: f64 = winner
                .iter()
                .zip(&dy)
                .filter(|(w, _)| **w == i as u32)
                .map(|(_, d)| d)
                .sum();
            assert_eq!(dx, expected, "dx at {i}");
        }
    }

    const PLAIN: Pool2dShape = Pool2dShape {
        n: 1,
        h: 2,
        w: 4,
        c: 1,
        size: (2, 2),
        stride: (2, 2),
        pad: [0; 4],
    };

    #[test]
    fn the_first_maximum_wins_and_the_rest_is_dropped() {
        check_pool(PLAIN, &[1., 5., 2., 2., 5., 0., 2., 2.], &[5., 2.], &[1, 2]);
        let odd = Pool2dShape {
            h: 3,
            w: 5,
            ..PLAIN
        };
        let x: Vec<f64> = (0..15).map(f64::from).collect();
        check_pool(odd, &x, &[6., 8.], &[6, 8]);
    }

    #[test]
    fn channels_and_images_stay_apart() {
        let s = Pool2dShape {
            n: 2,
            h: 2,
            w: 2,
            c: 2,
            ..PLAIN
        };
        let x = [
            1., -1., 2., -2., 3., -3., 4., -4., 0., 9., 0., 8., 7., 0., 0., 0.,
        ];
        check_pool(s, &x, &[4., -1., 7., 9.], &[6, 1, 12, 9]);
    }

    #[test]
    fn overlapping_windows_and_padding() {
        let s = Pool2dShape {
            h: 3,
            w: 3,
            size: (3, 3),
            stride: (1, 2),
            pad: [1; 4],
            ..PLAIN
        };
        let x = [-1., -2., -3., -4., -9., -6., -7., -8., -5.];
        check_pool(s, &x, &[-1., -2., -1., -2., -4., -5.], &[0, 1, 0, 1, 3, 8]);
    }

    /// The first largest of each window, found by looking at every place of the padded image.
    fn check_like_the_definition(s: Pool2dShape) {
        let mut numbers = Numbers::new((s.x_len() + s.c) as u64);
        // Few levels, so that windows hold equals.
        let levels = |x: f64| libm::floor(2.0 * x);
        let x: Vec<f64> = numbers.vec(s.x_len()).into_iter().map(levels).collect();
        let (mut y, mut winner) = (vec![], vec![]);
        for (n, oy, ox, c) in (0..s.n).flat_map(|n| {
            let pixels = (0..s.oh()).flat_map(move |oy| (0..s.ow()).map(move |ox| (oy, ox)));
            pixels.flat_map(move |(oy, ox)| (0..s.c).map(move |c| (n, oy, ox, c)))
        }) {
            let mut best: Option<usize> = None;
            for (dy, dx) in (0..s.size.0).flat_map(|dy| (0..s.size.1).map(move |dx| (dy, dx))) {
                let (row, col) = (oy * s.stride.0 + dy, ox * s.stride.1 + dx);
                let inside = (s.pad[0]..s.pad[0] + s.h).contains(&row)
                    && (s.pad[2]..s.pad[2] + s.w).contains(&col);
                if inside {
                    let at = ((n * s.h + row - s.pad[0]) * s.w + col - s.pad[2]) * s.c + c;
                    if best.is_none_or(|best| x[at] > x[best]) {
                        best = Some(at);
                    }
                }
            }
            let best = best.expect("no window is empty");
            y.push(x[best]);
            winner.push(best as u32);
        }
        check_pool(s, &x, &y, &winner);
    }

    #[test]
    fn odd_sizes_give_what_the_definition_gives() {
        for c in [1, 3, 4, 5, 17] {
            let of = |h, w, size, stride, pad| Pool2dShape {
                n: 2,
                h,
                w,
                c,
                size,
                stride,
                pad,
            };
            for s in [
                of(1, 1, (1, 1), (1, 1), [0; 4]),
                of(7, 5, (2, 2), (2, 2), [0; 4]),
                of(13, 11, (3, 2), (2, 3), [0; 4]),
                of(5, 7, (3, 3), (1, 1), [1, 1, 1, 1]),
                of(6, 5, (4, 3), (3, 1), [2, 3, 0, 2]),
                of(3, 3, (3, 3), (5, 5), [0; 4]),
            ] {
                check_like_the_definition(s);
            }
        }
    }

    #[test]
    fn windows_of_any_size_keep_the_same_rules() {
        let s = Windows {
            n: 1,
            h: 2,
            w: 4,
            c: 1,
            rows: vec![0..1, 0..2],
            cols: vec![0..3, 2..4],
        };
        let x = [1., 5., 2., 2., 5., 0., 2., 2.];
        let (mut y, mut winner) = ([0.0; 4], [0; 4]);
        forward_windows(&s, &x, &mut y, &mut winner);
        assert_eq!((y, winner), ([5., 2., 5., 2.], [1, 2, 1, 2]));
        let mut dx = [9.0; 8];
        backward_windows(&s, &[1., 2., 3., 4.], &winner, &mut dx);
        assert_eq!(dx, [0., 4., 6., 0., 0., 0., 0., 0.]);
    }

    #[test]
    fn nan_wins() {
        let x = [1., f64::NAN, 2., 2., 5., 0., f64::NAN, f64::NAN];
        check_pool(PLAIN, &x, &[f64::NAN, f64::NAN], &[1, 6]);
    }
}
