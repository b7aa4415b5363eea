//! Means over axes.

use super::Args;
use super::axes::Reduced;
use crate::autograd::{Scalar, Tensor, sum_axes};
use crate::error::Result;

/// y = Σ x / n over `axes`, n values each; dx = dy / n, stretched over them.
/// The mean of nothing is NaN, as in NumPy and PyTorch.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set.
pub fn mean<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor<T>> {
    let shape = x.shape();
    let over = Reduced::new("mean", &shape, axes, keepdims)?;
    let n = T::from_f64(over.count as f64);
    let y = sum_axes(&x.value(), &over.axes)
        .reshape(&over.result)?
        .map(|sum| sum / n);
    Ok(Tensor::record("mean", y)
        .input(x, move |dy| {
            let part = dy.map(|dy| dy / n);
            let part = part.reshape(&over.kept).expect("as many values");
            part.broadcast_to(&shape).expect("sizes of 1 stretch")
        })
        .done())
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    mean(
        args.tensor(0)?,
        args.integers("axis")?.as_deref(),
        args.flag("keepdims")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_over_any_axes() {
        for axes in [None, Some(&[0][..]), Some(&[-1]), Some(&[0, 2]), Some(&[])] {
            for keepdims in [false, true] {
                check(&[&[2, 3, 4]], |x| mean(&x[0], axes, keepdims));
            }
        }
    }

    #[test]
    fn values_by_hand() {
        let x = tensor(&[1., 2., 3., 4., 5., 6.], &[2, 3]);
        assert_eq!(mean(&x, None, false).unwrap().item(), 3.5);
        assert_eq!(
            mean(&x, Some(&[0]), false).unwrap().value().to_vec(),
            [2.5, 3.5, 4.5]
        );
        assert!(
            mean(&tensor(&[], &[0]), None, false)
                .unwrap()
                .item()
                .is_nan()
        );
    }
}
