//! Whether every value over axes is true.

use super::args::{Args, answer};
use super::axes::Reduced;
use super::truth::count_true;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// Whether every x over `axes` is not 0; NaN is not. Of nothing: true. There is no gradient.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set.
pub fn all<T: Scalar>(
    x: &Tensor<T>,
    axes: Option<&[i64]>,
    keepdims: bool,
) -> Result<NdArray<bool>> {
    let over = Reduced::new("all", &x.shape(), axes, keepdims)?;
    let n = over.count as f64;
    Ok(count_true(x, &over)?.map(|count| count == n))
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (axes, keepdims) = (args.integers("axis")?, args.flag("keepdims")?);
    Ok(answer(&all(args.tensor(0)?, axes.as_deref(), keepdims)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::tensor;
    use super::*;

    #[test]
    fn one_that_is_zero_suffices_to_make_it_false() {
        let x = tensor(&[1., -2., 0., 3., 4., f64::NAN, 0., 1.], &[2, 2, 2]);
        let of = |axes: &[i64]| all(&x, Some(axes), false).unwrap().to_vec();
        assert_eq!(of(&[2]), [true, false, true, false]);
        assert_eq!(of(&[0, 2]), [true, false]);
        assert_eq!(of(&[0, 1, 2]), [false]);
        assert_eq!(all(&x, None, true).unwrap().shape(), [1, 1, 1]);
        assert!(all(&tensor(&[], &[0]), None, false).unwrap().item());
    }
}
