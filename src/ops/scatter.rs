//! Values written along an axis, each at an index of its own.

use super::places::{NOWHERE, along, read};
use super::{Args, scatter_add};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x, but y[indices[i, j, …], j, …] = values[i, j, …] for axis 0, alike for others; dx = dy, 0
/// where it was written over; dvalues = dy at the places written.
///
/// Shape: that of x; `indices` have as many axes, none but `axis` longer, and `values` are at least
/// as long along every axis, or one number. Of values for one place the last stays and it alone
/// gets a gradient (PyTorch leaves both open). Errs on an index outside.
pub fn scatter<T: Scalar>(
    x: &Tensor<T>,
    axis: i64,
    indices: &NdArray<i64>,
    values: &Tensor<T>,
) -> Result<Tensor<T>> {
    let shape = x.shape();
    let places = along("scatter", &shape, axis, indices)?;
    let values = scatter_add::fitted("scatter", values, indices.shape())?;
    let mut y = x.value().to_vec();
    for (&place, value) in places.iter().zip(values.value().to_vec()) {
        y[place] = value;
    }
    let stayed = last_at_each(&places, y.len());
    let values_shape = indices.shape().to_vec();
    Ok(Tensor::record("scatter", NdArray::from_vec(y, &shape))
        .input(x, move |dy| {
            let mut dx = dy.to_vec();
            places.iter().for_each(|&place| dx[place] = T::ZERO);
            NdArray::from_vec(dx, &shape)
        })
        .input(&values, move |dy| read(dy, &stayed, &values_shape, T::ZERO))
        .done())
}

/// The places, but nowhere for one that comes again later.
fn last_at_each(places: &[usize], count: usize) -> Vec<usize> {
    let mut last = vec![NOWHERE; count];
    for (turn, &place) in places.iter().enumerate() {
        last[place] = turn;
    }
    let stays = |(turn, &place): (usize, &usize)| if last[place] == turn { place } else { NOWHERE };
    places.iter().enumerate().map(stays).collect()
}

/// By name: x, the indices, the values; `axis`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (axis, indices) = (args.required_integer("axis")?, args.indices(1)?);
    scatter(args.tensor(0)?, axis, &indices, args.tensor(2)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_where_a_value_is_written_over() {
        let indices = NdArray::from_vec(vec![2, 0, 2, 1, 0, 2], &[2, 3]);
        check(&[&[3, 4], &[2, 3]], |x| scatter(&x[0], 0, &indices, &x[1]));
        check(&[&[2, 3], &[4, 5]], |x| scatter(&x[0], -1, &indices, &x[1]));
        check(&[&[2, 3], &[]], |x| scatter(&x[0], 1, &indices, &x[1]));
    }

    #[test]
    fn the_last_of_several_values_stays() {
        let twice = NdArray::from_vec(vec![1, 0, 1], &[3]);
        let values = tensor(&[5., 6., 7.], &[3]);
        let y = scatter(&tensor(&[1., 2., 3.], &[3]), 0, &twice, &values).unwrap();
        assert_eq!(y.value().to_vec(), [6., 7., 3.]);
    }

    #[test]
    fn too_few_values_and_indices_outside_are_refused() {
        let indices = NdArray::from_vec(vec![2, 0], &[2]);
        let code = |x: usize, values: usize| {
            let y = scatter(&input(1, &[x]), 0, &indices, &input(2, &[values]));
            y.unwrap_err().code()
        };
        assert_eq!(code(3, 1), "shape_mismatch");
        assert_eq!(code(2, 2), "index_out_of_range");
    }
}
