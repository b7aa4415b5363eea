//! Normalisation of each example by groups of its channels.

use super::Args;
use super::normalize::{Affine, moments, normalized};
use super::shapes::{at_least, require};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::normalize::{NormShape, Statistics};

/// y = x̂ · γ + β, x̂ = (x − mean) / √(variance + ε) over the pixels and channels of a group;
/// dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(variance + ε) with g = dy · γ, dγ = Σ dy · x̂, dβ = Σ dy.
///
/// Shape: x [N, ..., C], γ and β [C] → x's: channels last. `groups` divides C; with 1 it is layer
/// normalisation of each image, with C instance normalisation. Wu and He 2018, as PyTorch's
/// `group_norm` (which has channels second). Errs where shapes don't fit.
pub fn group_norm<T: Scalar>(
    x: &Tensor<T>,
    groups: usize,
    gamma: Option<&Tensor<T>>,
    beta: Option<&Tensor<T>>,
    epsilon: f64,
) -> Result<Tensor<T>> {
    const OP: &str = "group_norm";
    let sizes = at_least(OP, x, 2)?;
    let c = sizes[sizes.len() - 1];
    let divides = groups > 0 && c.is_multiple_of(groups);
    let expected = format!("a divisor of {c}");
    require(divides, OP, "groups", expected, groups)?;
    let affine = Affine { gamma, beta };
    affine.check(OP, &[c])?;
    let shape = NormShape {
        outer: sizes[0],
        middle: sizes[1..sizes.len() - 1].iter().product(),
        groups,
        inner: c / groups,
    };
    let moments = moments(&x.value(), &shape, true);
    normalized(OP, x, shape, Statistics::Own, &moments, affine, epsilon)
}

/// By name: x and, if there are, gamma and beta; `groups`, `epsilon` (1e-5).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let groups = args.size("groups")?;
    let groups = groups.ok_or_else(|| args.refused("groups", "an integer"))?;
    let epsilon = args.number("epsilon")?.unwrap_or(1e-5);
    let (gamma, beta) = (args.optional_tensor(1), args.optional_tensor(2));
    group_norm(args.tensor(0)?, groups, gamma, beta, epsilon)
}

#[cfg(test)]
mod tests {
    use super::super::layer_norm;
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_for_any_number_of_groups() {
        for groups in [1, 2, 6] {
            check(&[&[2, 3, 2, 6], &[6], &[6]], |x| {
                group_norm(&x[0], groups, Some(&x[1]), Some(&x[2]), 1e-5)
            });
        }
        check(&[&[3, 4]], |x| group_norm(&x[0], 2, None, None, 1e-3));
    }

    #[test]
    fn one_group_is_layer_normalisation_of_each_image() {
        let x = input(1, &[2, 3, 2, 4]);
        let group = group_norm(&x, 1, None, None, 1e-5).unwrap().value();
        let layer = layer_norm(&x, &[3, 2, 4], None, None, 1e-5)
            .unwrap()
            .value();
        for (a, b) in group.to_vec().iter().zip(layer.to_vec()) {
            assert!((a - b).abs() < 1e-12);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |shape: &[usize], groups, gamma: &[usize]| {
            let gamma = input(2, gamma);
            group_norm(&input(1, shape), groups, Some(&gamma), None, 1e-5)
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[6], 2, &[6]), "dimension_count");
        assert_eq!(code(&[2, 6], 4, &[6]), "invalid_argument");
        assert_eq!(code(&[2, 6], 0, &[6]), "invalid_argument");
        assert_eq!(code(&[2, 6], 2, &[3]), "shape_mismatch");
    }
}
