//! What ops on single elements share.
//!
//! Functions of elements come as pointers: one copy of the strided walk serves every op, where a
//! copy for each would outweigh the rest of the engine.

use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor, unbroadcast};
use crate::error::Result;

/// y = f(x) for each element; dx = dy · slope(x, y).
pub fn unary<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    f: fn(T) -> T,
    slope: fn(T, T) -> T,
) -> Tensor<T> {
    let x_value = x.value();
    let y = x_value.map(f);
    let y_value = y.clone();
    Tensor::record(op, y)
        .input(x, move |dy| times(dy, &pairs(&x_value, &y_value, slope)))
        .done()
}

/// y = f(a, b) for each pair of broadcast elements; da = Σ dy · slope_a(a, b), summed over what
/// was stretched, and db alike.
pub fn binary<T: Scalar>(
    op: &'static str,
    a: &Tensor<T>,
    b: &Tensor<T>,
    f: fn(T, T) -> T,
    slope_a: fn(T, T) -> T,
    slope_b: fn(T, T) -> T,
) -> Result<Tensor<T>> {
    let (a_value, b_value) = (a.value(), b.value());
    let y = a_value.zip_broadcast(&b_value, f)?;
    let way_back = |slope: fn(T, T) -> T, shape: Vec<usize>| {
        let (a, b) = (a_value.clone(), b_value.clone());
        move |dy: &NdArray<T>| unbroadcast(&times(dy, &pairs(&a, &b, slope)), &shape)
    };
    Ok(Tensor::record(op, y)
        .input(a, way_back(slope_a, a.shape()))
        .input(b, way_back(slope_b, b.shape()))
        .done())
}

/// f(a, b) for each pair of broadcast elements.
pub fn pairs<T: Scalar>(a: &NdArray<T>, b: &NdArray<T>, f: fn(T, T) -> T) -> NdArray<T> {
    a.zip_broadcast(b, f).expect("the forward broadcast them")
}

/// a · b for each pair of broadcast elements.
pub fn times<T: Scalar>(a: &NdArray<T>, b: &NdArray<T>) -> NdArray<T> {
    pairs(a, b, |a, b| a * b)
}

/// The share of a gradient that a takes as the larger of a and b: all, half where they are equal.
pub fn larger_share<T: Scalar>(a: T, b: T) -> T {
    if a == b {
        T::from_f64(0.5)
    } else if a < b {
        T::ZERO
    } else {
        T::ONE
    }
}
