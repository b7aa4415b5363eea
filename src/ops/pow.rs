//! Powers.

use super::Args;
use super::elementwise::binary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = aᵇ; da = dy · b · aᵇ⁻¹, db = dy · y · ln a, summed over what was stretched.
///
/// As in PyTorch, the slope by a is 0 where b is 0, and the slope by b is 0 where a is 0.
pub fn pow<T: Scalar>(a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let slope_a = |a: T, b: T| {
        if b == T::ZERO {
            T::ZERO
        } else {
            b * a.powf(b - T::ONE)
        }
    };
    let slope_b = |a: T, b: T| {
        if a == T::ZERO {
            T::ZERO
        } else {
            a.powf(b) * a.ln()
        }
    };
    binary("pow", a, b, T::powf, slope_a, slope_b)
}

/// By name: two tensors.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    pow(args.tensor(0)?, args.tensor(1)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_at, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_where_inputs_are_stretched() {
        for shapes in [
            [&[3, 4][..], &[3, 4][..]],
            [&[3, 4], &[4]],
            [&[2, 1, 4], &[3, 1]],
            [&[], &[2, 2]],
        ] {
            check_at(&shapes, |x| x.abs() + 0.5, |x| pow(&x[0], &x[1]));
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let error = pow(&input(1, &[2, 3]), &input(2, &[4])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }

    #[test]
    fn a_negative_base_takes_whole_exponents_and_zero_gives_no_nan() {
        let a = Tensor::parameter(tensor(&[-2.0, 0.0, 0.0], &[3]).value());
        let b = Tensor::parameter(tensor(&[3.0, 0.0, 2.0], &[3]).value());
        let y = pow(&a, &b).unwrap();
        assert_eq!(y.value().to_vec(), [-8.0, 1.0, 0.0]);
        y.backward_scalar();
        assert_eq!(a.grad().unwrap().to_vec(), [12.0, 0.0, 0.0]);
        assert_eq!(b.grad().unwrap().to_vec()[1..], [0.0, 0.0]);
    }
}
