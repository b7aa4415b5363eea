//! The input's gradient.

use super::forward::{correlate, packed_len};
use super::padded::Padded;
use super::rows_of;
use crate::kernels::Conv2dShape;
use crate::kernels::gemm::pack::{pack_panel, with_scratch};
use crate::kernels::gemm::tile::{COLUMNS, Start, Target, Walk, for_each_tile, tile};

/// Elements of dy to take at once (64 kB) where it is scattered: they are read again for each tap.
const BLOCK: usize = 16_384;

/// `dx[p + tap][c] = Σ_(p, tap) Σ_o dy[p][o] · w[tap][c][o]`
pub fn backward_input(s: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    match mirrored(s) {
        Some(mirrored) => gather(&mirrored, dy, w, dx),
        None => scatter(s, dy, w, dx),
    }
}

/// The convolution that has dy for its input and dx for its output: its window is this one turned
/// about, so what was cut off by the border before is now the padding. With a stride, or where the
/// padding is wider than the window, there is none.
fn mirrored(s: &Conv2dShape) -> Option<Conv2dShape> {
    let reach = [s.kh - 1, s.kh - 1, s.kw - 1, s.kw - 1];
    let simple = (s.stride, s.dilation, s.groups) == ((1, 1), (1, 1), 1);
    if !simple || s.pad.iter().zip(reach).any(|(&pad, reach)| pad > reach) {
        return None;
    }
    Some(Conv2dShape {
        h: s.oh(),
        w: s.ow(),
        c: s.o,
        o: s.c,
        pad: std::array::from_fn(|side| reach[side] - s.pad[side]),
        ..*s
    })
}

/// `dx[q][c] = Σ_tap Σ_o dy[q - tap][o] · w[tap][c][o]`, a convolution like any other.
fn gather(mirrored: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    let (taps, outputs, inputs) = (mirrored.kh * mirrored.kw, mirrored.c, mirrored.o);
    with_scratch(packed_len(mirrored), |packed| {
        for (i, panel) in packed
            .chunks_exact_mut(taps * outputs * COLUMNS)
            .enumerate()
        {
            let column = i * COLUMNS;
            let columns = COLUMNS.min(inputs - column);
            for (tap, panel) in panel.chunks_exact_mut(outputs * COLUMNS).enumerate() {
                // Safety: w was checked to hold taps × inputs × outputs.
                unsafe {
                    let from = w
                        .as_ptr()
                        .add(((taps - 1 - tap) * inputs + column) * outputs);
                    pack_panel(outputs, columns, from, (1, outputs), panel);
                }
            }
        }
        correlate(mirrored, dy, packed, Start::Zero, dx);
    });
}

/// Each tap is a product with the tap's weights turned, added to the image at the tap's place.
fn scatter(s: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
    let padded = Padded::new(s);
    let (oh, ow, row) = (s.oh(), s.ow(), padded.row(s));
    let (inputs, outputs) = (s.c / s.groups, s.o / s.groups);
    let panels = inputs.div_ceil(COLUMNS);
    let panel_len = outputs * COLUMNS;
    let walk = Walk {
        segments: 1,
        depth: outputs,
        a_row: s.o,
        a_step: 1,
        b_step: COLUMNS,
        a_segment: 0,
        b_segment: 0,
    };
    with_scratch(s.kh * s.kw * s.groups * panels * panel_len, |packed| {
        for (i, panel) in packed.chunks_exact_mut(panel_len).enumerate() {
            let (tap, group, column) = (
                i / panels / s.groups,
                i / panels % s.groups,
                i % panels * COLUMNS,
            );
            let columns = COLUMNS.min(inputs - column);
            // Safety: w was checked to hold kh × kw × inputs × o.
            unsafe {
                let from = w
                    .as_ptr()
                    .add((tap * inputs + column) * s.o + group * outputs);
                pack_panel(outputs, columns, from, (1, s.o), panel);
            }
        }
        let block = rows_of(BLOCK, ow * s.o);
        padded.for_each_image_mut(s, dx, |n, image| {
            for first in (0..oh).step_by(block) {
                for (i, panel) in packed.chunks_exact(panel_len).enumerate() {
                    let (tap, group, column) = (
                        i / panels / s.groups,
                        i / panels % s.groups,
                        i % panels * COLUMNS,
                    );
                    let columns = COLUMNS.min(inputs - column);
                    let place = tap / s.kw * s.dilation.0 * row + tap % s.kw * s.dilation.1 * s.c;
                    let c_row = s.stride.1 * s.c;
                    for oy in first..oh.min(first + block) {
                        let a = (n * oh + oy) * ow * s.o + group * outputs;
                        let c = oy * s.stride.0 * row + place + group * inputs + column;
                        for_each_tile(ow, |ox, rows| {
                            let target = Target {
                                rows,
                                columns,
                                c_row,
                                c_column: 1,
                                start: Start::Held,
                            };
                            // Safety: as in `forward`, with dy read and dx written.
                            unsafe {
                                let a = dy.as_ptr().add(a + ox * s.o);
                                let c = image.as_mut_ptr().add(c + ox * c_row);
                                tile(&walk, target, a, panel.as_ptr(), c);
                            }
                        });
                    }
                }
            }
        });
    });
}
