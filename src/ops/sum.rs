//! Sums over axes.

use super::Args;
use super::axes::Reduced;
use crate::autograd::{Scalar, Tensor, sum_axes};
use crate::error::Result;

/// y = Σ x over `axes`; dx = dy, stretched over them.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set.
pub fn sum<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor<T>> {
    let shape = x.shape();
    let over = Reduced::new("sum", &shape, axes, keepdims)?;
    let y = sum_axes(&x.value(), &over.axes).reshape(&over.result)?;
    Ok(Tensor::record("sum", y)
        .input(x, move |dy| {
            let dy = dy.reshape(&over.kept).expect("as many values");
            dy.broadcast_to(&shape).expect("sizes of 1 stretch")
        })
        .done())
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    sum(
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
                check(&[&[2, 3, 4]], |x| sum(&x[0], axes, keepdims));
            }
        }
    }

    #[test]
    fn shapes_and_values_by_hand() {
        let x = tensor(&[1., 2., 3., 4., 5., 6.], &[2, 3]);
        let check = |axes: Option<&[i64]>, keepdims, shape: &[usize], want: &[f64]| {
            let y = sum(&x, axes, keepdims).unwrap();
            assert_eq!(
                (y.shape(), y.value().to_vec()),
                (shape.to_vec(), want.to_vec())
            );
        };
        check(None, false, &[], &[21.]);
        check(None, true, &[1, 1], &[21.]);
        check(Some(&[0]), false, &[3], &[5., 7., 9.]);
        check(Some(&[-1]), true, &[2, 1], &[6., 15.]);
        assert_eq!(
            sum(&x, Some(&[2]), false).unwrap_err().code(),
            "axis_out_of_range"
        );
    }
}
