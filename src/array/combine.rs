//! Arrays made of several: concatenation, choice by a condition.

use super::dtype::{Cast, DType, Held, Weak};
use super::dynamic::Array;
use super::error::{ArrayError, Result};
use super::shape::broadcast_all;
use super::storage::room;
use super::typed::NdArray;
use crate::{each_dtype, with_dtype};

/// The arrays one after another along `axis`, in their common dtype.
pub fn concatenate(arrays: &[Array], axis: usize) -> Result<Array> {
    let first = &arrays[0];
    let mut shape = first.shape().to_vec();
    let mut dtype = first.dtype();
    for (place, array) in arrays.iter().enumerate().skip(1) {
        if array.ndim() != first.ndim() {
            return Err(ArrayError::value(
                "array_concatenate",
                format!(
                    "all the input arrays must have same number of dimensions, but the array at index 0 has {} dimension(s) and the array at index {place} has {} dimension(s)",
                    first.ndim(),
                    array.ndim()
                ),
            ));
        }
        for (dimension, (&a, &b)) in first.shape().iter().zip(array.shape()).enumerate() {
            if dimension != axis && a != b {
                return Err(ArrayError::value(
                    "array_concatenate",
                    format!(
                        "all the input array dimensions except for the concatenation axis must match exactly, but along dimension {dimension}, the array at index 0 has size {a} and the array at index {place} has size {b}"
                    ),
                ));
            }
        }
        shape[axis] += array.shape()[axis];
        dtype = dtype.promote(array.dtype());
    }
    room(&shape, dtype.item_bytes(), 1)?;
    let out = Array::zeros(&shape, dtype);
    let mut start = 0;
    for array in arrays {
        let stop = start + array.shape()[axis];
        each_dtype!(&out, x => x.slice_axis(axis, start, stop).assign(&array.typed())?);
        start = stop;
    }
    Ok(out)
}

/// `a` where the condition holds, else `b`; `weak` marks plain Python numbers.
pub fn choose(condition: &Array, a: &Array, b: &Array, weak: [Option<Weak>; 2]) -> Result<Array> {
    let left = weak[0].map_or(a.dtype(), |kind| kind.beside(b.dtype()));
    let right = weak[1].map_or(b.dtype(), |kind| kind.beside(a.dtype()));
    let shape = broadcast_all(&[condition.shape(), a.shape(), b.shape()])?;
    room(&shape, 8, 4)?;
    let on = condition.typed::<bool>().broadcast_to(&shape)?;
    with_dtype!(left.promote(right), T => choose_typed::<T>(&on, a, b))
}

fn choose_typed<T: Held>(on: &NdArray<bool>, a: &Array, b: &Array) -> Result<Array>
where
    bool: Cast<T>,
    i64: Cast<T>,
    f32: Cast<T>,
    f64: Cast<T>,
    NdArray<T>: Into<Array>,
{
    let a = a.typed::<T>().broadcast_to(on.shape())?.to_vec();
    let b = b.typed::<T>().broadcast_to(on.shape())?.to_vec();
    let chosen = on
        .to_vec()
        .into_iter()
        .zip(a.into_iter().zip(b))
        .map(|(on, (a, b))| if on { a } else { b });
    Ok(NdArray::from_vec(chosen.collect(), on.shape()).into())
}

/// `count` values from `start`, `step` apart, each computed from its place.
pub fn arange(start: f64, step: f64, count: usize, dtype: DType) -> Array {
    match dtype {
        DType::I64 => {
            let (start, step) = (start as i64, step as i64);
            NdArray::from_vec(
                (0..count as i64).map(|i| start + i * step).collect(),
                &[count],
            )
            .into()
        }
        _ => {
            // As NumPy fills a range: by the difference of its first two values.
            let step = (start + step) - start;
            let values = NdArray::from_vec(
                (0..count)
                    .map(|i| start + i as f64 * step)
                    .collect::<Vec<f64>>(),
                &[count],
            );
            Array::from(values).cast(dtype)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concatenation_promotes_and_checks_the_other_axes() {
        let a = Array::from(NdArray::from_vec(vec![1i64, 2], &[1, 2]));
        let b = Array::from(NdArray::from_vec(vec![0.5f32], &[1, 1]));
        let out = concatenate(&[a.clone(), b.clone()], 1).unwrap();
        assert_eq!(
            out,
            NdArray::from_vec(vec![1.0f64, 2.0, 0.5], &[1, 3]).into()
        );
        let error = concatenate(&[a, b], 0).unwrap_err().to_string();
        assert!(error.ends_with(
            "along dimension 1, the array at index 0 has size 2 and the array at index 1 has size 1"
        ));
    }

    #[test]
    fn a_choice_broadcasts_all_three() {
        let on = Array::from(NdArray::from_vec(vec![true, false], &[2, 1]));
        let a = Array::from(NdArray::from_vec(vec![1i64, 2], &[2]));
        let zero = Array::from(NdArray::scalar(0.0f64));
        let out = choose(&on, &a, &zero, [None, Some(Weak::Int)]).unwrap();
        assert_eq!(out, NdArray::from_vec(vec![1i64, 2, 0, 0], &[2, 2]).into());
    }
}
