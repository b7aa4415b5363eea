//! Values added along an axis, each at an index of its own.

use super::Args;
use super::places::{add_at, along, read};
use super::{broadcast_to, slice};
use crate::array::NdArray;
use crate::array::views::Slice;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// y = x, but y[indices[i, j, …], j, …] += values[i, j, …] for axis 0, alike for others; dx = dy,
/// dvalues = dy at the places added to. The transpose of `gather`.
///
/// Shape: that of x; `indices` have as many axes, none but `axis` longer, and `values` are at least
/// as long along every axis (PyTorch), or one number. Errs on an index outside.
pub fn scatter_add<T: Scalar>(
    x: &Tensor<T>,
    axis: i64,
    indices: &NdArray<i64>,
    values: &Tensor<T>,
) -> Result<Tensor<T>> {
    let shape = x.shape();
    let places = along("scatter_add", &shape, axis, indices)?;
    let values = fitted("scatter_add", values, indices.shape())?;
    let mut y = x.value().to_vec();
    add_at(&mut y, &places, &values.value());
    let values_shape = indices.shape().to_vec();
    Ok(Tensor::record("scatter_add", NdArray::from_vec(y, &shape))
        .input(x, NdArray::clone)
        .input(&values, move |dy| read(dy, &places, &values_shape, T::ZERO))
        .done())
}

/// The values that indices of `shape` have use for.
pub fn fitted<T: Scalar>(op: &str, values: &Tensor<T>, shape: &[usize]) -> Result<Tensor<T>> {
    let got = values.shape();
    if got.is_empty() {
        return broadcast_to(values, shape);
    }
    if got.len() != shape.len() || shape.iter().zip(&got).any(|(want, got)| got < want) {
        return Err(Error::ShapeMismatch {
            place: format!("{op} values"),
            expected: shape.to_vec(),
            got,
        });
    }
    let slices: Vec<Slice> = shape.iter().map(|&size| Slice::range(0, size)).collect();
    slice(values, &slices)
}

/// By name: x, the indices, the values; `axis`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (axis, indices) = (args.required_integer("axis")?, args.indices(1)?);
    scatter_add(args.tensor(0)?, axis, &indices, args.tensor(2)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_where_an_index_repeats() {
        let indices = NdArray::from_vec(vec![2, 0, 2, 1, 0, 2], &[2, 3]);
        check(&[&[3, 4], &[2, 3]], |x| {
            scatter_add(&x[0], 0, &indices, &x[1])
        });
        check(&[&[2, 3], &[4, 5]], |x| {
            scatter_add(&x[0], -1, &indices, &x[1])
        });
        check(&[&[2, 3], &[]], |x| scatter_add(&x[0], 1, &indices, &x[1]));
    }

    #[test]
    fn values_for_one_place_add_up() {
        let twice = NdArray::from_vec(vec![1, 0, 1], &[3]);
        let values = tensor(&[5., 6., 7.], &[3]);
        let y = scatter_add(&tensor(&[1., 2., 3.], &[3]), 0, &twice, &values).unwrap();
        assert_eq!(y.value().to_vec(), [7., 14., 3.]);
    }

    #[test]
    fn too_few_values_and_indices_outside_are_refused() {
        let indices = NdArray::from_vec(vec![2, 0], &[2]);
        let code = |x: usize, values: &[usize]| {
            let y = scatter_add(&input(1, &[x]), 0, &indices, &input(2, values));
            y.unwrap_err().code()
        };
        assert_eq!(code(3, &[1]), "shape_mismatch");
        assert_eq!(code(3, &[2, 2]), "shape_mismatch");
        assert_eq!(code(2, &[2]), "index_out_of_range");
    }
}
