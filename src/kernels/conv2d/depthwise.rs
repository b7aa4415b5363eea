//! The f32 depthwise convolution: each output channel sees one input channel, so that lanes are
//! channels and no product of matrices is left.
//!
//! Where an input channel has several outputs, the image is first spread, each channel as often as
//! it has outputs; `c` below counts channels after that. Taps that lie outside of the image are left
//! out by their ranges, so no border is copied.

use std::ops::Range;

use super::Conv2dShape;
use crate::kernels::gemm::pack::with_scratch;
use crate::kernels::simd::{F32x4, LANES};

/// Vectors in a block of channels, where there are as many.
const VECTORS: usize = 2;

/// Neighbouring output pixels that share the weights they load.
const PIXELS: usize = 4;

/// Whether this file's functions may be called. A single channel in one group is a plain
/// convolution.
pub fn fits(s: &Conv2dShape) -> bool {
    s.groups == s.c && s.groups > 1 && s.o >= LANES
}

/// The taps of a window at `start` (padding counted) that lie inside the image.
fn inside(start: usize, pad: usize, size: usize, kernel: usize, dilation: usize) -> Range<usize> {
    let first = pad.saturating_sub(start).div_ceil(dilation);
    let end = (size + pad).saturating_sub(start).div_ceil(dilation);
    first.min(kernel)..end.clamp(first.min(kernel), kernel)
}

/// The windows under whose tap, `offset` from their start, lies a pixel of the image.
fn windows(offset: usize, pad: usize, size: usize, stride: usize, count: usize) -> Range<usize> {
    let first = pad.saturating_sub(offset).div_ceil(stride).min(count);
    let end = (size + pad).saturating_sub(offset).div_ceil(stride);
    first..end.clamp(first, count)
}

/// The first channels of blocks of `width` that cover `c`; the last may repeat some of those before.
fn blocks(c: usize, width: usize) -> impl Iterator<Item = usize> {
    (0..c).step_by(width).map(move |first| first.min(c - width))
}

/// Calls `f` with the image, each channel spread to its outputs.
fn with_spread<R>(s: &Conv2dShape, x: &[f32], f: impl FnOnce(&[f32]) -> R) -> R {
    let times = s.o / s.c;
    if times == 1 {
        return f(x);
    }
    with_scratch(x.len() * times, |spread| {
        for (to, &value) in spread.chunks_exact_mut(times).zip(x) {
            to.fill(value);
        }
        f(spread)
    })
}

/// `y[p][c] = bias[c] + Σ_tap x[p + tap][c] · w[tap][c]`
pub fn forward(s: &Conv2dShape, x: &[f32], w: &[f32], bias: Option<&[f32]>, y: &mut [f32]) {
    with_spread(s, x, |x| correlate(s, x, w, bias, y));
}

/// [`forward`] of an image that is spread already.
fn correlate(s: &Conv2dShape, x: &[f32], w: &[f32], bias: Option<&[f32]>, y: &mut [f32]) {
    if s.o >= VECTORS * LANES {
        correlate_blocks::<VECTORS>(s, x, w, bias, y);
    } else {
        correlate_blocks::<1>(s, x, w, bias, y);
    }
}

fn correlate_blocks<const V: usize>(
    s: &Conv2dShape,
    x: &[f32],
    w: &[f32],
    bias: Option<&[f32]>,
    y: &mut [f32],
) {
    let (c, oh, ow) = (s.o, s.oh(), s.ow());
    let reach = (s.kw - 1) * s.dilation.1;
    // Columns whose windows lie in the image whole.
    let whole = windows(0, s.pad[2], s.w, s.stride.1, ow).start
        ..windows(reach, s.pad[2], s.w, s.stride.1, ow).end;
    for n in 0..s.n {
        for oy in 0..oh {
            let rows = inside(oy * s.stride.0, s.pad[0], s.h, s.kh, s.dilation.0);
            let mut ox = 0;
            while ox < ow {
                let cols = inside(ox * s.stride.1, s.pad[2], s.w, s.kw, s.dilation.1);
                let window = Window {
                    shape: s,
                    image: &x[n * s.h * s.w * c..][..s.h * s.w * c],
                    rows: rows.clone(),
                    cols,
                    oy,
                    ox,
                };
                let y = &mut y[((n * oh + oy) * ow + ox) * c..];
                if whole.contains(&ox) && ox + PIXELS <= whole.end {
                    tile::<V, PIXELS>(&window, w, bias, y);
                    ox += PIXELS;
                } else {
                    tile::<V, 1>(&window, w, bias, y);
                    ox += 1;
                }
            }
        }
    }
}

/// The taps under the window of an output pixel.
struct Window<'a> {
    shape: &'a Conv2dShape,
    image: &'a [f32],
    rows: Range<usize>,
    cols: Range<usize>,
    oy: usize,
    ox: usize,
}

impl Window<'_> {
    /// The place in the image of a tap that lies inside.
    fn place(&self, row: usize, col: usize) -> usize {
        let s = self.shape;
        let iy = self.oy * s.stride.0 + row * s.dilation.0 - s.pad[0];
        let ix = self.ox * s.stride.1 + col * s.dilation.1 - s.pad[2];
        (iy * s.w + ix) * s.o
    }
}

/// `P` neighbouring output pixels, the taps of all of which are those of the first.
fn tile<const V: usize, const P: usize>(
    window: &Window,
    w: &[f32],
    bias: Option<&[f32]>,
    y: &mut [f32],
) {
    let s = window.shape;
    let (c, step) = (s.o, s.stride.1 * s.o);
    for first in blocks(c, V * LANES) {
        let start = bias.map_or([F32x4::ZERO; V], |bias| load(&bias[first..]));
        let mut sums = [start; P];
        for row in window.rows.clone() {
            for col in window.cols.clone() {
                let weights: [F32x4; V] = load(&w[(row * s.kw + col) * c + first..]);
                let image = &window.image[window.place(row, col) + first..];
                assert!((P - 1) * step + V * LANES <= image.len());
                for (p, sums) in sums.iter_mut().enumerate() {
                    for (v, sum) in sums.iter_mut().enumerate() {
                        // Safety: the assertion above; p < P and v < V.
                        let x = unsafe { F32x4::load(image.as_ptr().add(p * step + v * LANES)) };
                        *sum = x.mul_add(weights[v], *sum);
                    }
                }
            }
        }
        for (p, &sums) in sums.iter().enumerate() {
            store(sums, &mut y[p * c + first..]);
        }
    }
}

/// The first `V` vectors.
#[inline(always)]
fn load<const V: usize>(values: &[f32]) -> [F32x4; V] {
    let (vectors, _) = values[..V * LANES].as_chunks();
    std::array::from_fn(|v| F32x4::from_lanes(&vectors[v]))
}

/// Writes the first `V` vectors.
#[inline(always)]
fn store<const V: usize>(vectors: [F32x4; V], values: &mut [f32]) {
    let (places, _) = values[..V * LANES].as_chunks_mut();
    for (vector, place) in vectors.into_iter().zip(places) {
        vector.write_lanes(place);
    }
}

/// `dx[q][c] = Σ_(p + tap = q) dy[p][c] · w[tap][c]`, then summed over the outputs of each input.
pub fn backward_input(s: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    let times = s.o / s.c;
    if times == 1 {
        backward_spread(s, dy, w, dx);
        return;
    }
    with_scratch(dx.len() * times, |spread| {
        backward_spread(s, dy, w, spread);
        for (dx, spread) in dx.iter_mut().zip(spread.chunks_exact(times)) {
            *dx = spread.iter().fold(0.0, |sum, &part| sum + part);
        }
    });
}

fn backward_spread(s: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    let reach = ((s.kh - 1) * s.dilation.0, (s.kw - 1) * s.dilation.1);
    let narrow = s.pad[0].max(s.pad[1]) <= reach.0 && s.pad[2].max(s.pad[3]) <= reach.1;
    if s.stride != (1, 1) || !narrow {
        scatter(s, dy, w, dx);
        return;
    }
    // With stride 1 it is the correlation of dy with the weights turned by half a turn.
    let turned = Conv2dShape {
        h: s.oh(),
        w: s.ow(),
        c: s.o,
        groups: s.o,
        pad: [
            reach.0 - s.pad[0],
            reach.0 - s.pad[1],
            reach.1 - s.pad[2],
            reach.1 - s.pad[3],
        ],
        ..*s
    };
    with_scratch(w.len(), |weights| {
        let taps = weights.chunks_exact_mut(s.o).rev();
        taps.zip(w.chunks_exact(s.o))
            .for_each(|(to, from)| to.copy_from_slice(from));
        correlate(&turned, dy, weights, None, dx);
    });
}

fn scatter(s: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    let (c, oh, ow) = (s.o, s.oh(), s.ow());
    dx.fill(0.0);
    for (pixel, dy) in dy.chunks_exact(c).enumerate() {
        let (n, oy, ox) = (pixel / ow / oh, pixel / ow % oh, pixel % ow);
        let cols = inside(ox * s.stride.1, s.pad[2], s.w, s.kw, s.dilation.1);
        for row in inside(oy * s.stride.0, s.pad[0], s.h, s.kh, s.dilation.0) {
            let iy = oy * s.stride.0 + row * s.dilation.0 - s.pad[0];
            for col in cols.clone() {
                let ix = ox * s.stride.1 + col * s.dilation.1 - s.pad[2];
                let dx = &mut dx[((n * s.h + iy) * s.w + ix) * c..][..c];
                let w = &w[(row * s.kw + col) * c..][..c];
                for ((dx, &dy), &w) in dx.iter_mut().zip(dy).zip(w) {
                    *dx += dy * w;
                }
            }
        }
    }
}

/// `dw[tap][c] = Σ_p x[p + tap][c] · dy[p][c]`
pub fn backward_weight(s: &Conv2dShape, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    with_spread(s, x, |x| {
        if s.o >= VECTORS * LANES {
            weight_blocks::<VECTORS>(s, x, dy, dw);
        } else {
            weight_blocks::<1>(s, x, dy, dw);
        }
    });
}

fn weight_blocks<const V: usize>(s: &Conv2dShape, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    let (c, oh, ow, taps) = (s.o, s.oh(), s.ow(), s.kh * s.kw);
    // Sums stand by blocks, not in dw: two blocks may share channels.
    let sums_len = c.div_ceil(V * LANES) * taps * V * LANES;
    with_scratch(sums_len, |sums| {
        sums.fill(0.0);
        for (n, oy) in (0..s.n).flat_map(|n| (0..oh).map(move |oy| (n, oy))) {
            let dy = &dy[(n * oh + oy) * ow * c..][..ow * c];
            let rows = inside(oy * s.stride.0, s.pad[0], s.h, s.kh, s.dilation.0);
            for (block, first) in blocks(c, V * LANES).enumerate() {
                for row in rows.clone() {
                    let iy = oy * s.stride.0 + row * s.dilation.0 - s.pad[0];
                    let x = &x[(n * s.h + iy) * s.w * c..][..s.w * c];
                    for col in 0..s.kw {
                        let offset = col * s.dilation.1;
                        let places = windows(offset, s.pad[2], s.w, s.stride.1, ow);
                        let sum = row_product::<V>(s, x, dy, places, offset, first);
                        let sums = &mut sums[(block * taps + row * s.kw + col) * V * LANES..];
                        let before: [F32x4; V] = load(sums);
                        store::<V>(std::array::from_fn(|v| before[v] + sum[v]), sums);
                    }
                }
            }
        }
        for (block, first) in blocks(c, V * LANES).enumerate() {
            for tap in 0..taps {
                let from = &sums[(block * taps + tap) * V * LANES..][..V * LANES];
                dw[tap * c + first..][..V * LANES].copy_from_slice(from);
            }
        }
    });
}

/// `Σ x[place · stride + offset − pad] · dy[place]` over the places of one row.
fn row_product<const V: usize>(
    s: &Conv2dShape,
    x: &[f32],
    dy: &[f32],
    places: Range<usize>,
    offset: usize,
    first: usize,
) -> [F32x4; V] {
    let step = s.stride.1 * s.o;
    let Some(last) = places.len().checked_sub(1) else {
        return [F32x4::ZERO; V];
    };
    let x = &x[(places.start * s.stride.1 + offset - s.pad[2]) * s.o + first..];
    let dy = &dy[places.start * s.o + first..];
    assert!(last * step + V * LANES <= x.len() && last * s.o + V * LANES <= dy.len());
    let add = |sums: &mut [F32x4; V], place: usize| {
        for (v, sum) in sums.iter_mut().enumerate() {
            // Safety: the assertion above; place <= last and v < V.
            *sum = unsafe {
                let x = F32x4::load(x.as_ptr().add(place * step + v * LANES));
                x.mul_add(F32x4::load(dy.as_ptr().add(place * s.o + v * LANES)), *sum)
            };
        }
    };
    // Two strands, so that one sum needn't wait for the other.
    let (mut even, mut odd) = ([F32x4::ZERO; V], [F32x4::ZERO; V]);
    for pair in 0..places.len() / 2 {
        add(&mut even, 2 * pair);
        add(&mut odd, 2 * pair + 1);
    }
    if places.len() % 2 == 1 {
        add(&mut even, last);
    }
    std::array::from_fn(|v| even[v] + odd[v])
}
