//! Normalisation of each example by its root mean square.

use super::normalize::{Affine, moments, normalized, rows};
use super::{Args, shapes};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::normalize::Statistics;

/// y = x̂ · γ, x̂ = x / √(mean(x²) + ε) over the last axes;
/// dx = (g − x̂ · mean(g · x̂)) / √(mean(x²) + ε) with g = dy · γ, dγ = Σ dy · x̂.
///
/// Shape: x [..., `normalized_shape`], γ `normalized_shape` → x's. Zhang and Sennrich 2019, as
/// PyTorch's `rms_norm`. Errs where shapes don't fit.
pub fn rms_norm<T: Scalar>(
    x: &Tensor<T>,
    normalized_shape: &[usize],
    gamma: Option<&Tensor<T>>,
    epsilon: f64,
) -> Result<Tensor<T>> {
    const OP: &str = "rms_norm";
    let shape = rows(OP, x, normalized_shape)?;
    let affine = Affine { gamma, beta: None };
    affine.check(OP, normalized_shape)?;
    let moments = moments(&x.value(), &shape, false);
    let source = Statistics::MeanSquare;
    normalized(OP, x, shape, source, &moments, affine, epsilon)
}

/// By name: x and, if there is one, gamma; `normalized_shape` (the last axis where it is left out),
/// `epsilon` (the type's own where it is left out, as in PyTorch).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let x = args.tensor(0)?;
    let shape = shapes::at_least("rms_norm", x, 1)?;
    let last = vec![shape[shape.len() - 1]];
    let epsilon = args.number("epsilon")?.unwrap_or(T::EPSILON.to_f64());
    let normalized_shape = args.sizes("normalized_shape")?.unwrap_or(last);
    rms_norm(x, &normalized_shape, args.optional_tensor(1), epsilon)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_over_one_axis_and_two() {
        check(&[&[5, 6], &[6]], |x| {
            rms_norm(&x[0], &[6], Some(&x[1]), 1e-6)
        });
        check(&[&[2, 3, 4]], |x| rms_norm(&x[0], &[3, 4], None, 1e-3));
    }

    #[test]
    fn values_by_hand() {
        let y = rms_norm(&tensor(&[3., -4.], &[1, 2]), &[2], None, 0.0).unwrap();
        let root = 12.5f64.sqrt();
        assert_eq!(y.value().to_vec(), [3. * (1. / root), -4. * (1. / root)]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let error = rms_norm(&input(1, &[2, 3]), &[2], None, 1e-6).unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
        let error = call_on_a_scalar();
        assert_eq!(error.code(), "dimension_count");
    }

    fn call_on_a_scalar() -> crate::error::Error {
        let settings = super::super::Settings::new();
        super::super::call("rms_norm", &[input(1, &[])], &settings).unwrap_err()
    }
}
