//! Matrix products, over batches that broadcast.

use super::{Args, reshape};
use crate::array::{ArrayError, NdArray, broadcast_shapes};
use crate::autograd::{Scalar, Tensor, unbroadcast};
use crate::error::Result;
use crate::kernels::gemm;

/// y = a · b over the last two axes; da = dy · bᵀ, db = aᵀ · dy, summed over stretched batches.
///
/// Shape: [..., M, K] · [..., K, N] → [..., M, N]. An a of [K] counts as a row, a b of [K] as a
/// column, and their axis does not appear in y (NumPy's and PyTorch's `matmul`).
pub fn matmul<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let (a_shape, b_shape) = (a.shape(), b.shape());
    let refuse = |left_core, right_core| ArrayError::Matmul {
        left: a_shape.clone(),
        right: b_shape.clone(),
        left_core,
        right_core,
    };
    let (Some(&k), Some(&last)) = (a_shape.last(), b_shape.last()) else {
        return Err(refuse(0, 0).into());
    };
    let b_core = if b_shape.len() == 1 {
        last
    } else {
        b_shape[b_shape.len() - 2]
    };
    if k != b_core {
        return Err(refuse(k, b_core).into());
    }
    match (a_shape.len(), b_shape.len()) {
        (1, 1) => reshape(&matmul(&reshape(a, &[1, k])?, &reshape(b, &[k, 1])?)?, &[]),
        (1, _) => {
            let y = matmul(&reshape(a, &[1, k])?, b)?;
            let mut shape = y.shape();
            shape.remove(shape.len() - 2);
            reshape(&y, &shape)
        }
        (_, 1) => {
            let y = matmul(a, &reshape(b, &[k, 1])?)?;
            let shape = y.shape();
            reshape(&y, &shape[..shape.len() - 1])
        }
        _ => batched(a, b),
    }
}

fn batched<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let (a_value, b_value) = (a.value().contiguous(), b.value().contiguous());
    let y = product(&a_value, false, &b_value, false)?;
    let (a_again, b_again) = (a_value.clone(), b_value.clone());
    Ok(Tensor::record("matmul", y)
        .input(a, move |dy| {
            let da = product(&dy.contiguous(), false, &b_value, true);
            unbroadcast(&da.expect("the forward broadcast them"), a_value.shape())
        })
        .input(b, move |dy| {
            let (mut a, mut dy) = (a_again.clone(), dy.contiguous());
            if b_again.ndim() == 2 {
                // One product sums over the batch as well.
                let rows = |x: &NdArray<T>| {
                    let cols = x.shape()[x.ndim() - 1];
                    let rows: usize = x.shape()[..x.ndim() - 1].iter().product();
                    x.reshape(&[rows, cols]).expect("contiguous")
                };
                (a, dy) = (rows(&a), rows(&dy));
            }
            let db = product(&a, true, &dy, false);
            unbroadcast(&db.expect("the forward broadcast them"), b_again.shape())
        })
        .done())
}

/// A · B over the last two axes of C-contiguous arrays, either of them transposed on the way.
fn product<T: Scalar>(
    a: &NdArray<T>,
    a_transposed: bool,
    b: &NdArray<T>,
    b_transposed: bool,
) -> Result<NdArray<T>> {
    let (a_batch, m, k, a_strides) = operand(a, a_transposed);
    let (b_batch, b_k, n, b_strides) = operand(b, b_transposed);
    assert_eq!(k, b_k, "matmul: {:?} and {:?}", a.shape(), b.shape());
    let batch = broadcast_shapes(a_batch, b_batch)?;
    let count: usize = batch.iter().product();
    let mut y = vec![T::ZERO; count * m * n];
    let a_slice = a.as_slice().expect("contiguous");
    let b_slice = b.as_slice().expect("contiguous");
    if b_batch.is_empty() && !a_transposed {
        // All rows of the batch are rows of one product.
        gemm(
            count * m,
            n,
            k,
            a_slice,
            a_strides,
            b_slice,
            b_strides,
            &mut y,
            n,
            false,
        );
    } else if m * n > 0 {
        for (index, y) in y.chunks_exact_mut(m * n).enumerate() {
            let a = &a_slice[place(index, &batch, a_batch) * m * k..][..m * k];
            let b = &b_slice[place(index, &batch, b_batch) * k * n..][..k * n];
            gemm(m, n, k, a, a_strides, b, b_strides, y, n, false);
        }
    }
    let shape = [&batch[..], &[m, n]].concat();
    Ok(NdArray::from_vec(y, &shape))
}

/// Batch shape, rows, columns and strides of an operand as it takes part.
fn operand<T: Scalar>(
    x: &NdArray<T>,
    transposed: bool,
) -> (&[usize], usize, usize, (usize, usize)) {
    let (batch, core) = x.shape().split_at(x.ndim() - 2);
    if transposed {
        (batch, core[1], core[0], (1, core[1]))
    } else {
        (batch, core[0], core[1], (core[1], 1))
    }
}

/// Which matrix of an operand with batch shape `own` is used at `index` of the whole `batch`.
fn place(index: usize, batch: &[usize], own: &[usize]) -> usize {
    let (mut index, mut step, mut place) = (index, 1, 0);
    for (axis, &size) in batch.iter().enumerate().rev() {
        let Some(own_axis) = (axis + own.len()).checked_sub(batch.len()) else {
            break;
        };
        if own[own_axis] != 1 {
            place += (index % size) * step;
        }
        step *= own[own_axis];
        index /= size;
    }
    place
}

/// By name: two tensors.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    matmul(args.tensor(0)?, args.tensor(1)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_every_kind_of_batch() {
        for shapes in [
            [&[2, 3][..], &[3, 4][..]],
            [&[5, 2, 3], &[3, 4]],
            [&[2, 3], &[5, 3, 4]],
            [&[5, 2, 3], &[5, 3, 4]],
            [&[2, 1, 2, 3], &[4, 3, 2]],
            [&[1, 2, 3], &[4, 3, 2]],
            [&[3], &[3]],
            [&[3], &[2, 3, 4]],
            [&[2, 4, 3], &[3]],
            [&[1, 1], &[1, 1]],
        ] {
            check(&shapes, |x| matmul(&x[0], &x[1]));
        }
    }

    #[test]
    fn batches_broadcast_in_the_right_order() {
        let (a, b) = (input(1, &[2, 1, 3, 4]), input(2, &[5, 4, 2]));
        let y = matmul(&a, &b).unwrap().value();
        assert_eq!(y.shape(), [2, 5, 3, 2]);
        for (i, j) in [(0, 0), (1, 0), (0, 4), (1, 3)] {
            for (row, col) in [(0, 0), (2, 1)] {
                let want: f64 = (0..4)
                    .map(|k| a.value().get(&[i, 0, row, k]) * b.value().get(&[j, k, col]))
                    .sum();
                assert!((y.get(&[i, j, row, col]) - want).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn empty_products_are_zeros_or_empty() {
        let product =
            |a: &[usize], b: &[usize]| matmul(&input(1, a), &input(2, b)).unwrap().value();
        assert_eq!(product(&[2, 0], &[0, 3]).to_vec(), [0.0; 6]);
        assert_eq!(product(&[0, 2], &[2, 3]).shape(), [0, 3]);
        assert_eq!(product(&[4, 0, 2], &[4, 2, 3]).shape(), [4, 0, 3]);
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        for (a, b) in [
            (&[2, 3][..], &[4, 2][..]),
            (&[3], &[2]),
            (&[], &[2]),
            (&[2], &[]),
        ] {
            let error = matmul(&input(1, a), &input(2, b)).unwrap_err();
            assert_eq!(error.code(), "array_matmul", "{a:?} {b:?}");
        }
        let error = matmul(&input(1, &[2, 3, 4]), &input(2, &[5, 4, 1])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }

    #[test]
    fn a_product_by_hand() {
        let y = matmul(
            &tensor(&[1., 2., 3., 4.], &[2, 2]),
            &tensor(&[5., 6., 7., 8.], &[2, 2]),
        );
        assert_eq!(y.unwrap().value().to_vec(), [19., 22., 43., 50.]);
    }
}
