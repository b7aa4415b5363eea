//! What the recurrent cells share.

use super::shapes::{expect, sizes};
use super::{Args, dense, slice};
use crate::array::views::Slice;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// The weights of a cell of H units with G gates, in Keras's layout: the gates stand side by side.
#[derive(Clone, Debug)]
pub struct Cell<T: Scalar> {
    /// Of the input, [I, G · H].
    pub w: Tensor<T>,
    /// Of the state, [H, G · H].
    pub u: Tensor<T>,
    /// Added to the input's part, [G · H].
    pub b: Option<Tensor<T>>,
    /// Added to the state's part, [G · H]. Matters to the GRU alone: elsewhere it could be in b.
    pub recurrent_b: Option<Tensor<T>>,
}

impl<T: Scalar> Cell<T> {
    /// A cell without a recurrent bias.
    pub fn new(w: &Tensor<T>, u: &Tensor<T>, b: Option<&Tensor<T>>) -> Self {
        Self {
            w: w.clone(),
            u: u.clone(),
            b: b.cloned(),
            recurrent_b: None,
        }
    }

    /// w, u and, if there are, both biases, from the tensor `first` on.
    pub(super) fn from_args(args: &Args<T>, first: usize) -> Result<Self> {
        let (w, u) = (args.tensor(first)?, args.tensor(first + 1)?);
        Ok(Self {
            recurrent_b: args.optional_tensor(first + 3).cloned(),
            ..Self::new(w, u, args.optional_tensor(first + 2))
        })
    }

    /// Errs unless the weights fit each other and x; gives the units.
    pub(super) fn check(&self, op: &str, x: &Tensor<T>, gates: usize) -> Result<usize> {
        let [_, inputs] = sizes(&format!("{op} x"), x)?;
        let [units, _] = sizes(&format!("{op} u"), &self.u)?;
        let columns = gates * units;
        expect(&format!("{op} w"), &self.w, &[inputs, columns])?;
        expect(&format!("{op} u"), &self.u, &[units, columns])?;
        for b in [&self.b, &self.recurrent_b].into_iter().flatten() {
            expect(&format!("{op} b"), b, &[columns])?;
        }
        Ok(units)
    }

    /// x · w + b
    pub(super) fn of_input(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        dense(x, &self.w, self.b.as_ref())
    }

    /// h · u + recurrent b
    pub(super) fn of_state(&self, h: &Tensor<T>) -> Result<Tensor<T>> {
        dense(h, &self.u, self.recurrent_b.as_ref())
    }
}

/// Errs unless a state is [N, H] for x [N, I].
pub(super) fn check_state<T: Scalar>(
    op: &str,
    name: &str,
    x: &Tensor<T>,
    state: &Tensor<T>,
    units: usize,
) -> Result<()> {
    expect(&format!("{op} {name}"), state, &[x.shape()[0], units])
}

/// Columns of one gate, or of several that stand together.
pub(super) fn gates<T: Scalar>(
    x: &Tensor<T>,
    units: usize,
    first: usize,
    count: usize,
) -> Result<Tensor<T>> {
    let rows = Slice::all(x.shape()[0]);
    slice(
        x,
        &[rows, Slice::range(first * units, (first + count) * units)],
    )
}
