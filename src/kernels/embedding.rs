//! Rows of a table, looked up by whole numbers that are kept as f32.

/// `y[i] = table[x[i]]`. Shape: table `[rows][columns]`, x `[N]` → y `[N][columns]`.
pub fn forward(columns: usize, table: &[f32], x: &[f32], y: &mut [f32]) {
    check("embedding::forward", columns, table.len(), x, y.len());
    for (&x, y) in x.iter().zip(y.chunks_exact_mut(columns)) {
        y.copy_from_slice(&table[x as usize * columns..][..columns]);
    }
}

/// `dtable[row] = Σ dy[i]` over the i with `x[i] = row`, in their order.
///
/// Shape: x `[N]`, dy `[N][columns]` → dtable `[rows][columns]`.
pub fn backward(columns: usize, x: &[f32], dy: &[f32], dtable: &mut [f32]) {
    check("embedding::backward", columns, dtable.len(), x, dy.len());
    dtable.fill(0.0);
    for (&x, dy) in x.iter().zip(dy.chunks_exact(columns)) {
        let row = &mut dtable[x as usize * columns..][..columns];
        for (sum, dy) in row.iter_mut().zip(dy) {
            *sum += dy;
        }
    }
}

fn check(op: &str, columns: usize, table: usize, x: &[f32], y: usize) {
    assert!(
        columns > 0 && table.is_multiple_of(columns) && y == x.len() * columns,
        "{op}: {} numbers, table of {table}, {columns} columns, y of {y}",
        x.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_looked_up_and_their_gradients_summed() {
        let (table, x) = ([1f32, 2., 3., 4., 5., 6.], [2f32, 0., 2.]);
        let mut y = [9f32; 6];
        forward(2, &table, &x, &mut y);
        assert_eq!(y, [5., 6., 1., 2., 5., 6.]);
        let mut dtable = [9f32; 6];
        backward(2, &x, &[1., 10., 2., 20., 3., 30.], &mut dtable);
        assert_eq!(dtable, [2., 20., 0., 0., 4., 40.]);
    }
}
