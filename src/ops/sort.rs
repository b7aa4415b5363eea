//! Values in order.

use super::{Args, argsort, gather};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = the values along `axis` in ascending order, or in `descending`, composed: a `gather` at what
/// `argsort` gives; dx = dy at the places the values came from.
///
/// Who wants the indices too calls `argsort` and then `gather`, so that nothing is sorted twice.
pub fn sort<T: Scalar>(x: &Tensor<T>, axis: i64, descending: bool) -> Result<Tensor<T>> {
    gather(x, axis, &argsort(x, axis, descending)?)
}

/// By name: one tensor; `axis` (the last where it is left out), `descending`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let axis = args.integer("axis")?.unwrap_or(-1);
    sort(args.tensor(0)?, axis, args.flag("descending")?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, tensor, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_along_any_axis() {
        for axis in [0, 1, -1] {
            check(&[&[3, 4, 5]], |x| sort(&x[0], axis, false));
            check(&[&[3, 4, 5]], |x| sort(&x[0], axis, true));
        }
    }

    #[test]
    fn values_by_hand() {
        let (y, dx) = value_and_gradient(&[3., 1., 2.], |x| sort(x, 0, true));
        assert_eq!((y, dx), (vec![3., 2., 1.], vec![1.; 3]));
        let nan = sort(&tensor(&[f64::NAN, 1.], &[2]), 0, false).unwrap();
        assert!(nan.value().get(&[1]).is_nan());
    }
}
