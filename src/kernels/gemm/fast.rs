//! The f32 matrix product: blocks that fit the caches, tiles that fit the registers.

use super::pack::{pack_panel, with_scratch};
use super::tile::{COLUMNS, Target, Walk, for_each_tile, tile};

/// Terms of the sum taken at once. C is read and written once a block; a panel of B, 8 kB, stays
/// in the first-level cache.
const BLOCK_DEPTH: usize = 256;

/// Elements of A taken at once (32 kB): they are read again for each panel of B.
const BLOCK_OF_A: usize = 8192;

/// B's rows are read where they lie if they are at most this far apart; wider ones would fall on
/// the same places of the cache.
const WIDEST_DIRECT_ROW: usize = 128;

/// `kernels::gemm` for f32; the lengths have been checked there.
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
    accumulate: bool,
) {
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        if !accumulate {
            c.chunks_mut(ldc.max(1))
                .take(m)
                .for_each(|row| row[..n].fill(0.0));
        }
        return;
    }
    let direct = b_strides.1 == 1 && b_strides.0 <= WIDEST_DIRECT_ROW;
    // Where B is read in place, only a narrow last panel is packed.
    let first_packed = if direct { n / COLUMNS } else { 0 };
    let panels = n.div_ceil(COLUMNS);
    let panel_len = BLOCK_DEPTH.min(k) * COLUMNS;
    with_scratch((panels - first_packed) * panel_len, |packed| {
        for first_term in (0..k).step_by(BLOCK_DEPTH) {
            let depth = BLOCK_DEPTH.min(k - first_term);
            let b = &b[first_term * b_strides.0..];
            for panel in first_packed..panels {
                let column = panel * COLUMNS;
                let columns = COLUMNS.min(n - column);
                let to = &mut packed[(panel - first_packed) * panel_len..][..depth * COLUMNS];
                // Safety: B was checked to hold k × n under these strides.
                unsafe {
                    let from = b.as_ptr().add(column * b_strides.1);
                    pack_panel(depth, columns, from, b_strides, to);
                }
            }
            let block_rows = (BLOCK_OF_A / depth).max(32);
            for first_row in (0..m).step_by(block_rows) {
                let rows = block_rows.min(m - first_row);
                for panel in 0..panels {
                    let column = panel * COLUMNS;
                    let (b, b_step) = if panel < first_packed {
                        (&b[column..], b_strides.0)
                    } else {
                        (&packed[(panel - first_packed) * panel_len..], COLUMNS)
                    };
                    let walk = Walk {
                        segments: 1,
                        depth,
                        a_row: a_strides.0,
                        a_step: a_strides.1,
                        b_step,
                        a_segment: 0,
                        b_segment: 0,
                    };
                    for_each_tile(rows, |row, height| {
                        let row = first_row + row;
                        let target = Target {
                            rows: height,
                            columns: COLUMNS.min(n - column),
                            c_row: ldc,
                            accumulate: accumulate || first_term > 0,
                        };
                        let at = row * a_strides.0 + first_term * a_strides.1;
                        // Safety: A and C were checked to hold m × k and m × n; B's panel is
                        // whole, in place or packed.
                        unsafe {
                            let a = a.as_ptr().add(at);
                            let c = c.as_mut_ptr().add(row * ldc + column);
                            tile(&walk, target, a, b.as_ptr(), c);
                        }
                    });
                }
            }
        }
    });
}
