//! Convolutions whose runs of inputs are short, as in a first layer with one or three channels: the
//! window of each pixel is gathered (im2col), and one matrix product does the rest.

use super::padded::Padded;
use super::rows_of;
use crate::kernels::Conv2dShape;
use crate::kernels::gemm::fast::gemm;
use crate::kernels::gemm::pack::with_scratch;
use crate::kernels::gemm::tile::Start;
use crate::kernels::simd::{F32x4, LANES};

/// Inputs in a row of the window up to which gathering pays: two vectors.
const LONGEST_RUN: usize = 2 * LANES;

/// Gathered elements to take at once (32 kB).
const BLOCK: usize = 8192;

/// Whether this convolution is computed here.
pub fn fits(s: &Conv2dShape) -> bool {
    s.kw * s.c <= LONGEST_RUN && s.groups == 1 && s.dilation.1 == 1
}

/// `y[p] = start + window(x, p) · w`
pub fn forward(s: &Conv2dShape, x: &[f32], w: &[f32], start: Start, y: &mut [f32]) {
    let (depth, o) = (s.kh * s.kw * s.c, s.o);
    for_each_block(s, x, |first, pixels, columns| {
        let y = &mut y[first * o..][..pixels * o];
        gemm(
            pixels,
            o,
            depth,
            columns,
            (depth, 1),
            w,
            (o, 1),
            y,
            o,
            start,
        );
    });
}

/// `dw += Σ_p window(x, p)ᵀ · dy[p]`
pub fn backward_weight(s: &Conv2dShape, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let (depth, o) = (s.kh * s.kw * s.c, s.o);
    for_each_block(s, x, |first, pixels, columns| {
        let dy = &dy[first * o..][..pixels * o];
        gemm(
            depth,
            o,
            pixels,
            columns,
            (1, depth),
            dy,
            (o, 1),
            dw,
            o,
            Start::Held,
        );
    });
}

/// Calls `f(first, pixels, columns)` for blocks of output pixels, `columns` holding their windows
/// `[pixels][kh · kw · c]`.
fn for_each_block(s: &Conv2dShape, x: &[f32], mut f: impl FnMut(usize, usize, &[f32])) {
    let padded = Padded::new(s);
    let (oh, ow, row) = (s.oh(), s.ow(), padded.row(s));
    let (run, depth) = (s.kw * s.c, s.kh * s.kw * s.c);
    let block = rows_of(BLOCK, ow * depth).min(oh);
    // A run is written in whole vectors: what it writes too much, the next one overwrites.
    with_scratch(block * ow * depth + LANES, |columns| {
        padded.for_each_image(s, x, |n, image| {
            for first in (0..oh).step_by(block) {
                let rows = block.min(oh - first);
                let mut to = 0;
                for oy in first..first + rows {
                    for ox in 0..ow {
                        let mut from = oy * s.stride.0 * row + ox * s.stride.1 * s.c;
                        for _ in 0..s.kh {
                            copy_run(run, &image[from..], &mut columns[to..]);
                            from += s.dilation.0 * row;
                            to += run;
                        }
                    }
                }
                f(
                    (n * oh + first) * ow,
                    rows * ow,
                    &columns[..rows * ow * depth],
                );
            }
        });
    });
}

/// Copies `run` numbers as one or two vectors, as long as `from` has whole ones.
#[inline(always)]
fn copy_run(run: usize, from: &[f32], to: &mut [f32]) {
    assert!(run <= LONGEST_RUN && from.len() >= run && to.len() >= run + LANES);
    let whole = if run > LANES { LONGEST_RUN } else { LANES };
    if from.len() < whole {
        for (to, from) in to[..run].iter_mut().zip(from) {
            *to = *from;
        }
        return;
    }
    // Safety: both have `whole` numbers, for these are less than `run` + LANES.
    unsafe {
        F32x4::load(from.as_ptr()).store(to.as_mut_ptr());
        if run > LANES {
            F32x4::load(from.as_ptr().add(LANES)).store(to.as_mut_ptr().add(LANES));
        }
    }
}
