//! The fused forward pass: four pixels × eight channels in registers at a time.

use super::{check_pooled, winners_len};
use crate::kernels::Conv2dShape;
use crate::kernels::conv2d::fast::{Padded, pack_weights, packed_len};
use crate::kernels::gemm::pack::with_scratch;
use crate::kernels::gemm::tile::COLUMNS;
use crate::kernels::optimizer::prepare::sum_of_magnitudes;
use crate::kernels::simd::{F32x4, LANES, Mask4};

/// Elements of input that a block of window rows may touch (64 kB); it is read again for each
/// eight channels.
const BLOCK: usize = 16_384;

/// Shape: x `[n][h][w][c]`, w `[kh][kw][c][o]`, bias `[o]` → y `[n][oh / 2][ow / 2][o]`,
/// winners `[n][oh / 2][ow / 2][o / 4]`.
pub fn forward(
    s: &Conv2dShape,
    x: &[f32],
    w: &[f32],
    bias: &[f32],
    y: &mut [f32],
    winners: &mut [u8],
) {
    assert_eq!(
        x.len(),
        s.x_len(),
        "conv_relu_pool::forward: x of {}, {s:?}",
        x.len()
    );
    assert_eq!(
        w.len(),
        s.w_len(),
        "conv_relu_pool::forward: w of {}, {s:?}",
        w.len()
    );
    assert_eq!(
        bias.len(),
        s.o,
        "conv_relu_pool::forward: bias of {}, {s:?}",
        bias.len()
    );
    check_pooled("conv_relu_pool::forward", s, y, winners);
    let numbers = only_numbers(x, w, bias);
    let padded = Padded::new(s);
    let row = padded.row(s);
    let (ph, pw) = (s.oh() / 2, s.ow() / 2);
    let depth = s.kw * s.c;
    let codes = winners_len(s) / (s.n * ph * pw).max(1);
    let block = (BLOCK / (2 * row)).max(1);
    with_scratch(packed_len(s), |packed| {
        pack_weights(s, w, packed);
        padded.for_each_image(s, x, |n, image| {
            for first in (0..ph).step_by(block) {
                for (i, panel) in packed.chunks_exact(s.kh * depth * COLUMNS).enumerate() {
                    let channel = i * COLUMNS;
                    let channels = COLUMNS.min(s.o - channel);
                    let mut eight_biases = [0.0; COLUMNS];
                    eight_biases[..channels].copy_from_slice(&bias[channel..][..channels]);
                    for py in first..ph.min(first + block) {
                        let window = (n * ph + py) * pw;
                        let strip = Strip {
                            x: &image[2 * py * row..],
                            row,
                            step: s.c,
                            rows: s.kh,
                            depth,
                            panel,
                            bias: &eight_biases,
                            numbers,
                        };
                        let y = &mut y[window * s.o + channel..];
                        let winners = &mut winners[window * codes + channel / LANES..];
                        strip.run(pw, channels, y, s.o, winners, codes);
                    }
                }
            }
        });
    });
}

/// Whether every sum is a number: no term is NaN, and no sum can reach infinity, whose difference
/// from itself is NaN.
fn only_numbers(x: &[f32], w: &[f32], bias: &[f32]) -> bool {
    // A hundred millionth of the largest f32, for what rounding adds.
    const LARGEST: f64 = f32::MAX as f64 * 1e-8;
    let [x, w, bias] = [x, w, bias].map(sum_of_magnitudes);
    x * w + bias < LARGEST
}

/// For the `DEPTH` of loops that are not unrolled.
const ANY: usize = 0;

/// One row of windows for eight channels.
struct Strip<'a> {
    /// The image from the first window's corner on.
    x: &'a [f32],
    /// Elements from one image row to the next, and from one pixel to the next.
    row: usize,
    step: usize,
    /// The convolution window: its rows, and the inputs in each.
    rows: usize,
    depth: usize,
    /// Weights `[rows][depth][8]`.
    panel: &'a [f32],
    bias: &'a [f32; COLUMNS],
    /// Whether no sum can be NaN.
    numbers: bool,
}

impl Strip<'_> {
    /// Fills `count` windows; y and winners advance by `y_step` and `code_step` a window.
    fn run(
        &self,
        count: usize,
        channels: usize,
        y: &mut [f32],
        y_step: usize,
        winners: &mut [u8],
        code_step: usize,
    ) {
        // The last element that the last window's lower right pixel reads.
        let reach = (2 * count - 1) * self.step + self.rows * self.row + self.depth;
        assert!(reach <= self.x.len() && self.panel.len() == self.rows * self.depth * COLUMNS);
        assert!((count - 1) * y_step + channels <= y.len());
        assert!((count - 1) * code_step + channels.div_ceil(LANES) <= winners.len());
        if channels == COLUMNS && self.numbers {
            let (y, winners) = (y.as_mut_ptr(), winners.as_mut_ptr());
            // Safety: the assertions above.
            unsafe {
                match self.depth {
                    3 => self.run_whole::<3>(count, y, y_step, winners, code_step),
                    _ => self.run_whole::<ANY>(count, y, y_step, winners, code_step),
                }
            }
            return;
        }
        let codes_len = channels.div_ceil(LANES);
        for window in 0..count {
            // Safety: the assertions above.
            let (best, codes) = unsafe {
                let corner = self.x.as_ptr().add(2 * window * self.step);
                self.window::<ANY, false>(corner)
            };
            winners[window * code_step..][..codes_len].copy_from_slice(&codes[..codes_len]);
            let mut eight = [0.0; COLUMNS];
            let (halves, _) = eight.as_chunks_mut::<LANES>();
            best[0].write_lanes(&mut halves[0]);
            best[1].write_lanes(&mut halves[1]);
            y[window * y_step..][..channels].copy_from_slice(&eight[..channels]);
        }
    }

    /// The same for all eight channels of numbers, and for `DEPTH` inputs in a row of the window. The sums of a
    /// window are short: nothing is looked up in slices between them, and three inputs a row, as a
    /// first layer has, take no loop.
    ///
    /// # Safety
    /// All that `run` asserts.
    #[inline(never)]
    unsafe fn run_whole<const DEPTH: usize>(
        &self,
        count: usize,
        mut y: *mut f32,
        y_step: usize,
        mut winners: *mut u8,
        code_step: usize,
    ) {
        let mut corner = self.x.as_ptr();
        for _ in 0..count {
            // Safety: the caller's promise; pointers past the last window are not used.
            unsafe {
                let (best, codes) = self.window::<DEPTH, true>(corner);
                best[0].store(y);
                best[1].store(y.add(LANES));
                winners.cast::<[u8; 2]>().write_unaligned(codes);
            }
            corner = corner.wrapping_add(2 * self.step);
            y = y.wrapping_add(y_step);
            winners = winners.wrapping_add(code_step);
        }
    }

    /// The largest of four pixels, cut at 0, and which it was; the first NaN, unless there are only
    /// `NUMBERS`.
    ///
    /// # Safety
    /// The window at `corner`, one pixel further and one row lower too, must lie in `x`; the panel
    /// must have `rows` × `depth` × 8 weights.
    #[inline(always)]
    unsafe fn window<const DEPTH: usize, const NUMBERS: bool>(
        &self,
        corner: *const f32,
    ) -> ([F32x4; 2], [u8; 2]) {
        let (biases, _) = self.bias.as_chunks::<LANES>();
        let bias = [F32x4::from_lanes(&biases[0]), F32x4::from_lanes(&biases[1])];
        // Upper left, upper right, lower left, lower right.
        let mut sums = [bias; 4];
        // Safety: the caller's promise; pointers past the last term are not read.
        unsafe {
            let mut upper = corner;
            let mut weights = self.panel.as_ptr();
            let depth = if DEPTH == ANY { self.depth } else { DEPTH };
            for _ in 0..self.rows {
                let mut pixel = upper;
                for _ in 0..depth {
                    let w = [F32x4::load(weights), F32x4::load(weights.add(LANES))];
                    let lower = pixel.wrapping_add(self.row);
                    let values = [pixel, pixel.wrapping_add(self.step)];
                    let lower_values = [lower, lower.wrapping_add(self.step)];
                    for (sums, from) in sums.iter_mut().zip(values.into_iter().chain(lower_values))
                    {
                        let value = F32x4::load_splat(from);
                        sums[0] = value.mul_add(w[0], sums[0]);
                        sums[1] = value.mul_add(w[1], sums[1]);
                    }
                    pixel = pixel.wrapping_add(1);
                    weights = weights.wrapping_add(COLUMNS);
                }
                upper = upper.wrapping_add(self.row);
            }
        }
        let mut codes = [0; 2];
        let mut best = [F32x4::ZERO; 2];
        for half in 0..2 {
            let [a, b, c, d] = sums.map(|sums| sums[half]);
            let (upper_right, upper) = winner::<NUMBERS>(a, b);
            let (lower_right, lower) = winner::<NUMBERS>(c, d);
            let (down, largest) = winner::<NUMBERS>(upper, lower);
            let right = down.select_mask(lower_right, upper_right);
            codes[half] = right.bits() | down.bits() << 4;
            // The same for numbers, in one instruction where `relu` takes two.
            best[half] = if NUMBERS {
                largest.max_of_numbers(F32x4::ZERO)
            } else {
                largest.relu()
            };
        }
        (best, codes)
    }
}

/// Where the second of two wins, and what the winner is; a NaN wins over numbers.
#[inline(always)]
fn winner<const NUMBERS: bool>(first: F32x4, second: F32x4) -> (Mask4, F32x4) {
    if NUMBERS {
        (second.gt(first), first.max_of_numbers(second))
    } else {
        (second.exceeds(first), first.max(second))
    }
}
