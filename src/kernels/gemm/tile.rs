//! The one inner loop that matrix products and convolutions share: a tile of C that stays in
//! registers while the sum runs.
//!
//! A tile is up to [`ROWS`] × [`COLUMNS`]. Wasm engines on x86 have 15 vector registers to give:
//! six rows fit when multiply and add are one instruction, four when the product needs a register
//! of its own. The loop over the sum stays rolled (its length is not known at compile time):
//! unrolled, LLVM regroups the accumulators and spills them.

use std::array::from_fn;
use std::mem::MaybeUninit;

use crate::kernels::simd::{F32x4, LANES};

/// Rows of a full tile.
pub const ROWS: usize = if cfg!(target_feature = "relaxed-simd") {
    6
} else {
    4
};

/// Columns of a full tile: two vectors.
pub const COLUMNS: usize = 2 * LANES;

/// Columns of [`wide_rows`].
pub const WIDE: usize = 8 * LANES;

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

/// What the sums of a product start from.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    Zero,
    /// What C holds.
    Held,
    /// This row, the same for every row of C, as a bias is.
    Row(*const f32),
}

/// A part of C that one tile fills.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub rows: usize,
    pub columns: usize,
    /// From one row of C to the next, and from one column; one of them is 1.
    pub c_row: usize,
    pub c_column: usize,
    pub start: Start,
}

/// Tiles of one shape, one after another. Distances are from one to the next, in elements.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub tiles: usize,
    pub a: usize,
    pub b: usize,
    pub c: usize,
    /// Of the row to start from, where there is one.
    pub row: usize,
}

/// From so many terms on a run pays where A's rows are not adjacent.
const LONG: usize = 64;

/// A tile of R rows, for each R that there is.
macro_rules! of_rows {
    ($rows:expr, $function:ident::<$adjacent:literal>($($argument:expr),*)) => {
        match $rows {
            1 => $function::<1, $adjacent>($($argument),*),
            2 => $function::<2, $adjacent>($($argument),*),
            3 => $function::<3, $adjacent>($($argument),*),
            4 => $function::<4, $adjacent>($($argument),*),
            5 => $function::<5, $adjacent>($($argument),*),
            _ => $function::<6, $adjacent>($($argument),*),
        }
    };
}

/// `C[r][j] = start + Σ_t A[r][t] · B[t][j]` for one tile.
///
/// # Safety
/// `a` and `b` must be readable wherever `walk` leads for `target.rows` rows and [`COLUMNS`]
/// columns (B's rows are read whole, so a narrower B must be packed); `c` must be writable for
/// `target.rows` × `target.columns`, and a row that it starts from readable for as many columns.
/// `target.rows` is 1 to [`ROWS`], `target.columns` 1 to [`COLUMNS`].
#[inline]
pub unsafe fn tile(walk: &Walk, target: Target, a: *const f32, b: *const f32, c: *mut f32) {
    debug_assert!((1..=ROWS).contains(&target.rows) && target.columns <= COLUMNS);
    let start = start_of(&target, c);
    if target.columns == COLUMNS && target.c_column == 1 {
        // Safety: the caller's promise.
        unsafe { tile_of_rows(walk, target.rows, start, a, b, c, target.c_row) };
    } else {
        // Safety: the caller's promise.
        unsafe { tile_aside(walk, target, start, a, b, c) };
    }
}

/// The same for each tile of a run, in one call where that pays: short sums spend much of their time
/// between two calls.
///
/// # Safety
/// As [`tile`], for each tile.
#[inline]
pub unsafe fn tiles(
    walk: &Walk,
    target: Target,
    run: Run,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
) {
    let pays = run.tiles > 1 && (walk.a_row == 1 || walk.depth >= LONG);
    if pays && target.columns == COLUMNS && target.c_column == 1 {
        let start = start_of(&target, c);
        let (rows, c_row) = (target.rows, target.c_row);
        // Safety: the caller's promise.
        unsafe {
            if walk.a_row == 1 {
                of_rows!(rows, full_tiles::<true>(walk, run, start, a, b, c, c_row));
            } else {
                of_rows!(rows, full_tiles::<false>(walk, run, start, a, b, c, c_row));
            }
        }
        return;
    }
    for i in 0..run.tiles {
        let start = match target.start {
            // Safety: the caller's promise.
            Start::Row(row) => Start::Row(unsafe { row.add(i * run.row) }),
            start => start,
        };
        let target = Target { start, ..target };
        // Safety: the caller's promise.
        unsafe {
            let (a, b, c) = (a.add(i * run.a), b.add(i * run.b), c.add(i * run.c));
            tile(walk, target, a, b, c);
        }
    }
}

/// Where the sums of a tile start, and how far its rows are apart.
fn start_of(target: &Target, c: *mut f32) -> Option<(*const f32, usize)> {
    match target.start {
        Start::Zero => None,
        Start::Held => Some((c.cast_const(), target.c_row)),
        Start::Row(row) => Some((row, 0)),
    }
}

/// A narrow tile, or one of a C that lies turned: it goes through a full one. Safe as [`tile`] is: where its pointers
/// may be read and c's be written.
unsafe fn tile_aside(
    walk: &Walk,
    target: Target,
    start: Option<(*const f32, usize)>,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
) {
    // Not filled with zeros, which is a call out of wasm.
    let mut full = MaybeUninit::<[f32; ROWS * COLUMNS]>::uninit();
    let full = full.as_mut_ptr().cast::<f32>();
    let Target {
        rows,
        columns,
        c_row,
        c_column,
        ..
    } = target;
    // Safety: the caller's promise for c's rows and columns; `full` has room for a whole tile, of
    // which each place is written before it is read.
    unsafe {
        let start = start.map(|(from, from_row)| {
            // A row to start from lies upright, however C lies.
            let from_column = if from_row == 0 { 1 } else { c_column };
            for r in 0..rows {
                for j in 0..COLUMNS {
                    let inside = j < columns;
                    *full.add(r * COLUMNS + j) = if inside {
                        *from.add(r * from_row + j * from_column)
                    } else {
                        0.0
                    };
                }
            }
            (full.cast_const(), COLUMNS)
        });
        tile_of_rows(walk, rows, start, a, b, full, COLUMNS);
        if (c_row, columns) == (1, COLUMNS) {
            store_turned(full, rows, c, c_column);
            return;
        }
        for r in 0..rows {
            for j in 0..columns {
                *c.add(r * c_row + j * c_column) = *full.add(r * COLUMNS + j);
            }
        }
    }
}

/// Writes rows of eight as eight columns, the first four rows by vectors.
///
/// # Safety
/// `tile` must hold so many rows of eight, and `c` be writable for eight columns of as many,
/// `c_column` apart.
unsafe fn store_turned(tile: *const f32, rows: usize, c: *mut f32, c_column: usize) {
    let whole = rows / LANES * LANES;
    // Safety: the caller's promise.
    unsafe {
        for (first, half) in (0..whole).step_by(LANES).flat_map(|r| [(r, 0), (r, LANES)]) {
            let row = |r: usize| F32x4::load(tile.add((first + r) * COLUMNS + half));
            let columns = F32x4::transpose([row(0), row(1), row(2), row(3)]);
            for (j, column) in columns.into_iter().enumerate() {
                column.store(c.add((half + j) * c_column + first));
            }
        }
        for r in whole..rows {
            for j in 0..COLUMNS {
                *c.add(j * c_column + r) = *tile.add(r * COLUMNS + j);
            }
        }
    }
}

/// A whole upright tile of one to six rows.
///
/// # Safety
/// As [`tile`], for `rows` × [`COLUMNS`]; a start's rows are read as wide.
#[inline]
pub unsafe fn tile_of_rows(
    walk: &Walk,
    rows: usize,
    start: Option<(*const f32, usize)>,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    // Safety: the caller's promise.
    unsafe {
        // As in a weight's gradient: then the rows' distances are part of the instructions, and
        // one pointer moves instead of six.
        if walk.a_row == 1 {
            of_rows!(rows, full_tile::<true>(walk, start, a, b, c, c_row));
        } else {
            of_rows!(rows, full_tile::<false>(walk, start, a, b, c, c_row));
        }
    }
}

/// The sums of a tile.
type Sums<const R: usize> = [[F32x4; 2]; R];

/// `sums[r] += a[r] · b`
///
/// # Safety
/// Each of `a` must be readable, `b` for [`COLUMNS`] numbers.
#[inline(always)]
unsafe fn add_term<const R: usize>(sums: &mut Sums<R>, a: [*const f32; R], b: *const f32) {
    // Safety: the caller's promise.
    unsafe {
        let (left, right) = (F32x4::load(b), F32x4::load(b.add(LANES)));
        for (sums, a) in sums.iter_mut().zip(a) {
            let value = F32x4::load_splat(a);
            sums[0] = value.mul_add(left, sums[0]);
            sums[1] = value.mul_add(right, sums[1]);
        }
    }
}

/// A tile by itself.
#[inline(never)]
unsafe fn full_tile<const R: usize, const ADJACENT: bool>(
    walk: &Walk,
    start: Option<(*const f32, usize)>,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    // Safety: the caller's promise.
    unsafe { sum_tile::<R, ADJACENT>(walk, start, a, b, c, c_row) };
}

/// A run of them.
#[inline(never)]
unsafe fn full_tiles<const R: usize, const ADJACENT: bool>(
    walk: &Walk,
    run: Run,
    start: Option<(*const f32, usize)>,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    let (starts, (mut from, from_row)) = (start.is_some(), start.unwrap_or((c, 0)));
    // C's own rows move as C does; a row of another array as the run says.
    let from_step = if from == c.cast_const() {
        run.c
    } else {
        run.row
    };
    let (mut a, mut b, mut c) = (a, b, c);
    for _ in 0..run.tiles {
        let start = starts.then_some((from, from_row));
        // Safety: the caller's promise.
        unsafe { sum_tile::<R, ADJACENT>(walk, start, a, b, c, c_row) };
        from = from.wrapping_add(from_step);
        a = a.wrapping_add(run.a);
        b = b.wrapping_add(run.b);
        c = c.wrapping_add(run.c);
    }
}

#[inline(always)]
unsafe fn sum_tile<const R: usize, const ADJACENT: bool>(
    walk: &Walk,
    start: Option<(*const f32, usize)>,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    // Pointers that step past the last term are never read, hence `wrapping_add`.
    // Safety: `tiles`' caller promises that what is read and written here exists.
    unsafe {
        let mut sums = [[F32x4::ZERO; 2]; R];
        if let Some((from, from_row)) = start {
            for (r, sums) in sums.iter_mut().enumerate() {
                let row = from.add(r * from_row);
                *sums = [F32x4::load(row), F32x4::load(row.add(LANES))];
            }
        }
        let (mut a, mut b) = (a, b);
        for _ in 0..walk.segments {
            let mut b_row = b;
            if ADJACENT {
                let mut first = a;
                for _ in 0..walk.depth {
                    add_term(&mut sums, from_fn(|r| first.add(r)), b_row);
                    first = first.wrapping_add(walk.a_step);
                    b_row = b_row.wrapping_add(walk.b_step);
                }
            } else {
                let mut rows: [*const f32; R] = from_fn(|r| a.wrapping_add(r * walk.a_row));
                for _ in 0..walk.depth {
                    add_term(&mut sums, rows, b_row);
                    rows = rows.map(|row| row.wrapping_add(walk.a_step));
                    b_row = b_row.wrapping_add(walk.b_step);
                }
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

/// `C[r][j] = start + Σ_t A[r][t] · B[t][j]` for [`WIDE`] columns, row by row: eight sums that do
/// not wait for each other, where one row of a tile has two. It suits a single row, and rows of a
/// few terms, which tiles would spend their time in beginning and ending.
///
/// # Safety
/// A must be readable for `rows` and the terms of `walk` (one segment), B for as many rows of
/// [`WIDE`]; C must be writable for `rows` of [`WIDE`], and a row to start from readable.
#[inline(never)]
pub unsafe fn wide_rows(
    walk: &Walk,
    rows: usize,
    start: Start,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    c_row: usize,
) {
    for r in 0..rows {
        // Safety: the caller's promise; pointers past the last term are not read.
        unsafe {
            let c = c.add(r * c_row);
            let from = match start {
                Start::Zero => None,
                Start::Held => Some(c.cast_const()),
                Start::Row(row) => Some(row),
            };
            let mut sums = [F32x4::ZERO; WIDE / LANES];
            if let Some(from) = from {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = F32x4::load(from.add(v * LANES));
                }
            }
            let (mut a, mut b) = (a.add(r * walk.a_row), b);
            for _ in 0..walk.depth {
                let value = F32x4::load_splat(a);
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = value.mul_add(F32x4::load(b.add(v * LANES)), *sum);
                }
                a = a.wrapping_add(walk.a_step);
                b = b.wrapping_add(walk.b_step);
            }
            for (v, sum) in sums.iter().enumerate() {
                sum.store(c.add(v * LANES));
            }
        }
    }
}

/// Calls `f(first, rows)` for tiles that cover `0..rows` evenly: 7 rows are 4 + 3 and not 6 + 1,
/// for a thin tile wastes the registers.
#[inline]
pub fn for_each_tile(rows: usize, f: impl FnMut(usize, usize)) {
    for_each_tile_of(rows, ROWS, f);
}

/// The same with tiles of at most `highest` rows, where `f(first, rows, tiles)` hears of all tiles
/// of one height at once.
#[inline]
pub fn for_each_run_of(rows: usize, highest: usize, mut f: impl FnMut(usize, usize, usize)) {
    let tiles = rows.div_ceil(highest);
    if tiles == 0 {
        return;
    }
    let (height, higher) = (rows / tiles, rows % tiles);
    if higher > 0 {
        f(0, height + 1, higher);
    }
    f(higher * (height + 1), height, tiles - higher);
}

/// The same with tiles of at most `highest` rows.
#[inline]
pub fn for_each_tile_of(rows: usize, highest: usize, mut f: impl FnMut(usize, usize)) {
    let mut first = 0;
    let mut tiles = rows.div_ceil(highest);
    while tiles > 0 {
        let height = (rows - first).div_ceil(tiles);
        f(first, height);
        first += height;
        tiles -= 1;
    }
}
