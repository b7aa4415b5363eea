//! A tensor cut into parts of one size.

use super::axes::normal_axis;
use super::split::{even, part};
use super::{Args, split};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// x cut along `axis` into `chunks` parts of ⌈n / chunks⌉, composed: a `split`. The last part may be
/// shorter, and there may be fewer parts (PyTorch's `chunk`).
pub fn chunk<T: Scalar>(x: &Tensor<T>, chunks: usize, axis: i64) -> Result<Vec<Tensor<T>>> {
    split(x, &sizes(&x.shape(), chunks, axis)?, axis)
}

fn sizes(shape: &[usize], chunks: usize, axis: i64) -> Result<Vec<usize>> {
    super::shapes::require(chunks > 0, "chunk", "chunks", ">= 1", chunks)?;
    Ok(match shape[normal_axis("chunk", axis, shape.len())?] {
        0 => vec![0; chunks],
        n => even(n, n.div_ceil(chunks)),
    })
}

/// By name: one tensor; `chunks`, `axis` (0 where it is left out), `part`, counted from 0.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let axis = args.integer("axis")?.unwrap_or(0);
    let chunks = args.required_integer("chunks")?;
    let shape = args.tensor(0)?.shape();
    let sizes = sizes(&shape, usize::try_from(chunks).unwrap_or(0), axis)?;
    part("chunk", args, &sizes, axis)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_of_every_part() {
        for part in 0..3 {
            check(&[&[7, 2]], |x| Ok(chunk(&x[0], 3, 0)?.remove(part)));
        }
    }

    #[test]
    fn parts_are_of_one_size_but_the_last() {
        let parts = |n, chunks| -> Vec<usize> {
            let parts = chunk(&input(1, &[2, n]), chunks, 1).unwrap();
            parts.iter().map(|part| part.shape()[1]).collect()
        };
        assert_eq!(parts(7, 3), [3, 3, 1]);
        assert_eq!(parts(5, 4), [2, 2, 1]);
        assert_eq!(parts(0, 3), [0, 0, 0]);
        assert_eq!(parts(1, 1), [1]);
        let error = chunk(&input(1, &[2]), 0, 0).unwrap_err();
        assert_eq!(error.fields()["argument"], "chunks");
    }
}
