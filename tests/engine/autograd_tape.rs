//! The tape: what flows back, what is remembered, and how it is freed.

use danlu::array::NdArray;
use danlu::autograd::{Tensor, grad_enabled, no_grad, vjp};
use danlu::ops;

fn parameter(values: &[f64]) -> Tensor<f64> {
    Tensor::parameter(NdArray::from_vec(values.to_vec(), &[values.len()]))
}

fn ones(n: usize) -> NdArray<f64> {
    NdArray::full(&[n], 1.0)
}

#[test]
fn gradients_add_up_where_a_tensor_is_used_more_than_once() {
    let x = parameter(&[3.0]);
    let square = ops::mul(&x, &x).unwrap();
    let y = ops::add(&square, &ops::mul(&square, &x).unwrap()).unwrap();
    y.backward(&ones(1));
    // d(x² + x³) = 2x + 3x²
    assert_eq!(x.grad().unwrap().to_vec(), [33.0]);
    y.backward(&ones(1));
    assert_eq!(x.grad().unwrap().to_vec(), [66.0]);
    x.zero_grad();
    assert!(x.grad().is_none());
}

#[test]
fn a_gradient_that_is_shared_is_not_written_through() {
    let (a, b) = (parameter(&[1.0]), parameter(&[2.0]));
    let dy = ones(1);
    ops::add(&a, &b).unwrap().backward(&dy);
    ops::add(&a, &a).unwrap().backward(&dy);
    assert_eq!(a.grad().unwrap().to_vec(), [3.0]);
    assert_eq!(b.grad().unwrap().to_vec(), [1.0]);
    assert_eq!(dy.to_vec(), [1.0]);
}

#[test]
fn a_chain_of_200000_ops_is_swept_and_freed_without_recursion() {
    let x = parameter(&[1.0]);
    let mut y = x.clone();
    for _ in 0..200_000 {
        y = ops::neg(&y).unwrap();
    }
    y.backward(&ones(1));
    assert_eq!(x.grad().unwrap().to_vec(), [1.0]);
    drop(y);
}

#[test]
fn without_grad_nothing_is_remembered() {
    let x = parameter(&[1.0]);
    let y = no_grad(|| ops::exp(&x).unwrap());
    assert!(!y.requires_grad());
    assert!(grad_enabled());
    let constant = Tensor::constant(ones(1));
    assert!(!ops::exp(&constant).unwrap().requires_grad());
    y.backward(&ones(1));
    assert!(x.grad().is_none());
}

#[test]
fn vjp_gives_zeros_where_nothing_flows_and_gathers_nothing() {
    let (a, b) = (parameter(&[1.0, 2.0]), parameter(&[5.0]));
    let y = ops::mul(&a, &a).unwrap();
    let gradients = vjp(&y, &ones(2), &[b.clone(), a.clone()]);
    assert_eq!(gradients[0].to_vec(), [0.0]);
    assert_eq!(gradients[1].to_vec(), [2.0, 4.0]);
    assert!(a.grad().is_none());
}

#[test]
fn an_update_leaves_earlier_graphs_as_they_were() {
    let x = parameter(&[3.0]);
    let y = ops::mul(&x, &x).unwrap();
    x.update(|values| values[0] = 10.0);
    y.backward(&ones(1));
    assert_eq!(x.grad().unwrap().to_vec(), [6.0]);
    assert_eq!(x.value().to_vec(), [10.0]);
}
