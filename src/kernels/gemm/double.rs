//! The f64 matrix product, which Python's arrays and gradient checks take.
//!
//! A tile of C, four rows of four columns, stays in registers while the sum runs. Each sum keeps
//! the order of k and rounds each product, so the bits are those of `naive::gemm` on every target.

use std::array::from_fn;

use crate::kernels::simd::double::{F64x2, LANES};

const ROWS: usize = 4;
const COLUMNS: usize = 2 * LANES;

/// Terms of the sum taken at once: a panel of B, 8 kB, stays in the first-level cache.
const BLOCK_DEPTH: usize = 256;

/// Rows of A taken at once: with a block's depth 128 kB, read again for each panel of B.
const BLOCK_ROWS: usize = 64;

/// B's rows are read where they lie if they are at most this far apart; wider ones would fall on
/// the same places of the cache.
const WIDEST_DIRECT_ROW: usize = 128;

/// `kernels::gemm` for f64; the lengths have been checked.
#[allow(clippy::too_many_arguments)]
pub fn gemm(
    m: usize,
    n: usize,
    k: usize,
    a: &[f64],
    a_strides: (usize, usize),
    b: &[f64],
    b_strides: (usize, usize),
    c: &mut [f64],
    ldc: usize,
    accumulate: bool,
) {
    if m == 0 || n == 0 {
        return;
    }
    if !accumulate {
        for row in 0..m {
            c[row * ldc..][..n].fill(0.0);
        }
    }
    let direct = b_strides.1 == 1 && b_strides.0 <= WIDEST_DIRECT_ROW;
    // Where B is read in place, only a narrow last panel is packed.
    let first_packed = if direct { n / COLUMNS } else { 0 };
    let panels = n.div_ceil(COLUMNS);
    let panel_len = BLOCK_DEPTH.min(k) * COLUMNS;
    let mut packed = vec![0.0; (panels - first_packed) * panel_len];
    for first_term in (0..k).step_by(BLOCK_DEPTH) {
        let depth = BLOCK_DEPTH.min(k - first_term);
        for panel in first_packed..panels {
            let to = &mut packed[(panel - first_packed) * panel_len..][..depth * COLUMNS];
            let column = panel * COLUMNS;
            for (p, row) in to.chunks_exact_mut(COLUMNS).enumerate() {
                for (j, value) in row.iter_mut().enumerate() {
                    *value = if column + j < n {
                        b[(first_term + p) * b_strides.0 + (column + j) * b_strides.1]
                    } else {
                        0.0
                    };
                }
            }
        }
        for first_row in (0..m).step_by(BLOCK_ROWS) {
            let last_row = m.min(first_row + BLOCK_ROWS);
            for panel in 0..panels {
                let column = panel * COLUMNS;
                let columns = COLUMNS.min(n - column);
                let (b, b_step) = if panel < first_packed {
                    (&b[first_term * b_strides.0 + column..], b_strides.0)
                } else {
                    (&packed[(panel - first_packed) * panel_len..], COLUMNS)
                };
                for row in (first_row..last_row).step_by(ROWS) {
                    let walk = Walk {
                        depth,
                        a_row: a_strides.0,
                        a_step: a_strides.1,
                        b_step,
                    };
                    let a = &a[row * a_strides.0 + first_term * a_strides.1..];
                    let c = &mut c[row * ldc + column..];
                    let rows = ROWS.min(last_row - row);
                    // Safety: A and B were checked to hold what the strides reach, a panel is
                    // four columns wide, and C has these rows and columns.
                    unsafe {
                        tile(
                            walk,
                            rows,
                            columns,
                            a.as_ptr(),
                            b.as_ptr(),
                            c.as_mut_ptr(),
                            ldc,
                        )
                    };
                }
            }
        }
    }
}

/// How a sum walks through A and B, in elements.
#[derive(Clone, Copy)]
struct Walk {
    depth: usize,
    a_row: usize,
    a_step: usize,
    b_step: usize,
}

/// `C[r][j] += Σ_p A[r][p] · B[p][j]` for one tile.
///
/// # Safety
/// A must be readable where `walk` leads for `rows` rows, B for [`COLUMNS`] columns; C must be
/// writable for `rows` × `columns`.
unsafe fn tile(
    walk: Walk,
    rows: usize,
    columns: usize,
    a: *const f64,
    b: *const f64,
    c: *mut f64,
    ldc: usize,
) {
    // Safety: the caller's promise; a narrow tile goes through a full one.
    unsafe {
        if columns == COLUMNS {
            return tile_of_rows(walk, rows, a, b, c, ldc);
        }
        let mut full = [0.0; ROWS * COLUMNS];
        for r in 0..rows {
            for j in 0..columns {
                full[r * COLUMNS + j] = *c.add(r * ldc + j);
            }
        }
        tile_of_rows(walk, rows, a, b, full.as_mut_ptr(), COLUMNS);
        for r in 0..rows {
            for j in 0..columns {
                *c.add(r * ldc + j) = full[r * COLUMNS + j];
            }
        }
    }
}

#[inline]
unsafe fn tile_of_rows(
    walk: Walk,
    rows: usize,
    a: *const f64,
    b: *const f64,
    c: *mut f64,
    ldc: usize,
) {
    // Safety: the caller's promise.
    unsafe {
        match rows {
            1 => full_tile::<1>(walk, a, b, c, ldc),
            2 => full_tile::<2>(walk, a, b, c, ldc),
            3 => full_tile::<3>(walk, a, b, c, ldc),
            _ => full_tile::<4>(walk, a, b, c, ldc),
        }
    }
}

#[inline(never)]
unsafe fn full_tile<const R: usize>(
    walk: Walk,
    a: *const f64,
    b: *const f64,
    c: *mut f64,
    ldc: usize,
) {
    // Pointers that step past the last term are never read, hence `wrapping_add`.
    // Safety: `tile`'s caller promises that what is read and written here exists.
    unsafe {
        let mut sums: [[F64x2; 2]; R] = from_fn(|r| {
            let row = c.add(r * ldc);
            [F64x2::load(row), F64x2::load(row.add(LANES))]
        });
        let mut rows: [*const f64; R] = from_fn(|r| a.wrapping_add(r * walk.a_row));
        let mut b = b;
        for _ in 0..walk.depth {
            let (left, right) = (F64x2::load(b), F64x2::load(b.wrapping_add(LANES)));
            for (sums, a) in sums.iter_mut().zip(rows) {
                let value = F64x2::load_splat(a);
                sums[0] = value.mul_add(left, sums[0]);
                sums[1] = value.mul_add(right, sums[1]);
            }
            rows = rows.map(|row| row.wrapping_add(walk.a_step));
            b = b.wrapping_add(walk.b_step);
        }
        for (r, sums) in sums.iter().enumerate() {
            let row = c.add(r * ldc);
            sums[0].store(row);
            sums[1].store(row.add(LANES));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kernels::testing::Numbers;
    use crate::kernels::{gemm, naive};

    /// The fast product has the plain one's bits.
    fn check_bits(m: usize, n: usize, k: usize, transpose: (bool, bool), accumulate: bool) {
        let mut numbers = Numbers::new((m * 100 + n * 10 + k) as u64);
        let (a, b): (Vec<f64>, Vec<f64>) = (numbers.vec(m * k), numbers.vec(k * n));
        let ldc = n + 1;
        let c: Vec<f64> = numbers.vec(m * ldc);
        let a_strides = if transpose.0 { (1, m) } else { (k, 1) };
        let b_strides = if transpose.1 { (1, k) } else { (n, 1) };
        let (mut fast, mut plain) = (c.clone(), c);
        gemm(
            m, n, k, &a, a_strides, &b, b_strides, &mut fast, ldc, accumulate,
        );
        naive::gemm(
            m, n, k, &a, a_strides, &b, b_strides, &mut plain, ldc, accumulate,
        );
        let bits = |x: &[f64]| x.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&fast), bits(&plain), "gemm {m}x{n}x{k} {transpose:?}");
    }

    #[test]
    fn the_f64_product_has_the_plain_ones_bits_on_odd_sizes() {
        for m in [1, 2, 3, 4, 5, 9, 66] {
            for n in [1, 2, 3, 4, 5, 8, 15] {
                for k in [1, 2, 7, 64] {
                    for transpose in [(false, false), (true, false), (false, true), (true, true)] {
                        check_bits(m, n, k, transpose, (m + n + k) % 2 == 0);
                    }
                }
            }
        }
    }

    #[test]
    fn the_f64_product_has_the_plain_ones_bits_beyond_one_block() {
        check_bits(70, 6, 600, (false, false), false);
        check_bits(5, 133, 257, (false, false), true);
        check_bits(65, 130, 256, (true, true), false);
    }
}
