//! A choice between two tensors, element by element.

use super::Args;
use crate::array::NdArray;
use crate::array::shape::broadcast_all;
use crate::autograd::{Scalar, Tensor, unbroadcast};
use crate::error::Result;

/// y = a where the mask holds, else b, all three broadcast; da = dy where it holds, else 0, summed
/// over what was stretched, and db the other way round.
///
/// What is not chosen has no part in the result: an infinity or NaN there does no harm.
pub fn r#where<T: Scalar>(mask: &NdArray<bool>, a: &Tensor<T>, b: &Tensor<T>) -> Result<Tensor<T>> {
    let (a_shape, b_shape) = (a.shape(), b.shape());
    let shape = broadcast_all(&[mask.shape(), &a_shape, &b_shape])?;
    let mask = mask.broadcast_to(&shape)?.contiguous();
    let y = chosen(&mask, &a.value(), &b.value());
    let (a_mask, b_mask) = (mask.clone(), mask);
    let nothing = || NdArray::scalar(T::ZERO);
    Ok(Tensor::record("where", y)
        .input(a, move |dy| {
            unbroadcast(&chosen(&a_mask, dy, &nothing()), &a_shape)
        })
        .input(b, move |dy| {
            unbroadcast(&chosen(&b_mask, &nothing(), dy), &b_shape)
        })
        .done())
}

/// a where the mask holds, else b, both stretched to its shape.
fn chosen<T: Scalar>(mask: &NdArray<bool>, a: &NdArray<T>, b: &NdArray<T>) -> NdArray<T> {
    let shape = mask.shape();
    let laid = |x: &NdArray<T>| x.broadcast_to(shape).expect("they broadcast").to_vec();
    let mut y = laid(b);
    let mask = mask.as_slice().expect("contiguous");
    for ((y, a), &holds) in y.iter_mut().zip(laid(a)).zip(mask) {
        if holds {
            *y = a;
        }
    }
    NdArray::from_vec(y, shape)
}

/// By name: the mask (not 0: it holds), a, b.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    r#where(&args.mask(0)?, args.tensor(1)?, args.tensor(2)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    fn mask(shape: &[usize]) -> NdArray<bool> {
        input(9, shape).value().map(|x| x > 0.0)
    }

    #[test]
    fn gradients_are_the_slopes_also_where_inputs_are_stretched() {
        for (m, a, b) in [
            (&[3, 4][..], &[3, 4][..], &[3, 4][..]),
            (&[3, 4], &[3, 1], &[4]),
            (&[4], &[2, 3, 1], &[]),
            (&[], &[2], &[3, 1]),
            (&[0, 3], &[1], &[3]),
        ] {
            let mask = mask(m);
            check(&[a, b], |x| r#where(&mask, &x[0], &x[1]));
        }
    }

    #[test]
    fn what_is_not_chosen_does_no_harm() {
        let a = Tensor::parameter(tensor(&[1.0, f64::INFINITY, f64::NAN], &[3]).value());
        let mask = NdArray::from_vec(vec![true, false, false], &[3]);
        let y = r#where(&mask, &a, &Tensor::scalar(5.0)).unwrap();
        assert_eq!(y.value().to_vec(), [1.0, 5.0, 5.0]);
        y.backward_scalar();
        assert_eq!(a.grad().unwrap().to_vec(), [1.0, 0.0, 0.0]);
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let error = r#where(&mask(&[3]), &input(1, &[2]), &input(2, &[])).unwrap_err();
        assert_eq!(error.code(), "array_broadcast");
    }
}
