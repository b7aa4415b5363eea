//! The larger of two broadcast tensors, element by element.

use super::Args;
use super::elementwise::{binary, larger_share};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = max(a, b); da = dy where a > b, dy / 2 where they are equal, else 0; db alike.
///
/// As in PyTorch equals share the gradient, and NaN beside a number gives NaN.
pub fn maximum<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let larger = |a: T, b: T| if a > b || a.is_nan() { a } else { b };
    binary("maximum", a, b, larger, larger_share, |a, b| {
        larger_share(b, a)
    })
}

/// By name: two tensors.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    maximum(args.tensor(0)?, args.tensor(1)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, value_and_gradient};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_where_inputs_are_stretched() {
        check(&[&[3, 4], &[3, 4]], |x| maximum(&x[0], &x[1]));
        check(&[&[2, 1, 4], &[3, 1]], |x| maximum(&x[0], &x[1]));
    }

    #[test]
    fn equals_share_the_gradient_and_nan_stays() {
        let zero = Tensor::scalar(0.0);
        let (y, dx) = value_and_gradient(&[-1.0, 0.0, 2.0], |x| maximum(x, &zero));
        assert_eq!((y, dx), (vec![0.0, 0.0, 2.0], vec![0.0, 0.5, 1.0]));
        let nan = Tensor::scalar(f64::NAN);
        assert!(maximum(&zero, &nan).unwrap().item().is_nan());
        assert!(maximum(&nan, &zero).unwrap().item().is_nan());
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let error = maximum(&input(1, &[2, 3]), &input(2, &[4])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }
}
