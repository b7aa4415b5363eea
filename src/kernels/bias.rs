//! A bias added to every row, and its gradient: the sum over rows.

use super::Real;
use super::simd::{F32x4, LANES, zip_in_place};

/// `y[r][j] += bias[j]`. Shape: bias `[cols]`, y `[rows][cols]`.
pub fn add<T: Real>(rows: usize, cols: usize, bias: &[T], y: &mut [T]) {
    assert_eq!(
        bias.len(),
        cols,
        "bias::add: bias of {}, {cols} columns",
        bias.len()
    );
    assert_eq!(
        y.len(),
        rows * cols,
        "bias::add: y of {}, [{rows}][{cols}]",
        y.len()
    );
    if let (Some(bias), Some(y)) = (T::as_f32s(bias), T::as_f32s_mut(y)) {
        return add_fast(bias, y);
    }
    for row in y.chunks_exact_mut(cols.max(1)) {
        for (y, &b) in row.iter_mut().zip(bias) {
            *y += b;
        }
    }
}

#[inline(never)]
fn add_fast(bias: &[f32], y: &mut [f32]) {
    for row in y.chunks_exact_mut(bias.len().max(1)) {
        zip_in_place(row, bias, |y, b| y + b);
    }
}

/// `db[j] = Σ_r dy[r][j]`, in the order of the rows. Shape: dy `[rows][cols]` → db `[cols]`.
pub fn backward<T: Real>(rows: usize, cols: usize, dy: &[T], db: &mut [T]) {
    assert_eq!(
        dy.len(),
        rows * cols,
        "bias::backward: dy of {}, [{rows}][{cols}]",
        dy.len()
    );
    assert_eq!(
        db.len(),
        cols,
        "bias::backward: db of {}, {cols} columns",
        db.len()
    );
    if let (Some(dy), Some(db)) = (T::as_f32s(dy), T::as_f32s_mut(db)) {
        return backward_fast(dy, db);
    }
    backward_plain(cols, dy, db);
}

/// The twin of `backward_fast`: row by row.
fn backward_plain<T: Real>(cols: usize, dy: &[T], db: &mut [T]) {
    db.fill(T::ZERO);
    for row in dy.chunks_exact(cols.max(1)) {
        for (db, &dy) in db.iter_mut().zip(row) {
            *db += dy;
        }
    }
}

/// Sums of [`WIDE`] columns stay in registers over all rows; then those of four, then of one.
#[inline(never)]
fn backward_fast(dy: &[f32], db: &mut [f32]) {
    if dy.is_empty() {
        return db.fill(0.0);
    }
    let cols = db.len();
    let mut column = 0;
    while column + WIDE <= cols {
        sum_columns::<{ WIDE / LANES }>(cols, &dy[column..], &mut db[column..]);
        column += WIDE;
    }
    while column + LANES <= cols {
        sum_columns::<1>(cols, &dy[column..], &mut db[column..]);
        column += LANES;
    }
    for (column, db) in db.iter_mut().enumerate().skip(column) {
        *db = dy[column..]
            .iter()
            .step_by(cols)
            .fold(0.0, |sum, dy| sum + dy);
    }
}

const WIDE: usize = 8 * LANES;

/// The sums of the first `V` vectors of columns; a row is every `cols` elements.
#[inline(always)]
fn sum_columns<const V: usize>(cols: usize, dy: &[f32], db: &mut [f32]) {
    let mut sums = [F32x4::ZERO; V];
    for row in dy.chunks(cols) {
        for (sum, dy) in sums.iter_mut().zip(row.as_chunks().0) {
            *sum = *sum + F32x4::from_lanes(dy);
        }
    }
    for (sum, db) in sums.into_iter().zip(db.as_chunks_mut().0) {
        sum.write_lanes(db);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bias_is_added_to_each_row_and_its_gradient_sums_them() {
        let mut y = [1f64, 2., 3., 4., 5., 6.];
        add(2, 3, &[10., 20., 30.], &mut y);
        assert_eq!(y, [11., 22., 33., 14., 25., 36.]);
        let mut db = [9f64; 3];
        backward(2, 3, &y, &mut db);
        assert_eq!(db, [25., 47., 69.]);
    }

    #[test]
    fn sums_over_rows_have_the_bits_of_the_plain_twin() {
        use crate::kernels::testing::Numbers;
        for (rows, cols) in [(1, 1), (7, 3), (5, 4), (13, 37), (3, 32), (9, 71), (0, 6)] {
            let dy: Vec<f32> = Numbers::new((rows * cols) as u64).vec(rows * cols);
            let (mut db, mut plain) = (vec![9f32; cols], vec![9f32; cols]);
            backward(rows, cols, &dy, &mut db);
            backward_plain(cols, &dy, &mut plain);
            assert_eq!(db, plain, "[{rows}][{cols}]");
            let (mut y, mut expected) = (dy.clone(), dy.clone());
            add(rows, cols, &db, &mut y);
            for row in expected.chunks_exact_mut(cols) {
                row.iter_mut().zip(&db).for_each(|(y, b)| *y += b);
            }
            assert_eq!(y, expected, "[{rows}][{cols}]");
        }
    }
}
