//! The forward pass: panels of weights against rows of the image.

use std::ops::Range;

use super::padded::{Padded, Runs};
use super::{columns, rows_of};
use crate::kernels::Conv2dShape;
use crate::kernels::gemm::pack::{pack_panel, with_scratch};
use crate::kernels::gemm::tile::{COLUMNS, Start, Target, Walk, for_each_tile, tile};

/// Elements of input that a block of output rows may touch (128 kB, a part of the second-level
/// cache): it is read again for each panel of weights.
const BLOCK: usize = 32_768;

/// Terms of a sum taken at once: so much of a panel of weights, 16 kB, stays in the first-level
/// cache while it meets a block of output rows.
const BLOCK_TERMS: usize = 512;

/// The weights in panels: `[group][panel][kh · kw · c / groups][8]`.
pub fn pack_weights(s: &Conv2dShape, w: &[f32], panels: &mut [f32]) {
    let depth = s.kh * s.kw * s.c / s.groups;
    let outputs = s.o / s.groups;
    let mut panels = panels.chunks_exact_mut(depth * COLUMNS);
    for group in 0..s.groups {
        for column in (0..outputs).step_by(COLUMNS) {
            let columns = COLUMNS.min(outputs - column);
            let panel = panels.next().expect("room for every panel");
            // Safety: w was checked to hold depth × o.
            unsafe {
                let from = w.as_ptr().add(group * outputs + column);
                pack_panel(depth, columns, from, (s.o, 1), panel);
            }
        }
    }
}

/// Elements of [`pack_weights`].
pub fn packed_len(s: &Conv2dShape) -> usize {
    let outputs = s.o / s.groups;
    s.groups * outputs.div_ceil(COLUMNS) * COLUMNS * (s.kh * s.kw * s.c / s.groups)
}

/// `y[p][o] = bias[o] + Σ_tap Σ_c x[p + tap][c] · w[tap][c][o]`
pub fn forward(s: &Conv2dShape, x: &[f32], w: &[f32], bias: Option<&[f32]>, y: &mut [f32]) {
    let start = bias.map_or(Start::Zero, |bias| Start::Row(bias.as_ptr()));
    if columns::fits(s) {
        columns::forward(s, x, w, start, y);
        return;
    }
    with_scratch(packed_len(s), |packed| {
        pack_weights(s, w, packed);
        correlate(s, x, packed, start, y);
    });
}

/// `y[p][o] = start[o] + Σ_tap Σ_c x[p + tap][c] · w[tap][c][o]`, with the weights in panels; a row
/// to start from has o numbers.
pub fn correlate(s: &Conv2dShape, x: &[f32], packed: &[f32], start: Start, y: &mut [f32]) {
    let padded = Padded::new(s);
    let row = padded.row(s);
    let runs = Runs::new(s, row);
    let (inputs, outputs) = (s.c / s.groups, s.o / s.groups);
    let panel_len = s.kh * s.kw * inputs * COLUMNS;
    let panels = outputs.div_ceil(COLUMNS);
    let block = rows_of(BLOCK, s.stride.0 * row);
    // Several whole runs at once, or a part of one.
    let terms = BLOCK_TERMS.min(runs.depth);
    let segments = BLOCK_TERMS / terms;
    padded.for_each_image(s, x, |n, image| {
        for first in (0..s.oh()).step_by(block) {
            for (i, panel) in packed.chunks_exact(panel_len).enumerate() {
                let (group, column) = (i / panels, i % panels * COLUMNS);
                let channel = group * outputs + column;
                let strip = Strip {
                    s,
                    runs: &runs,
                    row,
                    image: &image[group * inputs..],
                    panel,
                    start: match start {
                        // Safety: the row has o numbers.
                        Start::Row(row) => Start::Row(unsafe { row.add(channel) }),
                        start => start,
                    },
                    y: n * s.oh() * s.ow() * s.o + channel,
                    columns: COLUMNS.min(outputs - column),
                };
                for repeat in 0..runs.repeats {
                    for segment in (0..runs.segments).step_by(segments) {
                        let segments = segment..runs.segments.min(segment + segments);
                        for term in (0..runs.depth).step_by(terms) {
                            let terms = term..runs.depth.min(term + terms);
                            for oy in first..s.oh().min(first + block) {
                                strip.add(oy, repeat, segments.clone(), terms.clone(), y);
                            }
                        }
                    }
                }
            }
        }
    });
}

/// Eight output channels of one image.
struct Strip<'a> {
    s: &'a Conv2dShape,
    runs: &'a Runs,
    /// Elements from one row of the padded image to the next.
    row: usize,
    /// The padded image from the group's first channel on.
    image: &'a [f32],
    panel: &'a [f32],
    start: Start,
    /// Where the image's first pixel of these channels lies in y.
    y: usize,
    columns: usize,
}

impl Strip<'_> {
    /// Adds a part of the sums of output row `oy`.
    #[inline]
    fn add(
        &self,
        oy: usize,
        repeat: usize,
        segments: Range<usize>,
        terms: Range<usize>,
        y: &mut [f32],
    ) {
        let (s, runs) = (self.s, self.runs);
        let all = self.inside(oy, 0..runs.segments);
        // A window that lies in the padding altogether has no term, yet a sum to start.
        let begins = all.start.min(runs.segments - 1);
        let first = repeat == 0 && terms.start == 0 && segments.contains(&begins);
        let segments = self.inside(oy, segments);
        if segments.is_empty() && !first {
            return;
        }
        let walk = Walk {
            segments: segments.len(),
            depth: terms.len(),
            a_row: s.stride.1 * s.c,
            a_step: 1,
            b_step: COLUMNS,
            a_segment: runs.segment,
            b_segment: runs.depth * COLUMNS,
        };
        let run = repeat * runs.segments + segments.start;
        let b = &self.panel[(run * runs.depth + terms.start) * COLUMNS..];
        let a = oy * s.stride.0 * self.row
            + repeat * runs.repeat
            + segments.start * runs.segment
            + terms.start;
        let y_row = self.y + oy * s.ow() * s.o;
        for_each_tile(s.ow(), |ox, rows| {
            let target = Target {
                rows,
                columns: self.columns,
                c_row: s.o,
                c_column: 1,
                start: if first { self.start } else { Start::Held },
            };
            // Safety: every window lies in the padded image, every output in y: both lengths were
            // checked against the shape.
            unsafe {
                let a = self.image.as_ptr().wrapping_add(a + ox * walk.a_row);
                let c = y.as_mut_ptr().add(y_row + ox * s.o);
                tile(&walk, target, a, b.as_ptr(), c);
            }
        });
    }

    /// Those of the window's rows that do not lie in the padding above or below the image.
    fn inside(&self, oy: usize, rows: Range<usize>) -> Range<usize> {
        let s = self.s;
        // With groups or dilation the segments may be taps of one row.
        if s.groups > 1 || s.dilation != (1, 1) {
            return rows;
        }
        let top = oy * s.stride.0;
        let first = s.pad[0].saturating_sub(top);
        let end = (s.pad[0] + s.h).saturating_sub(top);
        let start = rows.start.max(first.min(rows.end));
        start..rows.end.min(end).max(start)
    }
}
