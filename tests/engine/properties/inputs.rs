//! What the properties are tried on, the same on every run.

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::autograd::check::random_input;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

/// A fixed seed, and no files of what failed.
pub fn config() -> Config {
    Config {
        cases: 256,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(3),
        ..Config::default()
    }
}

/// Mostly small primes, now and then nothing.
pub fn size() -> impl Strategy<Value = usize> {
    prop_oneof![
        1 => Just(0usize),
        3 => Just(1),
        3 => Just(2),
        3 => Just(3),
        2 => Just(5),
        1 => Just(7),
    ]
}

/// A shape with a number of axes within `axes`.
pub fn shape(axes: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(size(), axes)
}

/// A shape of at least one axis, and one of its axes counted from either end.
pub fn shape_and_axis() -> impl Strategy<Value = (Vec<usize>, i64)> {
    shape(1..=4).prop_flat_map(|shape| {
        let axes = shape.len() as i64;
        (Just(shape), -axes..axes)
    })
}

/// One axis from the front.
pub fn from_front(axis: i64, axes: usize) -> usize {
    axis.rem_euclid(axes as i64) as usize
}

/// Normal numbers.
pub fn tensor(seed: u64, shape: &[usize]) -> Tensor<f64> {
    Tensor::constant(random_input(seed, shape))
}

/// Numbers of which many are equal, 0 among them.
pub fn tied(seed: u64, shape: &[usize]) -> Tensor<f64> {
    Tensor::constant(random_input(seed, shape).map(f64::round))
}

/// Every index into a shape, the last axis fastest.
pub fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |indices, &size| {
        let longer = |index: Vec<usize>| (0..size).map(move |i| [&index[..], &[i]].concat());
        indices.into_iter().flat_map(longer).collect()
    })
}

/// An array made of what `value` says at every index.
pub fn made(shape: &[usize], value: impl Fn(&[usize]) -> f64) -> NdArray<f64> {
    let values = indices(shape).iter().map(|index| value(index)).collect();
    NdArray::from_vec(values, shape)
}

/// ⟨a, b⟩.
pub fn dot(a: &NdArray<f64>, b: &NdArray<f64>) -> f64 {
    assert_eq!(a.shape(), b.shape());
    a.to_vec().iter().zip(b.to_vec()).map(|(a, b)| a * b).sum()
}

/// Errs unless shapes agree and values do, to 12 digits; NaN equals NaN.
pub fn close(got: &NdArray<f64>, want: &NdArray<f64>) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.shape(), want.shape());
    for (got, want) in got.to_vec().into_iter().zip(want.to_vec()) {
        let near = (got - want).abs() <= 1e-12 * (1.0 + want.abs());
        prop_assert!(
            near || got == want || got.is_nan() && want.is_nan(),
            "{} for {}",
            got,
            want
        );
    }
    Ok(())
}
