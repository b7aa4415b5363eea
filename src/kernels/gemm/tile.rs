//! The one inner loop that matrix products and convolutions share: a tile of C that stays in
//! registers while the sum runs.
//!
//! A tile is up to [`ROWS`] × [`COLUMNS`]. Wasm engines on x86 have 15 vector registers to give:
//! six rows fit when multiply and add are one instruction, four when the product needs a register
//! of its own. The loop over the sum stays rolled (its length is not known at compile time):
//! unrolled, LLVM regroups the accumulators and spills them.

use std::array::from_fn;

use crate::kernels::simd::{F32x4, LANES};

/// Rows of a full tile.
pub const ROWS: usize = if cfg!(target_feature = "relaxed-simd") {
    6
} else {
    4
};

/// Columns of a full tile: two vectors.
pub const COLUMNS: usize = 2 * LANES;

/// How a sum walks through A and B. Distances are in elements.
///
/// The sum has `segments` × `depth` terms; a plain matrix product is one segment.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    pub segments: usize,
    pub depth: usize,
    /// From one row of A to the next.
    pub a_row: usize,
    /// From one term to the next, in A and in B.
    pub a_step: usize,
    pub b_step: usize,
    /// From one segment to the next, in A and in B.
    pub a_segment: usize,
    pub b_segment: usize,
}

/// A part of C that one tile fills.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub rows: usize,
    pub columns: usize,
    /// From one row of C to the next.
    pub c_row: usize,
    /// Whether the sum starts from what C holds, else from 0.
    pub accumulate: bool,
}

/// `C[r][j] (+)= Σ_t A[r][t] · B[t][j]` for one tile.
///
/// # Safety
/// `a` and `b` must be readable wherever `walk` leads for `target.rows` rows and [`COLUMNS`]
/// columns (B's rows are read whole, so a narrower B must be packed); `c` must be writable for
/// `target.rows` × `target.columns`. `target.rows` is 1 to [`ROWS`], `target.columns` 1 to
/// [`COLUMNS`].
#[inline]
pub unsafe fn tile(walk: &Walk, target: Target, a: *const f32, b: *const f32, c: *mut f32) {
    debug_assert!((1..=ROWS).contains(&target.rows) && target.columns <= COLUMNS);
    if target.columns == COLUMNS {
        // Safety: the caller's promise.
        unsafe { tile_of_rows(walk, target.rows, target.accumulate, a, b, c, target.c_row) };
        return;
    }
    // A narrow tile goes through a full one.
    let mut full = [0.0f32; ROWS * COLUMNS];
    // Safety: the caller's promise for c's rows and columns; `full` has room for a whole tile.
    unsafe {
        if target.accumulate {
            for r in 0..target.rows {
                let row = full.as_mut_ptr().add(r * COLUMNS);
                c.add(r * target.c_row)
                    .copy_to_nonoverlapping(row, target.columns);
            }
        }
        let (rows, accumulate) = (target.rows, target.accumulate);
        tile_of_rows(walk, rows, accumulate, a, b, full.as_mut_ptr(), COLUMNS);
        for r in 0..target.rows {
            let row = full.as_ptr().add(r * COLUMNS);
            c.add(r * target.c_row)
                .copy_from_nonoverlapping(row, target.columns);
        }
    }
}

#[inline]
unsafe fn tile_of_rows(
    walk: &Walk,
    rows: usize,
    accumulate: bool,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    // Safety: the caller's promise.
    unsafe {
        match rows {
            1 => full_tile::<1>(walk, accumulate, a, b, c, c_row),
            2 => full_tile::<2>(walk, accumulate, a, b, c, c_row),
            3 => full_tile::<3>(walk, accumulate, a, b, c, c_row),
            4 => full_tile::<4>(walk, accumulate, a, b, c, c_row),
            5 => full_tile::<5>(walk, accumulate, a, b, c, c_row),
            _ => full_tile::<6>(walk, accumulate, a, b, c, c_row),
        }
    }
}

#[inline(never)]
unsafe fn full_tile<const R: usize>(
    walk: &Walk,
    accumulate: bool,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    // Pointers that step past the last term are never read, hence `wrapping_add`.
    // Safety: `tile`'s caller promises that what is read and written here exists.
    unsafe {
        let mut sums = [[F32x4::ZERO; 2]; R];
        if accumulate {
            for (r, sums) in sums.iter_mut().enumerate() {
                let row = c.add(r * c_row);
                *sums = [F32x4::load(row), F32x4::load(row.add(LANES))];
            }
        }
        let (mut a, mut b) = (a, b);
        for _ in 0..walk.segments {
            let mut a_rows: [*const f32; R] = from_fn(|r| a.wrapping_add(r * walk.a_row));
            let mut b_row = b;
            for _ in 0..walk.depth {
                let (left, right) = (F32x4::load(b_row), F32x4::load(b_row.add(LANES)));
                for (sums, a) in sums.iter_mut().zip(&mut a_rows) {
                    let value = F32x4::load_splat(*a);
                    sums[0] = value.mul_add(left, sums[0]);
                    sums[1] = value.mul_add(right, sums[1]);
                    *a = a.wrapping_add(walk.a_step);
                }
                b_row = b_row.wrapping_add(walk.b_step);
            }
            a = a.wrapping_add(walk.a_segment);
            b = b.wrapping_add(walk.b_segment);
        }
        for (r, sums) in sums.iter().enumerate() {
            let row = c.add(r * c_row);
            sums[0].store(row);
            sums[1].store(row.add(LANES));
        }
    }
}

/// Calls `f(first, rows)` for tiles that cover `0..rows` evenly: 7 rows are 4 + 3 and not 6 + 1,
/// for a thin tile wastes the registers.
#[inline]
pub fn for_each_tile(rows: usize, mut f: impl FnMut(usize, usize)) {
    let mut first = 0;
    let mut tiles = rows.div_ceil(ROWS);
    while tiles > 0 {
        let height = (rows - first).div_ceil(tiles);
        f(first, height);
        first += height;
        tiles -= 1;
    }
}
