//! What the tests of ops share.

use super::{Settings, call};
use crate::array::NdArray;
use crate::autograd::check::random_input;
use crate::autograd::{Tensor, check_gradient};
use crate::error::Result;

/// Checks the gradients of `f` at normal inputs of the given shapes.
pub fn check(shapes: &[&[usize]], f: impl Fn(&[Tensor<f64>]) -> Result<Tensor<f64>>) {
    check_at(shapes, |x| x, f);
}

/// Checks the gradients of `f` at inputs of the given shapes, each element passed through `place`
/// (so that, say, a logarithm gets positive numbers).
pub fn check_at(
    shapes: &[&[usize]],
    place: fn(f64) -> f64,
    f: impl Fn(&[Tensor<f64>]) -> Result<Tensor<f64>>,
) {
    let inputs: Vec<NdArray<f64>> = shapes
        .iter()
        .enumerate()
        .map(|(i, shape)| random_input(i as u64 + 1, shape).map(place))
        .collect();
    check_gradient(&format!("{shapes:?}"), &inputs, |x| {
        f(x).expect("the shapes fit")
    });
}

/// A constant of normal numbers.
pub fn input(seed: u64, shape: &[usize]) -> Tensor<f64> {
    Tensor::constant(random_input(seed, shape))
}

/// A constant of the given numbers.
pub fn tensor(values: &[f64], shape: &[usize]) -> Tensor<f64> {
    Tensor::constant(NdArray::from_vec(values.to_vec(), shape))
}

/// The values of y and, for ⟨dy, y⟩ with dy all ones, the gradient by x.
pub fn value_and_gradient(
    x: &[f64],
    f: impl Fn(&Tensor<f64>) -> Result<Tensor<f64>>,
) -> (Vec<f64>, Vec<f64>) {
    let x = Tensor::parameter(NdArray::from_vec(x.to_vec(), &[x.len()]));
    let y = f(&x).expect("the shapes fit");
    y.backward_scalar();
    (y.value().to_vec(), x.grad().expect("x takes part").to_vec())
}

/// Checks what a comparison of the given name answers where two numbers are equal, where the first
/// is less, where it is greater, and where both are NaN.
pub fn check_comparison(op: &str, want: [f64; 4]) {
    let a = tensor(&[2.0, -1.0, 3.0, f64::NAN], &[4]);
    let b = tensor(&[2.0, 1.0, -4.0, f64::NAN], &[4, 1]);
    let y = call(op, &[a, b], &Settings::new()).expect("the shapes fit");
    assert_eq!(y.shape(), [4, 4]);
    assert!(!y.requires_grad());
    let diagonal: Vec<f64> = (0..4).map(|i| y.value().get(&[i, i])).collect();
    assert_eq!(diagonal, want);
    let error = call(op, &[input(1, &[2]), input(2, &[3])], &Settings::new()).unwrap_err();
    assert_eq!(error.code(), "array_broadcast");
}
