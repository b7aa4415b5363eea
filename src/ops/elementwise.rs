//! What ops on single elements share.

use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor, unbroadcast};
use crate::error::Result;

/// y = f(x) for each element; dx = dy · slope(x, y).
pub fn unary<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    f: impl Fn(T) -> T,
    slope: impl Fn(T, T) -> T + 'static,
) -> Tensor<T> {
    let x_value = x.value();
    let y = x_value.map(f);
    let y_value = y.clone();
    Tensor::record(op, y)
        .input(x, move |dy| times(dy, &pairs(&x_value, &y_value, &slope)))
        .done()
}

/// y = f(a, b) for each pair of broadcast elements; da = Σ dy · slope_a(a, b), summed over what
/// was stretched, and db alike.
pub fn binary<T: Scalar>(
    op: &'static str,
    a: &Tensor<T>,
    b: &Tensor<T>,
    f: impl Fn(T, T) -> T,
    slope_a: impl Fn(T, T) -> T + 'static,
    slope_b: impl Fn(T, T) -> T + 'static,
) -> Result<Tensor<T>> {
    let (a_value, b_value) = (a.value(), b.value());
    let y = a_value.zip_broadcast(&b_value, f)?;
    let (a_again, b_again) = (a_value.clone(), b_value.clone());
    Ok(Tensor::record(op, y)
        .input(a, move |dy| {
            unbroadcast(
                &times(dy, &pairs(&a_value, &b_value, &slope_a)),
                a_value.shape(),
            )
        })
        .input(b, move |dy| {
            unbroadcast(
                &times(dy, &pairs(&a_again, &b_again, &slope_b)),
                b_again.shape(),
            )
        })
        .done())
}

fn pairs<T: Scalar>(a: &NdArray<T>, b: &NdArray<T>, f: impl Fn(T, T) -> T) -> NdArray<T> {
    a.zip_broadcast(b, f).expect("the forward broadcast them")
}

/// a · b for each pair of broadcast elements.
pub fn times<T: Scalar>(a: &NdArray<T>, b: &NdArray<T>) -> NdArray<T> {
    pairs(a, b, |a, b| a * b)
}
