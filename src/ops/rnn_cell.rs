//! One step of the plain recurrent network.

use super::recurrent::{Cell, check_state};
use super::{Args, add, relu, tanh};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// What becomes of the sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RnnActivation {
    /// tanh
    #[default]
    Tanh,
    /// max(·, 0)
    Relu,
}

/// h' = tanh(x · w + h · u + b), composed. Elman 1990.
///
/// Shape: x [N, I], h [N, H], w [I, H], u [H, H], b [H] → [N, H], Keras's layout (PyTorch holds w and
/// u transposed, and two biases, whose sum is b). Errs where shapes don't fit.
pub fn rnn_cell<T: Scalar>(
    x: &Tensor<T>,
    h: &Tensor<T>,
    cell: &Cell<T>,
    activation: RnnActivation,
) -> Result<Tensor<T>> {
    const OP: &str = "rnn_cell";
    let units = cell.check(OP, x, 1)?;
    check_state(OP, "h", x, h, units)?;
    let sum = add(&cell.of_input(x)?, &cell.of_state(h)?)?;
    match activation {
        RnnActivation::Tanh => tanh(&sum),
        RnnActivation::Relu => relu(&sum),
    }
}

/// By name: x, h, w, u and, if there is one, b; `activation` ("tanh" where it is left out, or
/// "relu").
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let activation = match args.text("activation")? {
        None | Some("tanh") => RnnActivation::Tanh,
        Some("relu") => RnnActivation::Relu,
        Some(_) => return Err(args.refused("activation", "tanh, relu")),
    };
    let cell = Cell::from_args(args, 2)?;
    rnn_cell(args.tensor(0)?, args.tensor(1)?, &cell, activation)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_over_two_steps() {
        for activation in [RnnActivation::Tanh, RnnActivation::Relu] {
            let shapes: [&[usize]; 5] = [&[2, 3], &[2, 4], &[3, 4], &[4, 4], &[4]];
            check(&shapes, |x| {
                let cell = Cell::new(&x[2], &x[3], Some(&x[4]));
                let h = rnn_cell(&x[0], &x[1], &cell, activation)?;
                rnn_cell(&x[0], &h, &cell, activation)
            });
            check(&shapes[..4], |x| {
                rnn_cell(&x[0], &x[1], &Cell::new(&x[2], &x[3], None), activation)
            });
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |x: &[usize], h: &[usize], w: &[usize], u: &[usize], b: &[usize]| {
            let (w, u, b) = (input(3, w), input(4, u), input(5, b));
            let cell = Cell::new(&w, &u, Some(&b));
            rnn_cell(&input(1, x), &input(2, h), &cell, RnnActivation::Tanh)
                .unwrap_err()
                .code()
        };
        let (x, h, w, u, b) = ([2, 3], [2, 4], [3, 4], [4, 4], [4]);
        assert_eq!(code(&[3], &h, &w, &u, &b), "dimension_count");
        assert_eq!(code(&x, &[1, 4], &w, &u, &b), "shape_mismatch");
        assert_eq!(code(&x, &h, &[2, 4], &u, &b), "shape_mismatch");
        assert_eq!(code(&x, &h, &w, &[4, 5], &b), "shape_mismatch");
        assert_eq!(code(&x, &h, &w, &u, &[5]), "shape_mismatch");
    }
}
