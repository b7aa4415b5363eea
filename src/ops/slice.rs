//! Part of a tensor, in steps along each axis.

use serde_json::Value;

use super::Args;
use crate::array::NdArray;
use crate::array::views::Slice;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// y = x at `slices`, one an axis; dx = dy at those places, 0 elsewhere.
///
/// Errs where a slice leaves its axis. [`Slice::python`] makes slices that never do.
pub fn slice<T: Scalar>(x: &Tensor<T>, slices: &[Slice]) -> Result<Tensor<T>> {
    let shape = x.shape();
    if slices.len() != shape.len() {
        return Err(Error::DimensionCount {
            place: "slice".into(),
            expected: slices.len().to_string(),
            got: shape,
        });
    }
    for (slice, &size) in slices.iter().zip(&shape) {
        let last = slice.start as i64 + slice.step as i64 * (slice.len as i64 - 1);
        let outside = |index: i64| !(0..size as i64).contains(&index);
        if slice.len > 0 && (outside(slice.start as i64) || outside(last)) {
            let index = if outside(last) {
                last
            } else {
                slice.start as i64
            };
            return Err(Error::IndexOutOfRange {
                place: "slice".into(),
                index,
                size,
            });
        }
    }
    let slices = slices.to_vec();
    Ok(Tensor::record("slice", x.value().slice(&slices))
        .input(x, move |dy| {
            let dx = NdArray::zeros(&shape);
            dx.slice(&slices).assign(dy).expect("equal shapes");
            dx
        })
        .done())
}

/// `slice` of one axis, the others whole.
pub fn slice_axis<T: Scalar>(x: &Tensor<T>, axis: usize, slice_of_it: Slice) -> Result<Tensor<T>> {
    let mut slices: Vec<Slice> = x.shape().iter().map(|&size| Slice::all(size)).collect();
    slices[axis] = slice_of_it;
    slice(x, &slices)
}

/// By name: one tensor; `slices`, a list of [start, stop, step] as Python means them, null for a
/// bound left out, the axes not named whole.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let x = args.tensor(0)?;
    let refused = || args.refused("slices", "[[start, stop, step], ...]");
    let listed = args
        .json("slices")
        .and_then(Value::as_array)
        .ok_or_else(refused)?;
    let shape = x.shape();
    if listed.len() > shape.len() {
        return Err(refused());
    }
    let mut slices: Vec<Slice> = shape.iter().map(|&size| Slice::all(size)).collect();
    for (slice, bounds) in slices.iter_mut().zip(listed) {
        let Some([start, stop, step]) = bounds.as_array().map(Vec::as_slice) else {
            return Err(refused());
        };
        let step = if step.is_null() {
            1
        } else {
            step.as_i64().ok_or_else(refused)?
        };
        let bound = |value: &Value| match value {
            Value::Null => Ok(None),
            value => value.as_i64().map(Some).ok_or_else(refused),
        };
        if step == 0 || step == i64::MIN {
            return Err(refused());
        }
        *slice = Slice::python(slice.len, bound(start)?, bound(stop)?, step);
    }
    slice(x, &slices)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope_in_steps_both_ways() {
        let every_other = Slice::python(5, None, None, -2);
        check(&[&[5, 4]], |x| {
            slice(&x[0], &[every_other, Slice::range(1, 3)])
        });
        check(&[&[5, 4]], |x| {
            slice(&x[0], &[Slice::range(2, 2), Slice::all(4)])
        });
    }

    #[test]
    fn by_name_it_takes_python_bounds() {
        let x = input(1, &[5, 4]);
        let settings = serde_json::json!({"slices": [[null, null, -2], [-3, 100, null]]});
        let y = super::super::call("slice", &[x], settings.as_object().unwrap()).unwrap();
        assert_eq!(y.shape(), [3, 3]);
    }

    #[test]
    fn what_leaves_the_axis_is_refused() {
        let error = slice(&input(1, &[3]), &[Slice::range(1, 4)]).unwrap_err();
        assert_eq!(error.fields()["index"], 3);
    }
}
