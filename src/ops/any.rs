//! Whether some value over axes is true.

use super::args::{Args, answer};
use super::axes::Reduced;
use super::truth::count_true;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// Whether some x over `axes` is not 0; NaN is not. Of nothing: false. There is no gradient.
///
/// `axes` count from either end; `None` means all. Shape: the axes go away, or stay with size 1
/// where `keepdims` is set.
pub fn any<T: Scalar>(
    x: &Tensor<T>,
    axes: Option<&[i64]>,
    keepdims: bool,
) -> Result<NdArray<bool>> {
    let over = Reduced::new("any", &x.shape(), axes, keepdims)?;
    Ok(count_true(x, &over)?.map(|count| count > 0.0))
}

/// By name: one tensor; `axis` (an integer or a list), `keepdims`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (axes, keepdims) = (args.integers("axis")?, args.flag("keepdims")?);
    Ok(answer(&any(args.tensor(0)?, axes.as_deref(), keepdims)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::tensor;
    use super::*;

    #[test]
    fn one_that_is_not_zero_suffices() {
        let x = tensor(&[0., -2., 0., 0., 0., f64::NAN, 0., 0.], &[2, 2, 2]);
        let of = |axes: &[i64]| any(&x, Some(axes), false).unwrap().to_vec();
        assert_eq!(of(&[2]), [true, false, true, false]);
        assert_eq!(of(&[0, 2]), [true, false]);
        assert_eq!(of(&[0, 1, 2]), [true]);
        assert_eq!(any(&x, None, true).unwrap().shape(), [1, 1, 1]);
        assert!(!any(&tensor(&[], &[0]), None, false).unwrap().item());
    }
}
