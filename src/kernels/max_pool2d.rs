//! Maximum over windows, NHWC.
//!
//! The first maximum of a window wins (PyTorch's and TensorFlow's rule); a NaN in the window
//! wins over every number. Padding takes no part.

use std::ops::Range;

use super::simd::{F32x4, LANES};
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
    let rows: Vec<_> = (0..s.oh())
        .map(|o| window(o, s.stride.0, s.size.0, s.pad[0], s.h))
        .collect();
    let cols: Vec<_> = (0..s.ow())
        .map(|o| window(o, s.stride.1, s.size.1, s.pad[2], s.w))
        .collect();
    over_windows([s.n, s.h, s.w, s.c], &rows, &cols, x, y, winner);
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
    over_windows([s.n, s.h, s.w, s.c], &s.rows, &s.cols, x, y, winner);
}

/// The windows are those of each of `rows` with each of `cols`.
fn over_windows<T: Real>(
    [n, h, w, c]: [usize; 4],
    rows: &[Range<usize>],
    cols: &[Range<usize>],
    x: &[T],
    y: &mut [T],
    winner: &mut [u32],
) {
    if y.is_empty() {
        return;
    }
    let mut outputs = y
        .chunks_exact_mut(c.max(1))
        .zip(winner.chunks_exact_mut(c.max(1)));
    for n in 0..n {
        for rows in rows {
            for cols in cols {
                let (y, winner) = outputs.next().expect("y was checked to hold every window");
                let corner = ((n * h + rows.start) * w + cols.start) * c;
                let window = Window {
                    rows: rows.len(),
                    cols: cols.len(),
                    row: w * c,
                    col: c,
                    corner,
                };
                match (T::as_f32s(x), T::as_f32s_mut(y)) {
                    (Some(x), Some(y)) => window.largest_fast(x, y, winner),
                    _ => window.largest(0, x, y, winner),
                }
            }
        }
    }
}

/// One window, none empty, over all channels.
struct Window {
    rows: usize,
    cols: usize,
    /// Elements from one row of the image to the next, and from one pixel to the next.
    row: usize,
    col: usize,
    /// The index of its first element.
    corner: usize,
}

impl Window {
    /// Where its pixels lie.
    fn pixels(&self) -> impl Iterator<Item = usize> {
        let start = |row: usize| self.corner + row * self.row;
        (0..self.rows)
            .flat_map(move |row| (0..self.cols).map(move |col| start(row) + col * self.col))
    }

    /// The channels from `first` on, one after the other.
    fn largest<T: Real>(&self, first: usize, x: &[T], y: &mut [T], winner: &mut [u32]) {
        for channel in first..y.len() {
            let mut best = self.corner + channel;
            for pixel in self.pixels() {
                let (value, held) = (x[pixel + channel], x[best]);
                if value > held || (value.is_nan() && !held.is_nan()) {
                    best = pixel + channel;
                }
            }
            y[channel] = x[best];
            winner[channel] = best as u32;
        }
    }

    /// The same, four channels at a time. An index goes through the masks as the bits of a number:
    /// no arithmetic touches it there.
    #[inline]
    fn largest_fast(&self, x: &[f32], y: &mut [f32], winner: &mut [u32]) {
        let index = |at: usize| F32x4::splat(f32::from_bits(at as u32));
        let last = self.corner + (self.rows - 1) * self.row + (self.cols - 1) * self.col;
        assert!(last + y.len() <= x.len());
        let (fours, _) = y.as_chunks_mut::<LANES>();
        let (places, _) = winner.as_chunks_mut::<LANES>();
        let whole = fours.len() * LANES;
        for (i, (y, winner)) in fours.iter_mut().zip(places).enumerate() {
            let channel = i * LANES;
            // Safety: the last pixel's channels lie in x, and `channel` counts whole fours of them.
            let four = |pixel: usize| unsafe { F32x4::load(x.as_ptr().add(pixel + channel)) };
            let (mut best, mut place) = (four(self.corner), index(self.corner));
            let mut start = self.corner;
            for _ in 0..self.rows {
                let mut pixel = start;
                for _ in 0..self.cols {
                    let value = four(pixel);
                    let larger = value.exceeds(best);
                    best = larger.select(value, best);
                    place = larger.select(index(pixel), place);
                    pixel += self.col;
                }
                start += self.row;
            }
            best.write_lanes(y);
            let mut places = [0.0; LANES];
            place.write_lanes(&mut places);
            for (lane, (winner, place)) in winner.iter_mut().zip(places).enumerate() {
                *winner = place.to_bits() + (channel + lane) as u32;
            }
        }
        self.largest(whole, x, y, winner);
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

    /// The fast form and its twin, one channel at a time.
    fn check_fast(s: Pool2dShape) {
        let mut numbers = Numbers::new(s.x_len() as u64);
        // Few different values, so that some are equal; and some NaN.
        let x: Vec<f32> = numbers
            .vec::<f32>(s.x_len())
            .into_iter()
            .map(|v| if v > 0.9 { f32::NAN } else { (v * 4.0).round() })
            .collect();
        let wide: Vec<f64> = x.iter().map(|&v| f64::from(v)).collect();
        let (mut y, mut winner) = (vec![9f32; s.y_len()], vec![0; s.y_len()]);
        let (mut wide_y, mut wide_winner) = (vec![9f64; s.y_len()], vec![0; s.y_len()]);
        forward(&s, &x, &mut y, &mut winner);
        forward(&s, &wide, &mut wide_y, &mut wide_winner);
        assert_eq!(winner, wide_winner, "{s:?}");
        for (y, wide_y) in y.into_iter().zip(wide_y) {
            assert!(
                f64::from(y) == wide_y || (y.is_nan() && wide_y.is_nan()),
                "{s:?}"
            );
        }
    }

    #[test]
    fn four_channels_at_a_time_equal_one_at_a_time() {
        for c in [1, 3, 4, 5, 8, 13] {
            check_fast(Pool2dShape {
                n: 2,
                h: 7,
                w: 5,
                c,
                ..PLAIN
            });
            check_fast(Pool2dShape {
                n: 3,
                h: 5,
                w: 7,
                c,
                size: (3, 2),
                stride: (1, 2),
                pad: [1, 2, 0, 1],
            });
        }
    }

    #[test]
    fn a_nan_is_seen_wherever_it_lies() {
        for (side, c) in [(8, 3), (8, 8), (28, 5)] {
            let s = Pool2dShape {
                h: side,
                w: side,
                c,
                ..PLAIN
            };
            let image: Vec<f32> = Numbers::new(side as u64).vec(s.x_len());
            let (mut y, mut winner) = (vec![9f32; s.y_len()], vec![0; s.y_len()]);
            for place in 0..image.len() {
                let mut x = image.clone();
                x[place] = f32::NAN;
                forward(&s, &x, &mut y, &mut winner);
                let (row, col) = (place / c / side / 2, place / c % side / 2);
                let window = (row * (side / 2) + col) * c + place % c;
                for (i, y) in y.iter().enumerate() {
                    assert_eq!(y.is_nan(), i == window, "NaN at {place}, y at {i}, {s:?}");
                }
                assert_eq!(winner[window], place as u32);
            }
        }
    }

    #[test]
    fn nan_wins() {
        let x = [1., f64::NAN, 2., 2., 5., 0., f64::NAN, f64::NAN];
        check_pool(PLAIN, &x, &[f64::NAN, f64::NAN], &[1, 6]);
    }
}
