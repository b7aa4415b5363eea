//! Products over axes.

use super::axes::Reduced;
use super::slice::slice_axis;
use super::{Args, cumprod, permute, reshape};
use crate::array::NdArray;
use crate::array::views::Slice;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = Π x over `axes`, composed: the last of the running products, whose gradient is right where
/// values are 0 too. The product of nothing is 1.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set.
pub fn prod<T: Scalar>(x: &Tensor<T>, axes: Option<&[i64]>, keepdims: bool) -> Result<Tensor<T>> {
    let shape = x.shape();
    let over = Reduced::new("prod", &shape, axes, keepdims)?;
    let n = over.count;
    if n == 0 {
        return Ok(Tensor::constant(NdArray::full(&over.result, T::ONE)));
    }
    let (last, first): (Vec<i64>, Vec<i64>) =
        (0..shape.len() as i64).partition(|&axis| over.axes.contains(&(axis as usize)));
    let rows = permute(x, &[first, last].concat())?;
    let rows = reshape(&rows, &[over.kept.iter().product(), n])?;
    let running = cumprod(&rows, 1)?;
    reshape(
        &slice_axis(&running, 1, Slice::range(n - 1, n))?,
        &over.result,
    )
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    prod(
        args.tensor(0)?,
        args.integers("axis")?.as_deref(),
        args.flag("keepdims")?,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_at, tensor, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_over_any_axes() {
        for axes in [None, Some(&[0][..]), Some(&[-1]), Some(&[0, 2]), Some(&[])] {
            for keepdims in [false, true] {
                check(&[&[2, 3, 4]], |x| prod(&x[0], axes, keepdims));
            }
        }
    }

    #[test]
    fn gradient_is_the_slope_where_values_are_zero() {
        let some_zeros = |x: f64| if x < -0.5 { 0.0 } else { x };
        check_at(&[&[5, 4]], some_zeros, |x| prod(&x[0], Some(&[1]), false));
        let product = |x: &[f64]| value_and_gradient(x, |x| prod(x, None, false));
        assert_eq!(product(&[2., 0., 3.]), (vec![0.], vec![0., 6., 0.]));
        assert_eq!(product(&[2., 0., 0.]), (vec![0.], vec![0., 0., 0.]));
    }

    #[test]
    fn the_product_of_nothing_is_one() {
        let y = prod(&tensor(&[], &[2, 0]), Some(&[1]), false).unwrap();
        assert_eq!(y.value().to_vec(), [1.0, 1.0]);
        let y = prod(&tensor(&[], &[2, 0]), Some(&[0]), true).unwrap();
        assert_eq!(y.shape(), [1, 0]);
    }
}
