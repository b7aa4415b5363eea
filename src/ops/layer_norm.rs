//! Normalisation of each example by itself.

use super::normalize::{Affine, moments, normalized, rows};
use super::{Args, shapes};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::normalize::Statistics;

/// y = x̂ · γ + β, x̂ = (x − mean) / √(variance + ε) over the last axes;
/// dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(variance + ε) with g = dy · γ, dγ = Σ dy · x̂, dβ = Σ dy.
///
/// Shape: x [..., `normalized_shape`], γ and β `normalized_shape` → x's. The variance is divided by
/// the count. Ba et al. 2016, as PyTorch's `layer_norm` (ε 1e-5; Keras's layer has 1e-3). Errs where
/// shapes don't fit.
pub fn layer_norm<T: Scalar>(
    x: &Tensor<T>,
    normalized_shape: &[usize],
    gamma: Option<&Tensor<T>>,
    beta: Option<&Tensor<T>>,
    epsilon: f64,
) -> Result<Tensor<T>> {
    const OP: &str = "layer_norm";
    let shape = rows(OP, x, normalized_shape)?;
    let affine = Affine { gamma, beta };
    affine.check(OP, normalized_shape)?;
    let moments = moments(&x.value(), &shape, true);
    normalized(OP, x, shape, Statistics::Own, &moments, affine, epsilon)
}

/// By name: x and, if there are, gamma and beta; `normalized_shape` (the last axis where it is left
/// out), `epsilon` (1e-5).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let x = args.tensor(0)?;
    let shape = shapes::at_least("layer_norm", x, 1)?;
    let last = vec![shape[shape.len() - 1]];
    let epsilon = args.number("epsilon")?.unwrap_or(1e-5);
    let normalized_shape = args.sizes("normalized_shape")?.unwrap_or(last);
    let (gamma, beta) = (args.optional_tensor(1), args.optional_tensor(2));
    layer_norm(x, &normalized_shape, gamma, beta, epsilon)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_over_one_axis_and_two() {
        check(&[&[5, 6], &[6], &[6]], |x| {
            layer_norm(&x[0], &[6], Some(&x[1]), Some(&x[2]), 1e-5)
        });
        check(&[&[2, 3, 4], &[3, 4], &[3, 4]], |x| {
            layer_norm(&x[0], &[3, 4], Some(&x[1]), Some(&x[2]), 1e-3)
        });
        check(&[&[4, 5]], |x| layer_norm(&x[0], &[5], None, None, 1e-5));
        check(&[&[4, 5], &[5]], |x| {
            layer_norm(&x[0], &[5], None, Some(&x[1]), 1e-5)
        });
    }

    #[test]
    fn equal_values_become_the_shift_and_empty_batches_stay_empty() {
        let x = tensor(&[3.0; 4], &[1, 4]);
        let beta = tensor(&[1., 2., 3., 4.], &[4]);
        let y = layer_norm(&x, &[4], None, Some(&beta), 1e-5).unwrap();
        assert_eq!(y.value().to_vec(), [1., 2., 3., 4.]);
        let y = layer_norm(&input(1, &[0, 4]), &[4], None, None, 1e-5).unwrap();
        assert_eq!(y.shape(), [0, 4]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let x = input(1, &[2, 3]);
        let refused = |shape: &[usize], gamma: &[usize], epsilon| {
            let gamma = input(2, gamma);
            layer_norm(&x, shape, Some(&gamma), None, epsilon).unwrap_err()
        };
        assert_eq!(refused(&[2], &[2], 1e-5).code(), "invalid_argument");
        assert_eq!(refused(&[], &[], 1e-5).code(), "invalid_argument");
        assert_eq!(refused(&[3], &[2], 1e-5).code(), "shape_mismatch");
        assert_eq!(refused(&[3], &[3], -1.0).code(), "invalid_argument");
    }
}
