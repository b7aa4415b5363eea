//! What the tests of ops share.

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
