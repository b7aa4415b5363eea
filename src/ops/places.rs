//! Flat places: where in an array, laid out in C order, an op that selects finds its values.
//!
//! Such an op says where, in plain integers; one walk there and back serves them all.

use super::axes::normal_axis;
use super::indices::within;
use crate::array::NdArray;
use crate::array::shape::c_strides;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// A place in no array.
pub const NOWHERE: usize = usize::MAX;

/// y = x at each of `places`, `fill` at [`NOWHERE`]; dx[place] = Σ dy of the places that name it.
pub fn take<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    places: Vec<usize>,
    shape: &[usize],
    fill: T,
) -> Tensor<T> {
    let x_shape = x.shape();
    let y = read(&x.value(), &places, shape, fill);
    Tensor::record(op, y)
        .input(x, move |dy| {
            let mut dx = vec![T::ZERO; x_shape.iter().product()];
            add_at(&mut dx, &places, dy);
            NdArray::from_vec(dx, &x_shape)
        })
        .done()
}

/// The values at `places`, `fill` at [`NOWHERE`].
pub fn read<T: Scalar>(x: &NdArray<T>, places: &[usize], shape: &[usize], fill: T) -> NdArray<T> {
    let x = x.contiguous();
    let values = x.as_slice().expect("contiguous");
    let at = |&place: &usize| values.get(place).copied().unwrap_or(fill);
    NdArray::from_vec(places.iter().map(at).collect(), shape)
}

/// sums[place] += each value, in order; what is [`NOWHERE`] is left out.
pub fn add_at<T: Scalar>(sums: &mut [T], places: &[usize], values: &NdArray<T>) {
    for (&place, value) in places.iter().zip(values.to_vec()) {
        if let Some(sum) = sums.get_mut(place) {
            *sum += value;
        }
    }
}

/// The places of an array of `shape`, an axis at a time: those of an element are their sum.
pub fn steps(shape: &[usize]) -> Vec<Vec<usize>> {
    let strides = c_strides(shape);
    let along = |(&size, &stride): (&usize, &isize)| {
        let along = (0..size).map(|i| i * stride as usize);
        along.collect()
    };
    shape.iter().zip(&strides).map(along).collect()
}

/// The sums of one step from each axis, the last axis fastest; [`NOWHERE`] wherever a step is.
pub fn grid(steps: &[Vec<usize>]) -> Vec<usize> {
    let mut places = vec![0usize];
    for axis in steps {
        places = places
            .iter()
            .flat_map(|place| axis.iter().map(|&step| place.saturating_add(step)))
            .collect();
    }
    places
}

/// The place in an array of `shape` that each element of `indices` names: its own, but for `axis`,
/// where the index stands instead.
///
/// Errs unless there are as many axes, none but `axis` longer, and on an index outside (PyTorch's
/// rules for `gather` and `scatter`).
pub fn along(op: &str, shape: &[usize], axis: i64, indices: &NdArray<i64>) -> Result<Vec<usize>> {
    let axis = normal_axis(op, axis, shape.len())?;
    let got = indices.shape();
    let longer = |d: usize| d != axis && got[d] > shape[d];
    if got.len() != shape.len() || (0..shape.len()).any(longer) {
        return Err(Error::ShapeMismatch {
            place: format!("{op} indices"),
            expected: shape.to_vec(),
            got: got.to_vec(),
        });
    }
    let values = within(op, &indices.to_vec(), shape[axis])?;
    let mut steps = steps(shape);
    for (steps, &size) in steps.iter_mut().zip(got) {
        steps.truncate(size);
    }
    steps[axis] = vec![0; got[axis]];
    let stride = c_strides(shape)[axis] as usize;
    let places = grid(&steps).into_iter().zip(values);
    Ok(places
        .map(|(place, index)| place + index * stride)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_sums_a_step_from_each_axis() {
        assert_eq!(grid(&steps(&[2, 3])), [0, 1, 2, 3, 4, 5]);
        assert_eq!(
            grid(&[vec![3, NOWHERE], vec![0, 2]]),
            [3, 5, NOWHERE, NOWHERE]
        );
        assert_eq!(grid(&[]), [0]);
        assert!(grid(&steps(&[2, 0, 3])).is_empty());
    }

    #[test]
    fn an_index_stands_for_its_axis() {
        let indices = NdArray::from_vec(vec![2, 0, 1, 1], &[2, 2]);
        assert_eq!(along("gather", &[3, 4], 0, &indices).unwrap(), [8, 1, 4, 5]);
        assert_eq!(along("gather", &[2, 3], 1, &indices).unwrap(), [2, 0, 4, 4]);
        let code =
            |shape: &[usize], axis| along("gather", shape, axis, &indices).unwrap_err().code();
        assert_eq!(code(&[2, 2], 1), "index_out_of_range");
        assert_eq!(code(&[1, 3], 1), "shape_mismatch");
        assert_eq!(code(&[4], 0), "shape_mismatch");
        assert_eq!(code(&[3, 4], 2), "axis_out_of_range");
    }
}
