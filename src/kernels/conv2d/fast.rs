//! The f32 convolution as matrix products over the image where it lies, without im2col.
//!
//! In NHWC the `kw · c` inputs under one row of the window are contiguous, and the window of the
//! next output pixel begins `stride · c` further. So an output row is a product whose A has that
//! row stride, summed over the window's rows (the [`Walk`]'s segments). Dilation or groups break
//! the run into one of `c / groups` for each tap.

use super::Conv2dShape;
use crate::kernels::gemm::pack::{pack_panel, with_scratch};
use crate::kernels::gemm::tile::{COLUMNS, Target, Walk, for_each_tile, tile};

/// Elements of input, or of dy, that a block of output rows may touch (64 kB): it is read again
/// for each panel of weights.
const BLOCK: usize = 16_384;

/// The runs of inputs under a window.
struct Runs {
    /// Runs that follow each other at one distance, then how often that repeats, and how far on.
    segments: usize,
    segment: usize,
    repeats: usize,
    repeat: usize,
    /// Inputs in a run.
    depth: usize,
}

impl Runs {
    /// `row` is the distance of two rows of the (padded) image.
    fn new(s: &Conv2dShape, row: usize) -> Runs {
        let down = s.dilation.0 * row;
        if s.dilation.1 == 1 && s.groups == 1 {
            Runs {
                segments: s.kh,
                segment: down,
                repeats: 1,
                repeat: 0,
                depth: s.kw * s.c,
            }
        } else {
            let depth = s.c / s.groups;
            Runs {
                segments: s.kw,
                segment: s.dilation.1 * s.c,
                repeats: s.kh,
                repeat: down,
                depth,
            }
        }
    }
}

/// One image with its border of zeros.
pub struct Padded {
    height: usize,
    width: usize,
}

impl Padded {
    pub fn new(s: &Conv2dShape) -> Padded {
        Padded {
            height: s.h + s.pad[0] + s.pad[1],
            width: s.w + s.pad[2] + s.pad[3],
        }
    }

    /// Elements from one row to the next.
    pub fn row(&self, s: &Conv2dShape) -> usize {
        self.width * s.c
    }

    fn len(&self, s: &Conv2dShape) -> usize {
        self.height * self.row(s)
    }

    /// The first element inside the border.
    fn inside(&self, s: &Conv2dShape) -> usize {
        s.pad[0] * self.row(s) + s.pad[2] * s.c
    }

    /// Calls `f(n, image)` for each image of the batch, padded where the shape asks for it.
    pub fn for_each_image(&self, s: &Conv2dShape, x: &[f32], mut f: impl FnMut(usize, &[f32])) {
        let image_len = s.h * s.w * s.c;
        if s.pad == [0; 4] {
            (0..s.n).for_each(|n| f(n, &x[n * image_len..][..image_len]));
            return;
        }
        with_scratch(self.len(s), |padded| {
            padded.fill(0.0);
            for n in 0..s.n {
                let image = &x[n * image_len..][..image_len];
                for (y, from) in image.chunks_exact(s.w * s.c).enumerate() {
                    let to = self.inside(s) + y * self.row(s);
                    padded[to..][..from.len()].copy_from_slice(from);
                }
                f(n, padded);
            }
        });
    }

    /// Lets `f(n, image)` add to each image of the batch, from zero, border and all.
    fn for_each_image_mut(
        &self,
        s: &Conv2dShape,
        dx: &mut [f32],
        mut f: impl FnMut(usize, &mut [f32]),
    ) {
        let image_len = s.h * s.w * s.c;
        if s.pad == [0; 4] {
            dx.fill(0.0);
            (0..s.n).for_each(|n| f(n, &mut dx[n * image_len..][..image_len]));
            return;
        }
        with_scratch(self.len(s), |padded| {
            for n in 0..s.n {
                padded.fill(0.0);
                f(n, padded);
                let image = &mut dx[n * image_len..][..image_len];
                for (y, to) in image.chunks_exact_mut(s.w * s.c).enumerate() {
                    let from = self.inside(s) + y * self.row(s);
                    to.copy_from_slice(&padded[from..][..to.len()]);
                }
            }
        });
    }
}

/// Output rows to take at once, when each touches `row` elements.
fn block_rows(row: usize) -> usize {
    (BLOCK / row.max(1)).max(1)
}

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
    for pixel in y.chunks_exact_mut(s.o) {
        match bias {
            Some(bias) => pixel.copy_from_slice(bias),
            None => pixel.fill(0.0),
        }
    }
    let padded = Padded::new(s);
    let (oh, ow, row) = (s.oh(), s.ow(), padded.row(s));
    let runs = Runs::new(s, row);
    let (inputs, outputs) = (s.c / s.groups, s.o / s.groups);
    let panel_len = s.kh * s.kw * inputs * COLUMNS;
    let panels = outputs.div_ceil(COLUMNS);
    let walk = Walk {
        segments: runs.segments,
        depth: runs.depth,
        a_row: s.stride.1 * s.c,
        a_step: 1,
        b_step: COLUMNS,
        a_segment: runs.segment,
        b_segment: runs.depth * COLUMNS,
    };
    with_scratch(packed_len(s), |packed| {
        pack_weights(s, w, packed);
        let block = block_rows(s.stride.0 * row);
        padded.for_each_image(s, x, |n, image| {
            for first in (0..oh).step_by(block) {
                for (i, panel) in packed.chunks_exact(panel_len).enumerate() {
                    let (group, column) = (i / panels, i % panels * COLUMNS);
                    let columns = COLUMNS.min(outputs - column);
                    for oy in first..oh.min(first + block) {
                        for repeat in 0..runs.repeats {
                            let b = &panel[repeat * runs.segments * runs.depth * COLUMNS..];
                            let a = oy * s.stride.0 * row + repeat * runs.repeat + group * inputs;
                            let c = ((n * oh + oy) * ow * s.o) + group * outputs + column;
                            for_each_tile(ow, |ox, rows| {
                                let target = Target {
                                    rows,
                                    columns,
                                    c_row: s.o,
                                    accumulate: true,
                                };
                                // Safety: every window lies in the padded image, every output
                                // in y: both lengths were checked against the shape.
                                unsafe {
                                    let a = image.as_ptr().add(a + ox * walk.a_row);
                                    let c = y.as_mut_ptr().add(c + ox * s.o);
                                    tile(&walk, target, a, b.as_ptr(), c);
                                }
                            });
                        }
                    }
                }
            }
        });
    });
}

/// `dw[tap][c][o] = Σ_p x[p + tap][c] · dy[p][o]`: A is the image turned, B is dy where it lies.
pub fn backward_weight(s: &Conv2dShape, x: &[f32], dy: &[f32], dw: &mut [f32]) {
    dw.fill(0.0);
    let padded = Padded::new(s);
    let (oh, ow, row) = (s.oh(), s.ow(), padded.row(s));
    let runs = Runs::new(s, row);
    let (inputs, outputs) = (s.c / s.groups, s.o / s.groups);
    let rest = outputs % COLUMNS;
    let block = block_rows(ow * s.o);
    with_scratch(
        if rest > 0 {
            block.min(oh) * ow * COLUMNS
        } else {
            0
        },
        |narrow| {
            padded.for_each_image(s, x, |n, image| {
                for first in (0..oh).step_by(block) {
                    let rows = block.min(oh - first);
                    let dy = &dy[(n * oh + first) * ow * s.o..][..rows * ow * s.o];
                    for group in 0..s.groups {
                        for column in (0..outputs).step_by(COLUMNS) {
                            let columns = COLUMNS.min(outputs - column);
                            let from = group * outputs + column;
                            let (b, b_step) = if columns == COLUMNS {
                                (dy[from..].as_ptr(), s.o)
                            } else {
                                // Safety: dy holds rows × ow pixels of o channels.
                                unsafe {
                                    let from = dy.as_ptr().add(from);
                                    pack_panel(rows * ow, columns, from, (s.o, 1), narrow);
                                }
                                (narrow.as_ptr(), COLUMNS)
                            };
                            let walk = Walk {
                                segments: rows,
                                depth: ow,
                                a_row: 1,
                                a_step: s.stride.1 * s.c,
                                b_step,
                                a_segment: s.stride.0 * row,
                                b_segment: ow * b_step,
                            };
                            let corner = first * s.stride.0 * row + group * inputs;
                            for run in 0..runs.repeats * runs.segments {
                                let (repeat, segment) = (run / runs.segments, run % runs.segments);
                                let a = corner + repeat * runs.repeat + segment * runs.segment;
                                let c = run * runs.depth * s.o + from;
                                for_each_tile(runs.depth, |k, rows| {
                                    let target = Target {
                                        rows,
                                        columns,
                                        c_row: s.o,
                                        accumulate: true,
                                    };
                                    // Safety: as in `forward`, with dw for y.
                                    unsafe {
                                        let a = image.as_ptr().add(a + k);
                                        let c = dw.as_mut_ptr().add(c + k * s.o);
                                        tile(&walk, target, a, b, c);
                                    }
                                });
                            }
                        }
                    }
                }
            });
        },
    );
}

/// `dx[p + tap][c] += Σ_o dy[p][o] · w[tap][c][o]`: for each tap a product with the tap's weights
/// turned, added to the image at the tap's place.
pub fn backward_input(s: &Conv2dShape, dy: &[f32], w: &[f32], dx: &mut [f32]) {
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
        let block = block_rows(ow * s.o);
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
                                accumulate: true,
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
