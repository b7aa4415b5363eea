//! The largest values.

use super::topk_indices::{settings, topk_indices};
use super::{Args, gather};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = the k largest values along `axis`, the largest first, or the k smallest, the smallest first,
/// composed: a `gather` at what `topk_indices` gives; dx = dy at the places they came from.
///
/// Who wants the indices too calls `topk_indices` and then `gather`, so that nothing is sorted
/// twice. Shape: that of x, `axis` of size k. Errs where k is larger than the axis.
pub fn topk<T: Scalar>(x: &Tensor<T>, k: usize, axis: i64, largest: bool) -> Result<Tensor<T>> {
    gather(x, axis, &topk_indices(x, k, axis, largest)?)
}

/// By name: one tensor; `k`, `axis` (the last where it is left out), `largest` (true where it is
/// left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (k, axis, largest) = settings(args)?;
    topk(args.tensor(0)?, k, axis, largest)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_along_any_axis() {
        for (axis, k) in [(0, 1), (1, 4), (-1, 2), (-1, 0)] {
            check(&[&[3, 4, 5]], |x| topk(&x[0], k, axis, true));
            check(&[&[3, 4, 5]], |x| topk(&x[0], k, axis, false));
        }
    }

    #[test]
    fn values_by_hand() {
        let x = [3., 1., 5., 2.];
        let (y, dx) = value_and_gradient(&x, |x| topk(x, 2, 0, true));
        assert_eq!((y, dx), (vec![5., 3.], vec![1., 0., 1., 0.]));
        let (y, dx) = value_and_gradient(&x, |x| topk(x, 2, 0, false));
        assert_eq!((y, dx), (vec![1., 2.], vec![0., 1., 0., 1.]));
        let error = topk(&input(1, &[2]), 3, 0, true).unwrap_err();
        assert_eq!(error.fields()["place"], "topk");
    }
}
