//! Matrix products.

mod double;
pub(super) mod fast;
pub(super) mod pack;
pub(super) mod tile;
#[cfg(test)]
mod tile_tests;

use super::{Real, naive};
use tile::Start;

/// `C[m][n] = A[m][k] · B[k][n]`, or `C += A · B` where `accumulate` is set.
///
/// `a_strides` and `b_strides` are the distances (row, column) in elements, so a transposed
/// operand costs nothing to pass; C's columns are contiguous and its rows `ldc` apart.
///
/// Each element of C is one sum in the order of k, starting from 0 (or from C), whatever the
/// sizes: that keeps results equal on every target.
#[allow(clippy::too_many_arguments)]
pub fn gemm<T: Real>(
    m: usize,
    n: usize,
    k: usize,
    a: &[T],
    a_strides: (usize, usize),
    b: &[T],
    b_strides: (usize, usize),
    c: &mut [T],
    ldc: usize,
    accumulate: bool,
) {
    assert!(
        extent(m, k, a_strides) <= a.len(),
        "gemm: A[{m}][{k}] with strides {a_strides:?} does not fit {} elements",
        a.len()
    );
    assert!(
        extent(k, n, b_strides) <= b.len(),
        "gemm: B[{k}][{n}] with strides {b_strides:?} does not fit {} elements",
        b.len()
    );
    assert!(
        extent(m, n, (ldc, 1)) <= c.len() && (ldc >= n || m <= 1),
        "gemm: C[{m}][{n}] with rows {ldc} apart does not fit {} elements",
        c.len()
    );
    if let (Some(a), Some(b)) = (T::as_f32s(a), T::as_f32s(b))
        && let Some(c) = T::as_f32s_mut(c)
    {
        let start = if accumulate { Start::Held } else { Start::Zero };
        fast::gemm(m, n, k, a, a_strides, b, b_strides, c, ldc, start);
        return;
    }
    if let (Some(a), Some(b)) = (T::as_f64s(a), T::as_f64s(b))
        && let Some(c) = T::as_f64s_mut(c)
    {
        double::gemm(m, n, k, a, a_strides, b, b_strides, c, ldc, accumulate);
        return;
    }
    naive::gemm(m, n, k, a, a_strides, b, b_strides, c, ldc, accumulate);
}

/// One past the last element that a strided matrix touches.
fn extent(rows: usize, cols: usize, strides: (usize, usize)) -> usize {
    if rows == 0 || cols == 0 {
        0
    } else {
        (rows - 1) * strides.0 + (cols - 1) * strides.1 + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};

    /// Compares with the definition, element by element, in f64.
    fn check_gemm(m: usize, n: usize, k: usize, transpose: (bool, bool), accumulate: bool) {
        let mut numbers = Numbers::new((m * 100 + n * 10 + k) as u64);
        let a: Vec<f32> = numbers.vec(m * k);
        let b: Vec<f32> = numbers.vec(k * n);
        let ldc = n + 3;
        let mut c: Vec<f32> = numbers.vec(m * ldc);
        let a_strides = if transpose.0 { (1, m) } else { (k, 1) };
        let b_strides = if transpose.1 { (1, k) } else { (n, 1) };
        let mut expected: Vec<f64> = c.iter().map(|&v| v as f64).collect();
        for i in 0..m {
            for j in 0..n {
                let start = if accumulate {
                    expected[i * ldc + j]
                } else {
                    0.0
                };
                expected[i * ldc + j] = start
                    + (0..k)
                        .map(|p| {
                            a[i * a_strides.0 + p * a_strides.1] as f64
                                * b[p * b_strides.0 + j * b_strides.1] as f64
                        })
                        .sum::<f64>();
            }
        }
        gemm(
            m, n, k, &a, a_strides, &b, b_strides, &mut c, ldc, accumulate,
        );
        check_close(
            &format!("gemm {m}x{n}x{k} {transpose:?}"),
            &c,
            &expected,
            1e-5,
            1e-5,
        );
    }

    #[test]
    fn gemm_equals_its_definition_on_odd_sizes() {
        for m in [1, 2, 4, 5, 6, 7, 13, 31] {
            for n in [1, 3, 4, 7, 8, 9, 17, 64] {
                for k in [1, 2, 9, 64, 67] {
                    for transpose in [(false, false), (true, false), (false, true), (true, true)] {
                        check_gemm(m, n, k, transpose, (m + n + k) % 2 == 0);
                    }
                }
            }
        }
    }

    #[test]
    fn gemm_equals_its_definition_beyond_one_block_of_k() {
        for k in [255, 256, 257, 600] {
            check_gemm(33, 19, k, (false, false), false);
            check_gemm(70, 19, k, (false, false), true);
            check_gemm(5, 70, k, (false, true), false);
        }
    }

    #[test]
    fn gemm_equals_its_definition_where_b_is_packed_slab_by_slab() {
        for (m, n, k) in [(17, 300, 70), (40, 133, 256), (16, 150, 300), (16, 2100, 8)] {
            for accumulate in [false, true] {
                check_gemm(m, n, k, (false, true), accumulate);
                check_gemm(m, n, k, (true, false), accumulate);
            }
        }
    }

    /// Neither the rows nor the columns of an operand need be adjacent.
    #[test]
    fn gemm_takes_any_distances() {
        for (m, n, k) in [(5, 19, 7), (17, 24, 33), (3, 8, 70)] {
            let mut numbers = Numbers::new((m * n + k) as u64);
            let (a, b): (Vec<f32>, Vec<f32>) = (numbers.vec(m * k), numbers.vec(k * n));
            let (mut expected, mut c) = (vec![0f32; m * n], vec![9f32; m * n]);
            gemm(m, n, k, &a, (k, 1), &b, (n, 1), &mut expected, n, false);
            // Each element twice, each row with a gap.
            let apart = |x: &[f32], columns: usize| -> Vec<f32> {
                let row = |row: &[f32]| {
                    [row.iter().flat_map(|&v| [v, 9.0]).collect(), vec![9.0; 3]].concat()
                };
                x.chunks(columns).flat_map(row).collect()
            };
            let (a, b) = (apart(&a, k), apart(&b, n));
            let (a_strides, b_strides) = ((2 * k + 3, 2), (2 * n + 3, 2));
            gemm(m, n, k, &a, a_strides, &b, b_strides, &mut c, n, false);
            assert_eq!(c, expected, "{m}x{n}x{k}");
        }
    }

    #[test]
    fn sums_that_start_from_a_row_equal_those_to_which_it_is_added() {
        for (m, n, k) in [
            (1, 70, 3),
            (7, 40, 70),
            (13, 300, 70),
            (33, 19, 300),
            (5, 130, 9),
        ] {
            let mut numbers = Numbers::new((m * n + k) as u64);
            let (a, b): (Vec<f32>, Vec<f32>) = (numbers.vec(m * k), numbers.vec(k * n));
            let row: Vec<f32> = numbers.vec(n);
            let (mut c, mut expected) = (vec![9f32; m * n], row.repeat(m));
            let start = Start::Row(row.as_ptr());
            fast::gemm(m, n, k, &a, (k, 1), &b, (n, 1), &mut c, n, start);
            gemm(m, n, k, &a, (k, 1), &b, (n, 1), &mut expected, n, true);
            assert_eq!(c, expected, "{m}x{n}x{k}");
        }
    }

    #[test]
    fn an_empty_sum_is_zero_or_what_was_there() {
        let mut c = [7.0f32; 4];
        gemm(2, 2, 0, &[], (0, 1), &[], (2, 1), &mut c, 2, true);
        assert_eq!(c, [7.0; 4]);
        gemm(2, 2, 0, &[], (0, 1), &[], (2, 1), &mut c, 2, false);
        assert_eq!(c, [0.0; 4]);
    }

    #[test]
    #[should_panic(expected = "gemm: B[3][4]")]
    fn gemm_names_the_operand_that_does_not_fit() {
        gemm(
            2,
            4,
            3,
            &[0f32; 6],
            (3, 1),
            &[0f32; 11],
            (4, 1),
            &mut [0f32; 8],
            4,
            false,
        );
    }
}
