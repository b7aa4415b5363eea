//! Axes as a caller counts them, from either end, made plain.

use crate::error::{Error, Result};

/// One axis, counted from the front.
pub fn normal_axis(op: &str, axis: i64, dimensions: usize) -> Result<usize> {
    let counted = if axis < 0 {
        axis.saturating_add(dimensions as i64)
    } else {
        axis
    };
    if (0..dimensions as i64).contains(&counted) {
        return Ok(counted as usize);
    }
    Err(Error::AxisOutOfRange {
        place: op.into(),
        axis,
        dimensions,
    })
}

/// Axes in ascending order; all of them for `None`. Errs on one named twice.
pub fn normal_axes(op: &str, axes: Option<&[i64]>, dimensions: usize) -> Result<Vec<usize>> {
    let Some(axes) = axes else {
        return Ok((0..dimensions).collect());
    };
    let mut named = vec![false; dimensions];
    for &axis in axes {
        let axis = normal_axis(op, axis, dimensions)?;
        if std::mem::replace(&mut named[axis], true) {
            return Err(Error::InvalidArgument {
                place: op.into(),
                argument: "axis".into(),
                expected: "each axis once".into(),
                got: format!("{axes:?}"),
            });
        }
    }
    Ok((0..dimensions).filter(|&axis| named[axis]).collect())
}

/// A shape without `axes`.
pub fn without(shape: &[usize], axes: &[usize]) -> Vec<usize> {
    (0..shape.len())
        .filter(|axis| !axes.contains(axis))
        .map(|axis| shape[axis])
        .collect()
}

/// A shape with 1 at `axes`.
pub fn kept(shape: &[usize], axes: &[usize]) -> Vec<usize> {
    (0..shape.len())
        .map(|axis| if axes.contains(&axis) { 1 } else { shape[axis] })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_count_from_either_end_and_come_in_order() {
        assert_eq!(normal_axes("sum", Some(&[-1, 0]), 3).unwrap(), [0, 2]);
        assert_eq!(normal_axes("sum", None, 2).unwrap(), [0, 1]);
        assert_eq!(
            normal_axes("sum", Some(&[0, -3]), 3).unwrap_err().code(),
            "invalid_argument"
        );
        for axis in [3, -4, i64::MIN] {
            assert_eq!(
                normal_axis("sum", axis, 3).unwrap_err().code(),
                "axis_out_of_range"
            );
        }
    }
}
