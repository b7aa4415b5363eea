//! Values around a tensor.

use super::Args;
use super::places::{NOWHERE, grid, steps, take};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// What stands around a tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PadMode {
    /// One value.
    Constant(f64),
    /// The values inside, mirrored at the first and the last, which are not repeated.
    Reflect,
    /// The nearest value inside.
    Replicate,
}

/// y = x with values added around it; dx is dy added up at the places it came from.
///
/// `pads` come in PyTorch's order: before and after the last axis, then before and after the one in
/// front of it, and so on. A negative one takes values away. Errs where more axes are named than
/// there are, where more is taken away than there is, where a mirror reaches beyond the other end,
/// and where there is nothing to repeat. Unlike PyTorch's it mirrors and repeats any axes.
pub fn pad<T: Scalar>(x: &Tensor<T>, pads: &[i64], mode: PadMode) -> Result<Tensor<T>> {
    let mut shape = x.shape();
    let refuse = |expected: String| Error::InvalidArgument {
        place: "pad".into(),
        argument: "pads".into(),
        expected,
        got: format!("{pads:?}"),
    };
    if !pads.len().is_multiple_of(2) || pads.len() > 2 * shape.len() {
        return Err(refuse(format!("2, 4, ..., {} integers", 2 * shape.len())));
    }
    let mut steps = steps(&shape);
    for (pair, axis) in pads.chunks_exact(2).zip((0..shape.len()).rev()) {
        let (n, widest) = (shape[axis] as i64, i64::from(i32::MAX));
        let most = match mode {
            PadMode::Constant(_) => widest,
            PadMode::Reflect => n - 1,
            PadMode::Replicate => {
                if n > 0 {
                    widest
                } else {
                    0
                }
            }
        };
        let (before, after) = (pair[0], pair[1]);
        if before.max(after) > most.max(0) {
            return Err(refuse(format!("<= {}", most.max(0))));
        }
        if before < -n || after < -n || before + n + after < 0 {
            return Err(refuse(format!("sum >= -{n}")));
        }
        let step = |at: i64| match mode {
            _ if (0..n).contains(&at) => steps[axis][at as usize],
            PadMode::Constant(_) => NOWHERE,
            PadMode::Reflect => steps[axis][(if at < 0 { -at } else { 2 * (n - 1) - at }) as usize],
            PadMode::Replicate => steps[axis][at.clamp(0, n - 1) as usize],
        };
        let padded: Vec<usize> = (-before..n + after).map(step).collect();
        shape[axis] = padded.len();
        steps[axis] = padded;
    }
    let fill = match mode {
        PadMode::Constant(value) => T::from_f64(value),
        _ => T::ZERO,
    };
    Ok(take("pad", x, grid(&steps), &shape, fill))
}

/// By name: one tensor; `pads`, `mode` ("constant" where it is left out, "reflect", "replicate"),
/// `value` (0 where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let value = args.number("value")?.unwrap_or(0.0);
    let mode = match args.text("mode")? {
        None | Some("constant") => PadMode::Constant(value),
        Some("reflect") => PadMode::Reflect,
        Some("replicate") => PadMode::Replicate,
        Some(_) => return Err(args.refused("mode", "constant, reflect, replicate")),
    };
    let pads = args.integers("pads")?;
    let pads = pads.ok_or_else(|| args.refused("pads", "integers"))?;
    pad(args.tensor(0)?, &pads, mode)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    const MODES: [PadMode; 3] = [PadMode::Constant(0.5), PadMode::Reflect, PadMode::Replicate];

    #[test]
    fn gradient_is_the_slope_whatever_stands_around() {
        for mode in MODES {
            check(&[&[2, 3, 4]], |x| pad(&x[0], &[3, 1, 0, 2], mode));
            check(&[&[2, 5]], |x| pad(&x[0], &[-1, 2], mode));
            check(&[&[3, 2]], |x| pad(&x[0], &[], mode));
        }
    }

    #[test]
    fn values_by_hand() {
        let x = tensor(&[1., 2., 3.], &[3]);
        let of = |pads: &[i64], mode| pad(&x, pads, mode).unwrap().value().to_vec();
        assert_eq!(of(&[1, 2], PadMode::Constant(9.)), [9., 1., 2., 3., 9., 9.]);
        assert_eq!(of(&[2, 1], PadMode::Reflect), [3., 2., 1., 2., 3., 2.]);
        assert_eq!(of(&[2, 1], PadMode::Replicate), [1., 1., 1., 2., 3., 3.]);
        assert_eq!(of(&[-1, 2], PadMode::Reflect), [2., 3., 2., 1.]);
        assert_eq!(of(&[-2, 0], PadMode::Constant(9.)), [3.]);
        let rows = pad(&input(1, &[2, 3]), &[0, 0, 1, 0], PadMode::Constant(0.));
        assert_eq!(rows.unwrap().shape(), [3, 3]);
    }

    #[test]
    fn nothing_may_be_padded_but_not_mirrored() {
        let nothing = input(1, &[0, 2]);
        let padded = |mode| pad(&nothing, &[0, 0, 1, 0], mode);
        let y = padded(PadMode::Constant(2.)).unwrap();
        assert_eq!((y.shape(), y.value().to_vec()), (vec![1, 2], vec![2., 2.]));
        assert!(padded(PadMode::Reflect).is_err());
        assert!(padded(PadMode::Replicate).is_err());
    }

    #[test]
    fn pads_that_do_not_fit_are_refused() {
        let refused = |pads: &[i64], mode| {
            let error = pad(&input(1, &[2, 3]), pads, mode).unwrap_err();
            assert_eq!(error.fields()["argument"], "pads", "{pads:?}");
        };
        for mode in MODES {
            refused(&[1], mode);
            refused(&[1; 6], mode);
            refused(&[-2, -2], mode);
            refused(&[-4, 5], mode);
            refused(&[i64::MAX, 0], mode);
            refused(&[i64::MIN, i64::MIN], mode);
        }
        refused(&[3, 0], PadMode::Reflect);
    }
}
