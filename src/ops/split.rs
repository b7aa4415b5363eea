//! A tensor cut along an axis.

use serde_json::Value;

use super::Args;
use super::axes::normal_axis;
use super::slice::slice_axis;
use crate::array::views::Slice;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// The parts of x with the given sizes along `axis`, one after another; dx = dy at each part's
/// place. They are views: nothing is copied.
///
/// Errs unless the sizes add up to that of the axis.
pub fn split<T: Scalar>(x: &Tensor<T>, sizes: &[usize], axis: i64) -> Result<Vec<Tensor<T>>> {
    let (axis, cuts) = cuts("split", &x.shape(), sizes, axis)?;
    cuts.iter().map(|&cut| slice_axis(x, axis, cut)).collect()
}

fn cuts(op: &str, shape: &[usize], sizes: &[usize], axis: i64) -> Result<(usize, Vec<Slice>)> {
    let axis = normal_axis(op, axis, shape.len())?;
    let sum = sizes
        .iter()
        .fold(0usize, |sum, &size| sum.saturating_add(size));
    if sum != shape[axis] {
        return Err(Error::LengthMismatch {
            place: op.into(),
            expected: shape[axis],
            got: sum,
        });
    }
    let mut start = 0;
    let cut = |&size: &usize| {
        start += size;
        Slice::range(start - size, start)
    };
    Ok((axis, sizes.iter().map(cut).collect()))
}

/// Parts of one size that fill an axis of n, the last as long as what is left; one where n is 0.
pub fn even(n: usize, size: usize) -> Vec<usize> {
    let starts = (0..n.max(1)).step_by(size.max(1));
    starts.map(|start| size.min(n - start)).collect()
}

/// The part that a call by name asks for: Python calls once for each of several, and no call
/// computes anything.
pub fn part<T: Scalar>(op: &str, args: &Args<T>, sizes: &[usize], axis: i64) -> Result<Tensor<T>> {
    let x = args.tensor(0)?;
    let (axis, cuts) = cuts(op, &x.shape(), sizes, axis)?;
    let wanted = args.required_integer("part")?;
    let cut = usize::try_from(wanted).ok().and_then(|part| cuts.get(part));
    let cut = cut.ok_or_else(|| Error::IndexOutOfRange {
        place: format!("{op} part"),
        index: wanted,
        size: cuts.len(),
    })?;
    slice_axis(x, axis, *cut)
}

/// By name: one tensor; `sizes` (a list, or one size for all but a shorter last part), `axis` (0
/// where it is left out), `part`, counted from 0.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let shape = args.tensor(0)?.shape();
    let axis = args.integer("axis")?.unwrap_or(0);
    let mut sizes = args.required_sizes("sizes")?;
    if !args.json("sizes").is_some_and(Value::is_array) {
        let n = shape[normal_axis("split", axis, shape.len())?];
        if sizes[0] == 0 && n > 0 {
            return Err(args.refused("sizes", ">= 1"));
        }
        sizes = even(n, sizes[0]);
    }
    part("split", args, &sizes, axis)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_of_every_part() {
        for part in 0..3 {
            check(&[&[3, 7]], |x| {
                Ok(split(&x[0], &[2, 1, 4], -1)?.remove(part))
            });
        }
        check(&[&[2, 3]], |x| Ok(split(&x[0], &[0, 2], 0)?.remove(0)));
    }

    #[test]
    fn one_size_leaves_a_shorter_last_part() {
        assert_eq!(even(7, 3), [3, 3, 1]);
        assert_eq!(even(6, 3), [3, 3]);
        assert_eq!(even(2, 5), [2]);
        assert_eq!(even(0, 3), [0]);
    }

    #[test]
    fn by_name_a_call_gives_one_part() {
        let shape = |sizes: Value, part: i64| {
            let settings = json!({"sizes": sizes, "axis": 1, "part": part});
            let x = input(1, &[2, 7]);
            super::super::call("split", &[x], settings.as_object().unwrap()).map(|y| y.shape())
        };
        assert_eq!(shape(json!([2, 5]), 1).unwrap(), [2, 5]);
        assert_eq!(shape(json!(3), 0).unwrap(), [2, 3]);
        assert_eq!(shape(json!(3), 2).unwrap(), [2, 1]);
        for (sizes, part, code) in [
            (json!([2, 4]), 0, "length_mismatch"),
            (json!([3]), 0, "length_mismatch"),
            (json!([2, 5]), 2, "index_out_of_range"),
            (json!(3), -1, "index_out_of_range"),
            (json!(0), 0, "invalid_argument"),
        ] {
            assert_eq!(shape(sizes, part).unwrap_err().code(), code);
        }
    }
}
