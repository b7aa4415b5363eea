//! Logarithms of probabilities from logits.

use super::Args;
use super::softmax::along_axis;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::softmax as kernel;

/// y = x − ln Σ eˣ along `axis`; dx = dy − eʸ · Σ dy.
///
/// The largest x is taken off first, so that nothing overflows.
pub fn log_softmax<T: Scalar>(x: &Tensor<T>, axis: i64) -> Result<Tensor<T>> {
    along_axis(
        "log_softmax",
        x,
        axis,
        kernel::log_forward,
        kernel::log_backward,
    )
}

/// By name: one tensor; `axis` (the last where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    log_softmax(args.tensor(0)?, args.integer("axis")?.unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_along_any_axis() {
        for axis in [0, 1, -1] {
            check(&[&[2, 3, 4]], |x| log_softmax(&x[0], axis));
        }
        check(&[&[1]], |x| log_softmax(&x[0], 0));
    }

    #[test]
    fn empty_tensors_give_empty_ones_and_scalars_are_refused() {
        assert_eq!(log_softmax(&input(1, &[2, 0]), -1).unwrap().shape(), [2, 0]);
        assert_eq!(log_softmax(&input(1, &[0, 2]), -1).unwrap().shape(), [0, 2]);
        assert_eq!(
            log_softmax(&input(1, &[]), -1).unwrap_err().code(),
            "axis_out_of_range"
        );
    }

    #[test]
    fn large_logits_stay_finite() {
        let y = log_softmax(&tensor(&[1000., 1000., -1000.], &[3]), 0)
            .unwrap()
            .value();
        assert!((y.get(&[0]) + 2f64.ln()).abs() < 1e-12);
        assert!((y.get(&[2]) + 2000.0).abs() < 1.0);
    }
}
