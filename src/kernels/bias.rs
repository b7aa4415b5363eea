//! A bias added to every row, and its gradient: the sum over rows.

use super::Real;

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
    for row in y.chunks_exact_mut(cols.max(1)) {
        for (y, &b) in row.iter_mut().zip(bias) {
            *y += b;
        }
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
    db.fill(T::ZERO);
    for row in dy.chunks_exact(cols.max(1)) {
        for (db, &dy) in db.iter_mut().zip(row) {
            *db += dy;
        }
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
}
