//! Axes in another order.

use super::Args;
use super::axes::normal_axis;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// Axis i of y is axis `axes[i]` of x; dx = dy with the axes put back.
pub fn permute<T: Scalar>(x: &Tensor<T>, axes: &[i64]) -> Result<Tensor<T>> {
    let dimensions = x.ndim();
    let axes: Vec<usize> = axes
        .iter()
        .map(|&axis| normal_axis("permute", axis, dimensions))
        .collect::<Result<_>>()?;
    let y = x.value().permute(&axes)?;
    let mut back = vec![0; axes.len()];
    for (to, &from) in axes.iter().enumerate() {
        back[from] = to;
    }
    Ok(Tensor::record("permute", y)
        .input(x, move |dy| {
            dy.permute(&back).expect("the inverse permutation")
        })
        .done())
}

/// By name: one tensor; `axes`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    match args.integers("axes")? {
        Some(axes) => permute(args.tensor(0)?, &axes),
        None => Err(args.refused("axes", "integers")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3, 4]], |x| permute(&x[0], &[2, 0, 1]));
        check(&[&[2, 3, 4]], |x| permute(&x[0], &[-1, 1, 0]));
    }

    #[test]
    fn axes_that_are_no_permutation_are_refused() {
        let code = |axes: &[i64]| permute(&input(1, &[2, 3]), axes).unwrap_err().code();
        assert_eq!(code(&[0, 0]), "array_repeated_axis");
        assert_eq!(code(&[0]), "array_axes_count");
        assert_eq!(code(&[0, 2]), "axis_out_of_range");
    }
}
