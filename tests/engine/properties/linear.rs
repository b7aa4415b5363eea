//! What only moves, drops, repeats or sums values is linear, and its gradient is its transpose:
//! ⟨dy, f(x)⟩ = ⟨dx, x⟩ for every x and every dy.

use danlu::array::NdArray;
use danlu::array::views::Slice;
use danlu::autograd::{Tensor, vjp};
use danlu::error::Result;
use danlu::ops::{self, PadMode};
use proptest::prelude::*;

use super::inputs::{config, dot, from_front, shape_and_axis, tensor};

type Linear = fn(&Tensor<f64>, i64) -> Result<Tensor<f64>>;

/// The size of the axis that an op is tried along.
fn size(x: &Tensor<f64>, axis: i64) -> usize {
    x.shape()[from_front(axis, x.ndim())]
}

const LINEAR: &[(&str, Linear)] = &[
    ("broadcast_to", |x, _| {
        ops::broadcast_to(x, &[&[2, 3], &x.shape()[..]].concat())
    }),
    ("chunk", |x, axis| Ok(ops::chunk(x, 2, axis)?.remove(0))),
    ("concat", |x, axis| {
        ops::concat(&[x.clone(), ops::neg(x)?, x.clone()], axis)
    }),
    ("cumsum", ops::cumsum),
    ("einsum", |x, _| {
        ops::einsum("...a->a...", std::slice::from_ref(x))
    }),
    ("einsum twice", |x, _| {
        ops::einsum("a...,b->...b", &[x.clone(), tensor(9, &[3])])
    }),
    ("flip", |x, axis| ops::flip(x, Some(&[axis]))),
    ("gather", |x, axis| {
        let mut shape = x.shape();
        shape[from_front(axis, x.ndim())] = if size(x, axis) == 0 { 0 } else { 4 };
        ops::gather(x, axis, &NdArray::full(&shape, size(x, axis) as i64 - 1))
    }),
    ("index_select", |x, axis| {
        let last = size(x, axis) as i64 - 1;
        let picks = if last < 0 {
            vec![]
        } else {
            vec![last, 0, last]
        };
        let count = picks.len();
        ops::index_select(x, axis, &NdArray::from_vec(picks, &[count]))
    }),
    ("masked_fill", |x, _| {
        ops::masked_fill(x, &x.value().map(|_| false), 1.0)
    }),
    ("mean", |x, axis| {
        if size(x, axis) == 0 {
            Ok(x.clone())
        } else {
            ops::mean(x, Some(&[axis]), false)
        }
    }),
    ("pad", |x, _| ops::pad(x, &[2, 1], PadMode::Constant(0.0))),
    ("pad and cut", |x, _| {
        if x.shape()[x.ndim() - 1] < 2 {
            Ok(x.clone())
        } else {
            ops::pad(x, &[1, -1], PadMode::Reflect)
        }
    }),
    ("replicate", |x, _| {
        if x.shape()[x.ndim() - 1] == 0 {
            Ok(x.clone())
        } else {
            ops::pad(x, &[3, 2], PadMode::Replicate)
        }
    }),
    ("permute", |x, _| ops::transpose(x)),
    ("roll", |x, axis| ops::roll(x, &[4], Some(&[axis]))),
    ("scatter", |x, axis| {
        let at = NdArray::full(&vec![1; x.ndim()], 0);
        if x.value().is_empty() {
            Ok(x.clone())
        } else {
            ops::scatter(x, axis, &at, &Tensor::scalar(0.0))
        }
    }),
    ("slice", |x, _| {
        let slices: Vec<Slice> = x
            .shape()
            .iter()
            .map(|&n| Slice::python(n, None, None, -2))
            .collect();
        ops::slice(x, &slices)
    }),
    ("stack", |x, axis| ops::stack(&[x.clone(), x.clone()], axis)),
    ("sum", |x, axis| ops::sum(x, Some(&[axis]), true)),
    ("tril", |x, _| {
        if x.ndim() < 2 {
            Ok(x.clone())
        } else {
            ops::tril(x, 1)
        }
    }),
    ("triu", |x, _| {
        if x.ndim() < 2 {
            Ok(x.clone())
        } else {
            ops::triu(x, -1)
        }
    }),
    ("unsqueeze", ops::unsqueeze),
    ("where", |x, _| {
        ops::r#where(
            &x.value().map(|x| x > 0.0),
            x,
            &ops::mul(x, &Tensor::scalar(3.0))?,
        )
    }),
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn gradients_of_linear_ops_are_their_transposes((shape, axis) in shape_and_axis()) {
        for (name, f) in LINEAR {
            let x = Tensor::parameter(tensor(1, &shape).value());
            let y = f(&x, axis).unwrap();
            let dy = tensor(2, &y.shape()).value();
            let dx = vjp(&y, &dy, std::slice::from_ref(&x)).remove(0);
            let (there, here) = (dot(&dy, &y.value()), dot(&dx, &x.value()));
            prop_assert!((there - here).abs() <= 1e-11 * (1.0 + there.abs()), "{}: {} and {}", name, there, here);
        }
    }
}
