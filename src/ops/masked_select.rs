//! The values that a mask marks.

use super::places::take;
use super::{Args, broadcast_to};
use crate::array::{NdArray, broadcast_shapes};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = the values of x where the mask holds, in C order, both broadcast; dx = dy at their places,
/// 0 elsewhere.
///
/// Shape: [as many as the mask holds].
pub fn masked_select<T: Scalar>(x: &Tensor<T>, mask: &NdArray<bool>) -> Result<Tensor<T>> {
    let shape = broadcast_shapes(&x.shape(), mask.shape())?;
    let x = broadcast_to(x, &shape)?;
    let mask = mask.broadcast_to(&shape)?.to_vec();
    let places: Vec<usize> = (0..mask.len()).filter(|&place| mask[place]).collect();
    let count = places.len();
    Ok(take("masked_select", &x, places, &[count], T::ZERO))
}

/// By name: x, the mask (not 0: it holds).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    masked_select(args.tensor(0)?, &args.mask(1)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope_also_where_x_or_the_mask_is_stretched() {
        for (x, mask) in [
            (&[3, 4][..], &[3, 4][..]),
            (&[3, 4], &[4]),
            (&[3, 1], &[2, 1, 4]),
            (&[], &[5]),
        ] {
            let mask = input(9, mask).value().map(|x| x > -0.5);
            check(&[x], |x| masked_select(&x[0], &mask));
        }
    }

    #[test]
    fn values_come_in_order_or_not_at_all() {
        let x = tensor(&[1., 2., 3.], &[3]);
        let select = |mask: [bool; 3]| masked_select(&x, &NdArray::from_vec(mask.to_vec(), &[3]));
        assert_eq!(
            select([true, false, true]).unwrap().value().to_vec(),
            [1., 3.]
        );
        assert_eq!(select([false; 3]).unwrap().shape(), [0]);
        let error = masked_select(&x, &NdArray::full(&[2], true)).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }
}
