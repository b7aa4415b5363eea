//! The f32 matrix product: blocks that fit the caches, tiles that fit the registers.

use super::pack::{pack_panel, with_scratch};
use super::tile::{
    COLUMNS, ROWS, Run, Start, Target, WIDE, Walk, for_each_run_of, for_each_tile, tiles, wide_rows,
};
use crate::kernels::simd::LANES;

/// Terms of the sum taken at once. C is read and written once a block; a panel of B, 8 kB, stays
/// in the first-level cache.
const BLOCK_DEPTH: usize = 256;

/// Elements of A taken at once (32 kB): they are read again for each panel of B.
const BLOCK_OF_A: usize = 8192;

/// All of a block of B stays in the first-level cache if it has at most so many elements (32 kB):
/// then A and C are gone through once, and B again and again.
const SMALL_B: usize = 8192;

/// Sums of fewer terms are not worth a tile.
const SHORT: usize = 16;

/// With so many rows, a B that lies turned is worth packing.
const MANY_ROWS: usize = 17;

/// Elements of B packed at a time where all of A stays in the second-level cache (64 kB both): what
/// was packed is used while it is still near.
const SLAB: usize = 16_384;

/// B's rows are read where they lie if they are at most this far apart; wider ones would fall on
/// the same places of the cache.
const WIDEST_DIRECT_ROW: usize = 128;

/// One product, perhaps turned: `C = A · B` is also `Cᵀ = Bᵀ · Aᵀ`.
struct Product<'a> {
    m: usize,
    n: usize,
    k: usize,
    a: &'a [f32],
    a_strides: (usize, usize),
    b: &'a [f32],
    b_strides: (usize, usize),
    /// From one row of C to the next, and from one column.
    c_strides: (usize, usize),
    start: Start,
}

/// `kernels::gemm` for f32, with sums that start from what is asked for; the lengths have been
/// checked, and a row to start from has n numbers.
#[allow(clippy::too_many_arguments)]
pub fn gemm(
    m: usize,
    n: usize,
    k: usize,
    a: &[f32],
    a_strides: (usize, usize),
    b: &[f32],
    b_strides: (usize, usize),
    c: &mut [f32],
    ldc: usize,
    start: Start,
) {
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if !matches!(start, Start::Held) {
            assert!(matches!(start, Start::Zero), "gemm: a bias and no terms");
            c.chunks_mut(ldc.max(1))
                .take(m)
                .for_each(|row| row[..n].fill(0.0));
        }
        return;
    }
    let turn = |(row, column): (usize, usize)| (column, row);
    // A wide B that lies turned would have to be packed column by column. As the left factor of a few
    // rows it is read where it lies, and the smaller A is packed instead.
    let turned = b_strides.0 == 1
        && b_strides.1 != 1
        && (LANES..MANY_ROWS.min(n + 1)).contains(&m)
        && !matches!(start, Start::Row(_));
    let product = if turned {
        Product {
            m: n,
            n: m,
            k,
            a: b,
            a_strides: turn(b_strides),
            b: a,
            b_strides: turn(a_strides),
            c_strides: (1, ldc),
            start,
        }
    } else {
        Product {
            m,
            n,
            k,
            a,
            a_strides,
            b,
            b_strides,
            c_strides: (ldc, 1),
            start,
        }
    };
    product.run(c);
}

impl Product<'_> {
    /// Whether B is read where it lies.
    fn is_direct(&self) -> bool {
        self.b_strides.1 == 1 && self.b_strides.0 <= WIDEST_DIRECT_ROW
    }

    fn run(&self, c: &mut [f32]) {
        let columns = (SLAB / self.k.min(BLOCK_DEPTH)).next_multiple_of(COLUMNS);
        if self.is_direct() || self.m * self.k > SLAB || self.n <= columns {
            return self.run_slab(c);
        }
        for first in (0..self.n).step_by(columns) {
            let start = match self.start {
                // Safety: the row has a number for each column.
                Start::Row(row) => Start::Row(unsafe { row.add(first) }),
                start => start,
            };
            let slab = Product {
                n: columns.min(self.n - first),
                b: &self.b[first * self.b_strides.1..],
                start,
                ..*self
            };
            slab.run_slab(&mut c[first * self.c_strides.1..]);
        }
    }

    fn run_slab(&self, c: &mut [f32]) {
        let direct = self.is_direct();
        // Where B is read in place, only a narrow last panel is packed.
        let first_packed = if direct { self.n / COLUMNS } else { 0 };
        let panels = self.n.div_ceil(COLUMNS);
        let block_depth = if direct {
            (SMALL_B / self.n).clamp(BLOCK_DEPTH / 4, BLOCK_DEPTH)
        } else {
            BLOCK_DEPTH
        };
        let panel_len = block_depth.min(self.k) * COLUMNS;
        with_scratch((panels - first_packed) * panel_len, |packed| {
            for first_term in (0..self.k).step_by(block_depth) {
                let depth = block_depth.min(self.k - first_term);
                let b = &self.b[first_term * self.b_strides.0..];
                for panel in first_packed..panels {
                    let column = panel * COLUMNS;
                    let columns = COLUMNS.min(self.n - column);
                    let to = &mut packed[(panel - first_packed) * panel_len..][..depth * COLUMNS];
                    // Safety: B was checked to hold k × n under these strides.
                    unsafe {
                        let from = b.as_ptr().add(column * self.b_strides.1);
                        pack_panel(depth, columns, from, self.b_strides, to);
                    }
                }
                let block = Block {
                    product: self,
                    first_term,
                    depth,
                    b,
                    first_packed,
                    packed,
                    panel_len,
                };
                block.run(panels, c);
            }
        });
    }
}

/// Some terms of a product's sum.
struct Block<'a> {
    product: &'a Product<'a>,
    first_term: usize,
    depth: usize,
    /// B from the first of these terms on.
    b: &'a [f32],
    /// The first panel that is not read in place.
    first_packed: usize,
    packed: &'a [f32],
    panel_len: usize,
}

impl Block<'_> {
    fn run(&self, panels: usize, c: &mut [f32]) {
        let (m, c_strides) = (self.product.m, self.product.c_strides);
        let wide = if (m == 1 || self.product.k < SHORT) && c_strides.1 == 1 {
            self.run_wide(c)
        } else {
            0
        };
        let panels = wide..panels;
        if self.depth * panels.len() * COLUMNS <= SMALL_B {
            // Whole panels lie at equal distances, those read in place and those packed.
            let whole = self.product.n / COLUMNS;
            let in_place = panels.start..self.first_packed.min(whole);
            let packed = in_place.end.max(panels.start)..whole;
            for_each_tile(m, |row, rows| {
                for (panels, b) in [
                    (in_place.clone(), COLUMNS),
                    (packed.clone(), self.panel_len),
                ] {
                    let run = Run {
                        tiles: panels.len(),
                        a: 0,
                        b,
                        c: COLUMNS * c_strides.1,
                        row: COLUMNS,
                    };
                    self.run_tiles(row, rows, panels.start, run, c);
                }
                if whole < panels.end {
                    let run = Run {
                        tiles: 1,
                        a: 0,
                        b: 0,
                        c: 0,
                        row: 0,
                    };
                    self.run_tiles(row, rows, whole, run, c);
                }
            });
        } else {
            let block_rows = (BLOCK_OF_A / self.depth).max(32);
            for first_row in (0..m).step_by(block_rows) {
                let rows = block_rows.min(m - first_row);
                for panel in panels.clone() {
                    for_each_run_of(rows, ROWS, |row, rows, tiles| {
                        let run = Run {
                            tiles,
                            a: rows * self.product.a_strides.0,
                            b: 0,
                            c: rows * c_strides.0,
                            row: 0,
                        };
                        self.run_tiles(first_row + row, rows, panel, run, c);
                    });
                }
            }
        }
    }

    /// The first element of a panel, and from one of its rows to the next.
    fn panel(&self, panel: usize) -> (&[f32], usize) {
        if panel < self.first_packed {
            (&self.b[panel * COLUMNS..], self.product.b_strides.0)
        } else {
            let start = (panel - self.first_packed) * self.panel_len;
            (&self.packed[start..], COLUMNS)
        }
    }

    /// What the sums from a column on start from.
    fn start_at(&self, column: usize) -> Start {
        match self.product.start {
            _ if self.first_term > 0 => Start::Held,
            // Safety: the row has a number for each column.
            Start::Row(row) => Start::Row(unsafe { row.add(column) }),
            start => start,
        }
    }

    /// The tiles of a run, the first of which has these rows and this panel.
    #[inline]
    fn run_tiles(&self, row: usize, rows: usize, panel: usize, run: Run, c: &mut [f32]) {
        if run.tiles == 0 {
            return;
        }
        let Product { n, c_strides, .. } = *self.product;
        let (b, b_step) = self.panel(panel);
        let column = panel * COLUMNS;
        let walk = self.walk(b_step);
        let target = Target {
            rows,
            columns: COLUMNS.min(n - column),
            c_row: c_strides.0,
            c_column: c_strides.1,
            start: self.start_at(column),
        };
        // Safety: A and C were checked to hold m × k and m × n; B's panel is whole, in place or
        // packed.
        unsafe {
            let c = c.as_mut_ptr().add(row * c_strides.0 + column * c_strides.1);
            tiles(&walk, target, run, self.a(row), b.as_ptr(), c);
        }
    }

    /// Many columns at once, where B lies in place; gives how many panels were done.
    fn run_wide(&self, c: &mut [f32]) -> usize {
        const PANELS: usize = WIDE / COLUMNS;
        let done = self.first_packed / PANELS * PANELS;
        let Product { m, c_strides, .. } = *self.product;
        for panel in (0..done).step_by(PANELS) {
            let (b, b_step) = self.panel(panel);
            let (walk, column) = (self.walk(b_step), panel * COLUMNS);
            // Safety: as in `run_tiles`; these panels lie side by side in B.
            unsafe {
                let c = c.as_mut_ptr().add(column);
                let start = self.start_at(column);
                wide_rows(&walk, m, start, self.a(0), b.as_ptr(), c, c_strides.0);
            }
        }
        done
    }

    fn walk(&self, b_step: usize) -> Walk {
        let a_strides = self.product.a_strides;
        Walk {
            segments: 1,
            depth: self.depth,
            a_row: a_strides.0,
            a_step: a_strides.1,
            b_step,
            a_segment: 0,
            b_segment: 0,
        }
    }

    /// A's first term of this block in a row.
    fn a(&self, row: usize) -> *const f32 {
        let (a, a_strides) = (self.product.a, self.product.a_strides);
        // Safety: A was checked to hold m × k under these strides.
        unsafe {
            a.as_ptr()
                .add(row * a_strides.0 + self.first_term * a_strides.1)
        }
    }
}
