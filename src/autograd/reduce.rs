//! Sums over axes, and the way back from broadcasting, which is one.

use super::scalar::Scalar;
use crate::array::NdArray;
use crate::kernels::bias;

/// The sum over `axes`, each of which stays with size 1.
///
/// Pairwise within a row, so that long sums keep their digits; the order depends on the shape
/// alone. Panics when an axis is out of range.
pub fn sum_axes<T: Scalar>(x: &NdArray<T>, axes: &[usize]) -> NdArray<T> {
    let shape: Vec<usize> = (0..x.ndim())
        .map(|axis| {
            if axes.contains(&axis) {
                1
            } else {
                x.shape()[axis]
            }
        })
        .collect();
    if axes.is_empty() {
        return x.clone();
    }
    let cols: usize = axes.iter().map(|&axis| x.shape()[axis]).product();
    let rows: usize = shape.iter().product();
    let leading = axes.iter().all(|&axis| axis < axes.len());
    let sums = if leading {
        // Summing whole rows into one another needs no transposed copy.
        let mut sums = vec![T::ZERO; rows];
        let x = x.contiguous();
        bias::backward(cols, rows, x.as_slice().expect("contiguous"), &mut sums);
        sums
    } else {
        let x = rows_over(x, axes);
        let values = x.as_slice().expect("contiguous");
        (0..rows)
            .map(|row| pairwise_sum(&values[row * cols..][..cols]))
            .collect()
    };
    NdArray::from_vec(sums, &shape)
}

/// The elements of `x` with those over `axes` side by side: C-contiguous, kept axes first.
pub fn rows_over<T: Scalar>(x: &NdArray<T>, axes: &[usize]) -> NdArray<T> {
    let mut order: Vec<usize> = (0..x.ndim()).filter(|axis| !axes.contains(axis)).collect();
    order.extend((0..x.ndim()).filter(|axis| axes.contains(axis)));
    x.permute(&order).expect("a permutation").contiguous()
}

fn pairwise_sum<T: Scalar>(values: &[T]) -> T {
    if values.len() <= 128 {
        return values.iter().fold(T::ZERO, |sum, &value| sum + value);
    }
    let (left, right) = values.split_at(values.len() / 2);
    pairwise_sum(left) + pairwise_sum(right)
}

/// The gradient of `x.broadcast_to(dy.shape)`: dx = Σ dy over the axes that were stretched.
///
/// Shape: dy → `shape`, which broadcasts to that of dy.
pub fn unbroadcast<T: Scalar>(dy: &NdArray<T>, shape: &[usize]) -> NdArray<T> {
    if dy.shape() == shape {
        return dy.clone();
    }
    let lead = dy.ndim() - shape.len();
    let stretched: Vec<usize> = (0..dy.ndim())
        .filter(|&axis| axis < lead || (shape[axis - lead] == 1 && dy.shape()[axis] != 1))
        .collect();
    sum_axes(dy, &stretched)
        .reshape(shape)
        .expect("the stretched axes are summed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(shape: &[usize]) -> NdArray<f64> {
        let n: usize = shape.iter().product();
        NdArray::from_vec((0..n).map(|i| (i * i % 17) as f64).collect(), shape)
    }

    fn check_sum(x: &NdArray<f64>, axes: &[usize]) {
        let mut want = x.view().to_owned();
        for &axis in axes {
            want = want
                .sum_axis(ndarray::Axis(axis))
                .insert_axis(ndarray::Axis(axis));
        }
        let got = sum_axes(x, axes);
        assert_eq!(got.shape(), want.shape(), "{axes:?}");
        assert_eq!(
            got.to_vec(),
            want.iter().copied().collect::<Vec<_>>(),
            "{axes:?}"
        );
    }

    #[test]
    fn sums_agree_with_the_ndarray_crate() {
        for axes in [
            &[][..],
            &[0],
            &[1],
            &[2],
            &[0, 1],
            &[0, 2],
            &[1, 2],
            &[2, 0, 1],
        ] {
            check_sum(&counting(&[3, 4, 5]), axes);
            check_sum(&counting(&[5, 4, 3]).transpose(), axes);
            check_sum(&counting(&[3, 0, 5]), axes);
        }
        check_sum(&counting(&[1000]), &[0]);
        check_sum(&counting(&[2, 1000]), &[1]);
    }

    #[test]
    fn unbroadcast_sums_what_was_stretched() {
        let dy = counting(&[2, 3, 4]);
        for shape in [
            &[2, 3, 4][..],
            &[3, 4],
            &[4],
            &[],
            &[1, 3, 1],
            &[2, 1, 4],
            &[1, 1],
        ] {
            let dx = unbroadcast(&dy, shape);
            assert_eq!(dx.shape(), shape);
            assert_eq!(
                dx.to_vec().iter().sum::<f64>(),
                dy.to_vec().iter().sum::<f64>()
            );
        }
        assert_eq!(
            unbroadcast(&dy, &[4]).get(&[1]),
            (0..6).map(|r| dy.to_vec()[r * 4 + 1]).sum::<f64>()
        );
        assert_eq!(unbroadcast(&counting(&[0, 3]), &[1, 3]).to_vec(), [0.0; 3]);
    }
}
