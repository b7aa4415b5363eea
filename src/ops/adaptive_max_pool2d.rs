//! Maxima over as many windows as the output shall have places.

use super::{Args, windows};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y[p][c] = max x[..][c] over the window; dx = Σ dy of the windows that x won, the first of equals.
///
/// Shape: [N, H, W, C] → [N, OH, OW, C] with `size` = (OH, OW); window i covers rows
/// ⌊i · H / OH⌋ to ⌈(i + 1) · H / OH⌉, the last excluded, as PyTorch's does: windows may overlap and
/// differ by one in size. Errs on sizes of 0 and on empty images.
pub fn adaptive_max_pool2d<T: Scalar>(x: &Tensor<T>, size: (usize, usize)) -> Result<Tensor<T>> {
    let windows = windows::adaptive("adaptive_max_pool2d", x, size)?;
    Ok(windows::max("adaptive_max_pool2d", x, windows))
}

/// By name: one tensor; `size`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    adaptive_max_pool2d(args.tensor(0)?, windows::required_size(args)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_also_where_windows_overlap() {
        for size in [(1, 1), (2, 3), (5, 7), (3, 9)] {
            check(&[&[2, 5, 7, 3]], |x| adaptive_max_pool2d(&x[0], size));
        }
    }

    #[test]
    fn windows_share_the_rows_between_them() {
        let x = tensor(&[1., 2., 3., 4., 5.], &[1, 5, 1, 1]);
        let y = adaptive_max_pool2d(&x, (3, 1)).unwrap();
        assert_eq!(y.value().to_vec(), [2., 4., 5.]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |shape: &[usize], size| {
            adaptive_max_pool2d(&input(1, shape), size)
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[5, 7, 3], (1, 1)), "dimension_count");
        assert_eq!(code(&[1, 5, 7, 3], (0, 1)), "invalid_argument");
        assert_eq!(code(&[1, 0, 7, 3], (1, 1)), "invalid_argument");
    }
}
