//! Samples as rows.

use super::{Args, reshape};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x with all axes but the first joined, composed: a reshape.
///
/// Shape: [N, ...] → [N, product of the rest], Keras's `Flatten`.
pub fn flatten<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    let shape = x.shape();
    let (n, rest) = shape
        .split_first()
        .map_or((1, &[][..]), |(&n, rest)| (n, rest));
    reshape(x, &[n, rest.iter().product()])
}

/// By name: one tensor.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    flatten(args.tensor(0)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[2, 3, 4]], |x| flatten(&x[0]));
    }

    #[test]
    fn only_the_first_axis_stays() {
        assert_eq!(flatten(&input(1, &[2, 3, 4, 5])).unwrap().shape(), [2, 60]);
        assert_eq!(flatten(&input(1, &[2])).unwrap().shape(), [2, 1]);
        assert_eq!(flatten(&input(1, &[0, 3])).unwrap().shape(), [0, 3]);
    }
}
