//! Axes turned like a wheel.

use super::axes::normal_axis;
use super::places::{grid, steps, take};
use super::shapes::require;
use super::{Args, reshape};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x moved on by `shifts` places along `axes`, what leaves at the end coming back at the start;
/// dx = dy moved back. Without axes all values are turned as one row (PyTorch's `roll`).
///
/// Errs unless there is a shift for each axis. Shifts for one axis add up.
pub fn roll<T: Scalar>(x: &Tensor<T>, shifts: &[i64], axes: Option<&[i64]>) -> Result<Tensor<T>> {
    const OP: &str = "roll";
    let shape = x.shape();
    let Some(axes) = axes else {
        let row = reshape(x, &[shape.iter().product()])?;
        return reshape(&roll(&row, shifts, Some(&[0]))?, &shape);
    };
    let (shift_count, axis_count) = (shifts.len(), axes.len());
    require(
        shift_count == axis_count,
        OP,
        "shifts",
        axis_count,
        shift_count,
    )?;
    let mut steps = steps(&shape);
    for (&shift, &axis) in shifts.iter().zip(axes) {
        let axis = normal_axis(OP, axis, shape.len())?;
        let size = shape[axis].max(1);
        steps[axis].rotate_right(shift.rem_euclid(size as i64) as usize);
    }
    Ok(take(OP, x, grid(&steps), &shape, T::ZERO))
}

/// By name: one tensor; `shifts`, `axis` (each an integer or a list).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let shifts = args.integers("shifts")?;
    let shifts = shifts.ok_or_else(|| args.refused("shifts", "integers"))?;
    roll(args.tensor(0)?, &shifts, args.integers("axis")?.as_deref())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3, 4]], |x| roll(&x[0], &[1, -2], Some(&[0, 2])));
        check(&[&[2, 3]], |x| roll(&x[0], &[2], None));
    }

    #[test]
    fn values_by_hand_and_no_values_at_all() {
        let x = tensor(&[1., 2., 3., 4., 5., 6.], &[2, 3]);
        let of = |shifts: &[i64], axes| roll(&x, shifts, axes).unwrap().value().to_vec();
        assert_eq!(of(&[1], None), [6., 1., 2., 3., 4., 5.]);
        assert_eq!(of(&[-1], Some(&[1][..])), [2., 3., 1., 5., 6., 4.]);
        assert_eq!(of(&[7, 1], Some(&[-1, 0])), [6., 4., 5., 3., 1., 2.]);
        assert_eq!(of(&[1, 1], Some(&[1, 1])), [2., 3., 1., 5., 6., 4.]);
        let nothing = roll(&input(1, &[2, 0]), &[3], Some(&[1])).unwrap();
        assert_eq!(nothing.shape(), [2, 0]);
    }

    #[test]
    fn a_shift_without_an_axis_is_refused() {
        let error = roll(&input(1, &[2, 3]), &[1, 2], Some(&[0])).unwrap_err();
        assert_eq!(error.fields()["argument"], "shifts");
        assert!(roll(&input(1, &[2, 3]), &[1, 2], None).is_err());
    }
}
