//! The weights' gradient straight from the winners.

use super::winner_place;
use crate::kernels::Conv2dShape;
use crate::kernels::simd::{F32x4, LANES};

/// `dw[tap][o] = Σ_p dy[p][o] · x[winner(p, o) + tap]`; see `scatters` for the shapes it takes.
pub fn scatter(s: &Conv2dShape, x: &[f32], dy: &[f32], winners: &[u8], dw: &mut [f32]) {
    let offsets = winner_offsets(s);
    let whole = s.o - s.o % LANES;
    for channel in (0..whole).step_by(LANES) {
        match s.kh {
            2 => scatter_four::<2>(s, x, dy, winners, &offsets, channel, dw),
            _ => scatter_four::<3>(s, x, dy, winners, &offsets, channel, dw),
        }
    }
    for channel in whole..s.o {
        scatter_one(s, x, dy, winners, channel, dw);
    }
}

/// For each code of four winners, how far each lies from the window's corner.
fn winner_offsets(s: &Conv2dShape) -> [[u32; LANES]; 256] {
    let mut offsets = [[0; LANES]; 256];
    for (code, offsets) in offsets.iter_mut().enumerate() {
        for (channel, offset) in offsets.iter_mut().enumerate() {
            let (right, down) = winner_place(code as u8, channel);
            *offset = ((down * s.w + right) * s.c) as u32;
        }
    }
    offsets
}

/// Four channels at once. A row of the convolution window, at most four inputs, is one vector:
/// its sums for 4 channels × `ROWS` rows stay in registers over the whole batch.
#[inline(never)]
fn scatter_four<const ROWS: usize>(
    s: &Conv2dShape,
    x: &[f32],
    dy: &[f32],
    winners: &[u8],
    offsets: &[[u32; LANES]; 256],
    channel: usize,
    dw: &mut [f32],
) {
    let row = s.w * s.c;
    let depth = s.kw * s.c;
    // A vector may be wider than the row of the window. In the last row it begins earlier instead
    // of ending later, so that nothing is read past the image.
    let early = |r: usize| if r + 1 == ROWS { LANES - depth } else { 0 };
    let (ph, pw) = (s.oh() / 2, s.ow() / 2);
    let codes = s.o.div_ceil(LANES);
    let mut sums = [[F32x4::ZERO; ROWS]; LANES];
    let starts: [usize; ROWS] = std::array::from_fn(|r| r * row - early(r));
    let images = x
        .chunks_exact(s.h * row)
        .zip(dy.chunks_exact(ph * pw * s.o));
    let images = images.zip(winners.chunks_exact(ph * pw * codes));
    for ((image, dy), winners) in images {
        let mut dy = dy[channel..].as_ptr();
        let mut code = winners[channel / LANES..].as_ptr();
        for py in 0..ph {
            let mut corner = image[2 * py * row..].as_ptr();
            for _ in 0..pw {
                // Safety: dy and winners have ph × pw windows of o channels. The farthest vector
                // ends with the window of the lower right pixel, which lies in the image.
                unsafe {
                    let places = &offsets[usize::from(*code)];
                    for (lane, sums) in sums.iter_mut().enumerate() {
                        let dy = F32x4::load_splat(dy.add(lane));
                        let from = corner.add(places[lane] as usize);
                        for (sum, start) in sums.iter_mut().zip(starts) {
                            *sum = dy.mul_add(F32x4::load(from.add(start)), *sum);
                        }
                    }
                }
                dy = dy.wrapping_add(s.o);
                code = code.wrapping_add(codes);
                corner = corner.wrapping_add(2 * s.c);
            }
        }
    }
    for (lane, sums) in sums.into_iter().enumerate() {
        for (r, sum) in sums.into_iter().enumerate() {
            let mut lanes = [0.0; LANES];
            sum.write_lanes(&mut lanes);
            for t in 0..depth {
                dw[(r * depth + t) * s.o + channel + lane] = lanes[early(r) + t];
            }
        }
    }
}

/// One channel, for those that do not fill a vector.
fn scatter_one(
    s: &Conv2dShape,
    x: &[f32],
    dy: &[f32],
    winners: &[u8],
    channel: usize,
    dw: &mut [f32],
) {
    let (row, depth) = (s.w * s.c, s.kw * s.c);
    let (ph, pw) = (s.oh() / 2, s.ow() / 2);
    for tap in 0..s.kh * depth {
        let mut sum = 0.0;
        for window in 0..s.n * ph * pw {
            let (n, py, px) = (window / (ph * pw), window / pw % ph, window % pw);
            let code = winners[window * s.o.div_ceil(LANES) + channel / LANES];
            let (right, down) = winner_place(code, channel);
            let at = (n * s.h + 2 * py + down + tap / depth) * row + (2 * px + right) * s.c;
            sum += dy[window * s.o + channel] * x[at + tap % depth];
        }
        dw[tap * s.o + channel] = sum;
    }
}
