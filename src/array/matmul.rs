//! Matrix products over stacks of matrices, through `kernels::gemm`.

use crate::kernels;

use super::dtype::DType;
use super::dynamic::Array;
use super::error::{ArrayError, Result};
use super::shape::{broadcast_shapes, c_strides, size_of};
use super::storage::{Element, room};
use super::typed::NdArray;

/// `a @ b`: vectors count as a row on the left and a column on the right, and leave no axis behind.
///
/// Shape: `(…, N, K), (…, K, M) → (…, N, M)`; stacks broadcast.
pub fn matmul(a: &Array, b: &Array) -> Result<Array> {
    match a.dtype().promote(b.dtype()) {
        DType::F32 => Ok(product(&a.typed::<f32>(), &b.typed::<f32>(), real_product)?.into()),
        DType::F64 => Ok(product(&a.typed::<f64>(), &b.typed::<f64>(), real_product)?.into()),
        DType::I64 => Ok(product(&a.typed::<i64>(), &b.typed::<i64>(), |m, c| {
            plain_product(m, c, |sum: i64, x, y| sum.wrapping_add(x.wrapping_mul(y)))
        })?
        .into()),
        DType::Bool => Ok(matmul(&a.cast(DType::I64), &b.cast(DType::I64))?.cast(DType::Bool)),
    }
}

/// One product of two matrices inside larger arrays: sizes, slices from their first elements, and
/// strides of both.
struct Matrices<'a, T> {
    n: usize,
    m: usize,
    k: usize,
    a: &'a [T],
    a_strides: (usize, usize),
    b: &'a [T],
    b_strides: (usize, usize),
}

fn real_product<T: kernels::Real>(of: Matrices<'_, T>, c: &mut [T]) {
    kernels::gemm(
        of.n,
        of.m,
        of.k,
        of.a,
        of.a_strides,
        of.b,
        of.b_strides,
        c,
        of.m,
        false,
    );
}

fn plain_product<T: Element>(of: Matrices<'_, T>, c: &mut [T], f: impl Fn(T, T, T) -> T) {
    for i in 0..of.n {
        for p in 0..of.k {
            let x = of.a[i * of.a_strides.0 + p * of.a_strides.1];
            for j in 0..of.m {
                let y = of.b[p * of.b_strides.0 + j * of.b_strides.1];
                c[i * of.m + j] = f(c[i * of.m + j], x, y);
            }
        }
    }
}

/// Matrix steps that are not negative are what the kernel can walk.
fn walkable<T: Element>(x: &NdArray<T>) -> NdArray<T> {
    let n = x.ndim();
    if x.strides()[n - 2..].iter().any(|&step| step < 0) {
        x.to_owned_array()
    } else {
        x.clone()
    }
}

fn product<T: Element>(
    a: &NdArray<T>,
    b: &NdArray<T>,
    multiply: impl Fn(Matrices<'_, T>, &mut [T]),
) -> Result<NdArray<T>> {
    for (place, x) in [a, b].iter().enumerate() {
        if x.ndim() == 0 {
            return Err(ArrayError::value(
                "array_matmul",
                format!(
                    "matmul: Input operand {place} does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
                ),
            ));
        }
    }
    let (row, column) = (a.ndim() == 1, b.ndim() == 1);
    let left = walkable(&if row { a.insert_axis(0) } else { a.clone() });
    let right = walkable(&if column { b.insert_axis(1) } else { b.clone() });
    let (la, lb) = (left.ndim() - 2, right.ndim() - 2);
    let (n, k) = (left.shape()[la], left.shape()[la + 1]);
    let (k_right, m) = (right.shape()[lb], right.shape()[lb + 1]);
    if k != k_right {
        return Err(ArrayError::Matmul {
            left: a.shape().to_vec(),
            right: b.shape().to_vec(),
            left_core: k,
            right_core: k_right,
        });
    }
    let stack = broadcast_shapes(&left.shape()[..la], &right.shape()[..lb]).map_err(|_| {
        ArrayError::Broadcast {
            shapes: vec![a.shape().to_vec(), b.shape().to_vec()],
        }
    })?;
    let mut shape = stack.clone();
    shape.extend([n, m]);
    room(&shape, std::mem::size_of::<T>(), 1)?;
    let mut out = vec![T::default(); size_of(&shape)];
    if !out.is_empty() && k > 0 {
        let full = |x: &NdArray<T>, rows: usize, columns: usize| {
            let mut wanted = stack.clone();
            wanted.extend([rows, columns]);
            x.broadcast_to(&wanted)
        };
        let (left, right) = (full(&left, n, k)?, full(&right, k, m)?);
        let steps = c_strides(&stack);
        let depth = stack.len();
        let pair = |x: &NdArray<T>| (x.strides()[depth] as usize, x.strides()[depth + 1] as usize);
        for (batch, c) in out.chunks_mut(n * m).enumerate() {
            let start = |x: &NdArray<T>| {
                let stacked = stack.iter().zip(&steps).zip(x.strides());
                let moved: isize = stacked
                    .map(|((&size, &step), &stride)| {
                        (batch / step as usize % size) as isize * stride
                    })
                    .sum();
                (x.offset() as isize + moved) as usize
            };
            let matrices = Matrices {
                n,
                m,
                k,
                a: &left.storage.slice()[start(&left)..],
                a_strides: pair(&left),
                b: &right.storage.slice()[start(&right)..],
                b_strides: pair(&right),
            };
            multiply(matrices, c);
        }
    }
    if column {
        shape.pop();
    }
    if row {
        shape.remove(shape.len() - if column { 1 } else { 2 });
    }
    Ok(NdArray::from_vec(out, &shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(shape: &[usize]) -> Array {
        NdArray::from_vec((0..size_of(shape)).map(|i| i as f64).collect(), shape).into()
    }

    fn check_matmul(a: Array, b: Array, shape: &[usize], expected: &[f64]) {
        let out = matmul(&a, &b).unwrap();
        assert_eq!(out, NdArray::from_vec(expected.to_vec(), shape).into());
        let ints = matmul(&a.cast(DType::I64), &b.cast(DType::I64)).unwrap();
        assert_eq!(ints.cast(DType::F64), out);
    }

    #[test]
    fn vectors_and_stacks_multiply_as_in_numpy() {
        check_matmul(counting(&[2, 3]), counting(&[3, 1]), &[2, 1], &[5.0, 14.0]);
        check_matmul(counting(&[3]), counting(&[3]), &[], &[5.0]);
        check_matmul(counting(&[2, 3]), counting(&[3]), &[2], &[5.0, 14.0]);
        check_matmul(counting(&[2]), counting(&[2, 2]), &[2], &[2.0, 3.0]);
        check_matmul(
            counting(&[2, 1, 2]),
            counting(&[2, 1]),
            &[2, 1, 1],
            &[1.0, 3.0],
        );
        check_matmul(
            counting(&[2, 3]).transpose(),
            counting(&[2]),
            &[3],
            &[3.0, 4.0, 5.0],
        );
    }

    #[test]
    fn unequal_inner_sizes_are_named() {
        let error = matmul(&counting(&[2, 3]), &counting(&[4, 5])).unwrap_err();
        assert_eq!(error.code(), "array_matmul");
        assert!(
            error.to_string().contains("(size 4 is different from 3)"),
            "{error}"
        );
    }
}
