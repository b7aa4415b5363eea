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

/// What a reduction over axes takes apart, and the shapes around it.
pub struct Reduced {
    /// The axes in ascending order.
    pub axes: Vec<usize>,
    /// The shape with 1 at the axes.
    pub kept: Vec<usize>,
    /// The result's shape: the axes gone or kept, as the caller wants them.
    pub result: Vec<usize>,
    /// How many values go into each one of the result.
    pub count: usize,
}

impl Reduced {
    /// Errs on an axis that is not there or is named twice; `None` means all.
    pub fn new(op: &str, shape: &[usize], axes: Option<&[i64]>, keepdims: bool) -> Result<Self> {
        let axes = normal_axes(op, axes, shape.len())?;
        let goes = |axis: usize| axes.contains(&axis);
        let all = 0..shape.len();
        let kept: Vec<usize> = all
            .clone()
            .map(|axis| if goes(axis) { 1 } else { shape[axis] })
            .collect();
        let result = if keepdims {
            kept.clone()
        } else {
            all.filter(|&axis| !goes(axis))
                .map(|axis| shape[axis])
                .collect()
        };
        let count = axes.iter().map(|&axis| shape[axis]).product();
        Ok(Self {
            axes,
            kept,
            result,
            count,
        })
    }
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
    #[test]
    fn a_reduction_knows_the_shapes_around_it() {
        let over = Reduced::new("sum", &[2, 3, 4], Some(&[-1, 0]), false).unwrap();
        assert_eq!(
            (over.axes, over.kept, over.result, over.count),
            (vec![0, 2], vec![1, 3, 1], vec![3], 8)
        );
        let over = Reduced::new("sum", &[2, 0], None, true).unwrap();
        assert_eq!((over.result, over.count), (vec![1, 1], 0));
        let nothing = Reduced::new("sum", &[2], Some(&[]), false).unwrap();
        assert_eq!((nothing.result, nothing.count), (vec![2], 1));
    }
}
