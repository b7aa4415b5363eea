//! Entries of an axis, picked by their numbers.

use super::Args;
use super::axes::normal_axis;
use super::indices::within;
use super::places::{grid, steps, take};
use super::shapes::require;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x[indices] for axis 0, alike for others; dx is dy added up at the entries it came from.
///
/// Shape: that of x, `axis` as long as the list of indices. Errs on an index outside, which a
/// negative one is, and on indices of more than one axis (PyTorch).
pub fn index_select<T: Scalar>(
    x: &Tensor<T>,
    axis: i64,
    indices: &NdArray<i64>,
) -> Result<Tensor<T>> {
    const OP: &str = "index_select";
    let mut shape = x.shape();
    let axis = normal_axis(OP, axis, shape.len())?;
    let got = indices.shape();
    require(
        got.len() <= 1,
        OP,
        "indices",
        "one axis",
        format!("{got:?}"),
    )?;
    let mut steps = steps(&shape);
    let entries = within(OP, &indices.to_vec(), shape[axis])?;
    steps[axis] = entries
        .into_iter()
        .map(|entry| steps[axis][entry])
        .collect();
    shape[axis] = indices.len();
    Ok(take(OP, x, grid(&steps), &shape, T::ZERO))
}

/// By name: x, the indices; `axis`. The indices may stand in the setting `indices` instead.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    index_select(
        args.tensor(0)?,
        args.required_integer("axis")?,
        &args.indices(1)?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn the_gradient_adds_up_where_an_index_repeats() {
        let indices = NdArray::from_vec(vec![2, 0, 2, 1], &[4]);
        for axis in [0, 1, -1] {
            check(&[&[3, 3, 3]], |x| index_select(&x[0], axis, &indices));
        }
    }

    #[test]
    fn values_by_hand() {
        let x = tensor(&[1., 2., 3., 4., 5., 6.], &[2, 3]);
        let select = |axis, indices: &[i64]| {
            let indices = NdArray::from_vec(indices.to_vec(), &[indices.len()]);
            index_select(&x, axis, &indices)
        };
        assert_eq!(select(0, &[1]).unwrap().value().to_vec(), [4., 5., 6.]);
        assert_eq!(
            select(1, &[2, 0]).unwrap().value().to_vec(),
            [3., 1., 6., 4.]
        );
        assert_eq!(select(1, &[]).unwrap().shape(), [2, 0]);
        assert_eq!(select(0, &[2]).unwrap_err().fields()["index"], 2);
        assert_eq!(select(0, &[-1]).unwrap_err().fields()["index"], -1);
    }

    #[test]
    fn indices_of_two_axes_are_refused() {
        let error = index_select(&input(1, &[3]), 0, &NdArray::zeros(&[1, 1])).unwrap_err();
        assert_eq!(error.fields()["got"], "[1, 1]");
    }
}
