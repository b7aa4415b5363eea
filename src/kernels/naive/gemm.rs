//! The matrix product by its definition, in the loop order that reads B along its rows.

use crate::kernels::Real;

/// `C = A · B` or `C += A · B`; see `kernels::gemm`, which has checked the lengths.
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
    for i in 0..m {
        let row = &mut c[i * ldc..][..n];
        if !accumulate {
            row.fill(T::ZERO);
        }
        for p in 0..k {
            let x = a[i * a_strides.0 + p * a_strides.1];
            if b_strides.1 == 1 {
                let b_row = &b[p * b_strides.0..][..n];
                for (y, &w) in row.iter_mut().zip(b_row) {
                    *y += x * w;
                }
            } else {
                for (j, y) in row.iter_mut().enumerate() {
                    *y += x * b[p * b_strides.0 + j * b_strides.1];
                }
            }
        }
    }
}
