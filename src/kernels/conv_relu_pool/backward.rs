//! The gradients of weights and bias straight from the winners.

use super::winner_place;
use crate::kernels::Conv2dShape;
use crate::kernels::gemm::pack::with_scratch;
use crate::kernels::simd::{F32x4, LANES};

/// `dw[tap][o] = Σ_p dy[p][o] · x[winner(p, o) + tap]` and `db[o] = Σ_p dy[p][o]`, both over the
/// windows where y is above 0; see `scatters` for the shapes it takes.
pub fn scatter(
    s: &Conv2dShape,
    x: &[f32],
    (y, dy): (&[f32], &[f32]),
    winners: &[u8],
    dw: &mut [f32],
    db: &mut [f32],
) {
    match s.kh {
        2 => scatter_fours::<2>(s, x, (y, dy), winners, dw, db),
        _ => scatter_fours::<3>(s, x, (y, dy), winners, dw, db),
    }
    for channel in s.o - s.o % LANES..s.o {
        scatter_one(s, x, (y, dy), winners, channel, dw, db);
    }
}

/// A row of the convolution window, at most four inputs, is one vector: for four channels, its sums
/// for each row stay in registers over an image.
fn scatter_fours<const ROWS: usize>(
    s: &Conv2dShape,
    x: &[f32],
    (y, dy): (&[f32], &[f32]),
    winners: &[u8],
    dw: &mut [f32],
    db: &mut [f32],
) {
    let depth = s.kw * s.c;
    let fours = s.o / LANES;
    let windows = (s.oh() / 2) * (s.ow() / 2);
    let codes = s.o.div_ceil(LANES);
    let walk = Walk::new::<ROWS>(s);
    // For four channels: sums for each channel and row, then those of the bias.
    let sums_len = (LANES * ROWS + 1) * LANES;
    with_scratch(fours * sums_len, |all_sums| {
        all_sums.fill(0.0);
        // Image by image: an image, and the gradients of its windows, stay in the cache.
        for n in 0..s.n {
            let image = &x[n * s.h * walk.row..][..s.h * walk.row];
            let pooled = n * windows * s.o..(n + 1) * windows * s.o;
            let (y, dy) = (&y[pooled.clone()], &dy[pooled]);
            let winners = &winners[n * windows * codes..][..windows * codes];
            for (four, sums) in all_sums.chunks_exact_mut(sums_len).enumerate() {
                let at = four * LANES;
                walk.add_image::<ROWS>(image, &y[at..], &dy[at..], &winners[four..], sums);
            }
        }
        for (four, sums) in all_sums.chunks_exact(sums_len).enumerate() {
            let channel = four * LANES;
            let (rows, bias) = sums.split_at(LANES * ROWS * LANES);
            db[channel..][..LANES].copy_from_slice(bias);
            for (i, sum) in rows.chunks_exact(LANES).enumerate() {
                let (lane, r) = (i / ROWS, i % ROWS);
                for t in 0..depth {
                    dw[(r * depth + t) * s.o + channel + lane] = sum[walk.early::<ROWS>(r) + t];
                }
            }
        }
    });
}

/// How the windows of an image are walked.
struct Walk {
    /// Windows down and across.
    windows: (usize, usize),
    /// Elements of a pixel, and of a row of pixels.
    pixel: usize,
    row: usize,
    /// Channels of the output.
    channels: usize,
    /// Inputs in a row of the convolution window.
    depth: usize,
    /// For each code of four winners, how far each lies from its window's corner, in bytes.
    places: [[u32; LANES]; 256],
}

impl Walk {
    fn new<const ROWS: usize>(s: &Conv2dShape) -> Walk {
        let mut places = [[0; LANES]; 256];
        for (code, places) in places.iter_mut().enumerate() {
            for (channel, place) in places.iter_mut().enumerate() {
                let (right, down) = winner_place(code as u8, channel);
                *place = ((down * s.w + right) * s.c * size_of::<f32>()) as u32;
            }
        }
        Walk {
            windows: (s.oh() / 2, s.ow() / 2),
            pixel: s.c,
            row: s.w * s.c,
            channels: s.o,
            depth: s.kw * s.c,
            places,
        }
    }

    /// How much earlier than its row of the window a vector begins. It may be wider than the row: in
    /// the last one it begins earlier instead of ending later, so that nothing is read past the image.
    fn early<const ROWS: usize>(&self, r: usize) -> usize {
        if r + 1 == ROWS { LANES - self.depth } else { 0 }
    }

    /// Adds an image's part to the sums of four channels. y, dy and codes begin at these channels.
    #[inline(never)]
    fn add_image<const ROWS: usize>(
        &self,
        image: &[f32],
        y: &[f32],
        dy: &[f32],
        codes: &[u8],
        all_sums: &mut [f32],
    ) {
        let (down, across) = self.windows;
        let windows = down * across;
        assert!(windows > 0 && all_sums.len() == (LANES * ROWS + 1) * LANES);
        assert!((windows - 1) * self.channels + LANES <= y.len().min(dy.len()));
        let codes_step = self.channels.div_ceil(LANES);
        assert!((windows - 1) * codes_step < codes.len());
        let starts: [usize; ROWS] = std::array::from_fn(|r| r * self.row - self.early::<ROWS>(r));
        let (mut y, mut dy, mut code) = (y.as_ptr(), dy.as_ptr(), codes.as_ptr());
        let all_sums = all_sums.as_mut_ptr();
        // Safety: y, dy, codes and sums reach as far as asserted. The farthest vector ends with the
        // window of the lower right pixel, which lies in the image.
        unsafe {
            let place = |lane: usize, r: usize| all_sums.add((lane * ROWS + r) * LANES);
            let mut sums: [[F32x4; ROWS]; LANES] =
                std::array::from_fn(|lane| std::array::from_fn(|r| F32x4::load(place(lane, r))));
            let mut bias = F32x4::load(place(LANES, 0));
            for py in 0..down {
                let corner = image[2 * py * self.row..].as_ptr();
                let mut corners = starts.map(|start| corner.wrapping_add(start));
                for _ in 0..across {
                    let alive = F32x4::load(y).gt(F32x4::ZERO);
                    let four = alive.keep(F32x4::load(dy));
                    bias = bias + four;
                    let places = &self.places[usize::from(*code)];
                    for (lane, sums) in sums.iter_mut().enumerate() {
                        let dy = four.splat_lane(lane);
                        let place = places[lane] as usize;
                        for (sum, corner) in sums.iter_mut().zip(corners) {
                            *sum = dy.mul_add(F32x4::load(corner.byte_add(place)), *sum);
                        }
                    }
                    y = y.wrapping_add(self.channels);
                    dy = dy.wrapping_add(self.channels);
                    code = code.wrapping_add(codes_step);
                    corners = corners.map(|corner| corner.wrapping_add(2 * self.pixel));
                }
            }
            for (lane, sums) in sums.iter().enumerate() {
                for (r, sum) in sums.iter().enumerate() {
                    sum.store(place(lane, r));
                }
            }
            bias.store(place(LANES, 0));
        }
    }
}

/// One channel, for those that do not fill a vector.
fn scatter_one(
    s: &Conv2dShape,
    x: &[f32],
    (y, dy): (&[f32], &[f32]),
    winners: &[u8],
    channel: usize,
    dw: &mut [f32],
    db: &mut [f32],
) {
    let (row, depth) = (s.w * s.c, s.kw * s.c);
    let (ph, pw) = (s.oh() / 2, s.ow() / 2);
    let windows = s.n * ph * pw;
    let alive = |window: &usize| y[window * s.o + channel] > 0.0;
    let dy = |window: usize| dy[window * s.o + channel];
    db[channel] = (0..windows)
        .filter(alive)
        .fold(0.0, |sum, window| sum + dy(window));
    for tap in 0..s.kh * depth {
        let mut sum = 0.0;
        for window in (0..windows).filter(alive) {
            let (n, py, px) = (window / (ph * pw), window / pw % ph, window % pw);
            let code = winners[window * s.o.div_ceil(LANES) + channel / LANES];
            let (right, down) = winner_place(code, channel);
            let at = (n * s.h + 2 * py + down + tap / depth) * row + (2 * px + right) * s.c;
            sum += dy(window) * x[at + tap % depth];
        }
        dw[tap * s.o + channel] = sum;
    }
}
