//! Panels: [`COLUMNS`] columns of B side by side, so that a tile reads B in one stream.

use std::cell::RefCell;

use super::tile::COLUMNS;
use crate::kernels::simd::{F32x4, LANES};

/// Copies `columns` ≤ 8 columns of B, `depth` rows deep, to `panel` `[depth][8]`; columns that
/// are missing become 0.
///
/// # Safety
/// `b` must be readable at `row · strides.0 + column · strides.1` for those rows and columns.
pub unsafe fn pack_panel(
    depth: usize,
    columns: usize,
    b: *const f32,
    strides: (usize, usize),
    panel: &mut [f32],
) {
    let (rows, _) = panel[..depth * COLUMNS].as_chunks_mut::<COLUMNS>();
    // Safety: the caller's promise; the panel's rows are slices.
    unsafe {
        if columns == COLUMNS && strides.1 == 1 {
            for (k, row) in rows.iter_mut().enumerate() {
                let b = b.add(k * strides.0);
                F32x4::load(b).store(row.as_mut_ptr());
                F32x4::load(b.add(LANES)).store(row.as_mut_ptr().add(LANES));
            }
        } else if columns == COLUMNS && strides.0 == 1 {
            pack_transposed(b, strides.1, rows);
        } else {
            for (k, row) in rows.iter_mut().enumerate() {
                for (j, value) in row.iter_mut().enumerate() {
                    let inside = j < columns;
                    *value = if inside {
                        *b.add(k * strides.0 + j * strides.1)
                    } else {
                        0.0
                    };
                }
            }
        }
    }
}

/// Packs eight columns that each lie in one run, `column` elements apart.
///
/// # Safety
/// `b` must be readable for eight runs of `rows.len()`.
unsafe fn pack_transposed(b: *const f32, column: usize, rows: &mut [[f32; COLUMNS]]) {
    let (fours, rest) = rows.as_chunks_mut::<LANES>();
    for (four, rows) in fours.iter_mut().enumerate() {
        for half in 0..2 {
            // Safety: the caller's promise; `four` counts whole fours of the runs.
            let run = |j: usize| unsafe {
                F32x4::load(b.add(four * LANES + (half * LANES + j) * column))
            };
            let turned = F32x4::transpose([run(0), run(1), run(2), run(3)]);
            for (row, turned) in rows.iter_mut().zip(turned) {
                // Safety: a row has eight places.
                unsafe { turned.store(row.as_mut_ptr().add(half * LANES)) };
            }
        }
    }
    let done = fours.len() * LANES;
    for (k, row) in rest.iter_mut().enumerate() {
        for (j, value) in row.iter_mut().enumerate() {
            // Safety: the caller's promise.
            *value = unsafe { *b.add(done + k + j * column) };
        }
    }
}

/// A line of the cache, so that no vector of a packed panel lies on two.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// Lends a buffer of `len` elements with any contents, kept between calls so that a training step
/// allocates nothing.
pub fn with_scratch<R>(len: usize, f: impl FnOnce(&mut [f32]) -> R) -> R {
    thread_local! {
        static SCRATCH: RefCell<Vec<Vec<Line>>> = const { RefCell::new(Vec::new()) };
    }
    // A stack of buffers: a kernel that has one may call another that asks for its own.
    let mut buffer = SCRATCH.with_borrow_mut(Vec::pop).unwrap_or_default();
    let lines = len.div_ceil(16);
    if buffer.len() < lines {
        buffer.resize(lines, Line([0.0; 16]));
    }
    // Safety: a line is sixteen f32 without padding, and there are enough of them.
    let numbers = unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr().cast(), len) };
    let result = f(numbers);
    SCRATCH.with_borrow_mut(|stack| stack.push(buffer));
    result
}
