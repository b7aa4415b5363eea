//! The weights' gradient: windows of the image, turned, against panels of dy.

use super::padded::{Padded, Runs};
use super::{columns, rows_of};
use crate::kernels::Conv2dShape;
use crate::kernels::gemm::pack::{pack_panel, with_scratch};
use crate::kernels::gemm::tile::{COLUMNS, Start, Target, Walk, for_each_tile, tile};

/// Pixels that a block sums over. Their inputs often lie a power of two apart, on the same few
/// places of the cache: more of them would push each other out.
const BLOCK: usize = 128;

/// `dw[tap][c][o] = Σ_p x[p + tap][c] · dy[p][o]`
pub fn backward_weight(s: &Conv2dShape, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    dw.fill(0.0);
    if columns::fits(s) {
        columns::backward_weight(s, x, dy, dw);
        return;
    }
    let padded = Padded::new(s);
    let (oh, ow, row) = (s.oh(), s.ow(), padded.row(s));
    let runs = Runs::new(s, row);
    let (inputs, outputs) = (s.c / s.groups, s.o / s.groups);
    let panels = outputs.div_ceil(COLUMNS);
    let block = rows_of(BLOCK, ow).min(oh);
    let panel_len = block * ow * COLUMNS;
    with_scratch(s.groups * panels * panel_len, |packed| {
        padded.for_each_image(s, x, |n, image| {
            for first in (0..oh).step_by(block) {
                let rows = block.min(oh - first);
                let dy = &dy[(n * oh + first) * ow * s.o..][..rows * ow * s.o];
                for (i, panel) in packed.chunks_exact_mut(panel_len).enumerate() {
                    let column = i % panels * COLUMNS;
                    let columns = COLUMNS.min(outputs - column);
                    // Safety: dy holds rows × ow pixels of o channels.
                    unsafe {
                        let from = dy.as_ptr().add(i / panels * outputs + column);
                        pack_panel(rows * ow, columns, from, (s.o, 1), panel);
                    }
                }
                let walk = Walk {
                    segments: rows,
                    depth: ow,
                    a_row: 1,
                    a_step: s.stride.1 * s.c,
                    b_step: COLUMNS,
                    a_segment: s.stride.0 * row,
                    b_segment: ow * COLUMNS,
                };
                let image = &image[first * s.stride.0 * row..];
                for run in 0..runs.repeats * runs.segments {
                    let (repeat, segment) = (run / runs.segments, run % runs.segments);
                    let a = repeat * runs.repeat + segment * runs.segment;
                    for_each_tile(runs.depth, |k, rows| {
                        for (i, panel) in packed.chunks_exact(panel_len).enumerate() {
                            let (group, column) = (i / panels, i % panels * COLUMNS);
                            let target = Target {
                                rows,
                                columns: COLUMNS.min(outputs - column),
                                c_row: s.o,
                                c_column: 1,
                                start: Start::Held,
                            };
                            let c = (run * runs.depth + k) * s.o + group * outputs + column;
                            // Safety: every window lies in the padded image, every weight in dw:
                            // both lengths were checked against the shape.
                            unsafe {
                                let a = image.as_ptr().add(a + k + group * inputs);
                                let c = dw.as_mut_ptr().add(c);
                                tile(&walk, target, a, panel.as_ptr(), c);
                            }
                        }
                    });
                }
            }
        });
    });
}
