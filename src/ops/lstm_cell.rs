//! One step of long short-term memory.

use super::recurrent::{Cell, check_state, gates};
use super::{Args, add, concat, mul, reshape, sigmoid, tanh};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// c' = σ(f) · c + σ(i) · tanh(g), h' = σ(o) · tanh(c') with i, f, g, o = x · w + h · u + b, composed;
/// returns (h', c').
///
/// Shape: x [N, I], h and c [N, H], w [I, 4H], u [H, 4H], b [4H] → both [N, H], Keras's layout. The
/// gates stand in the order i, f, g, o, the same in Keras and in PyTorch (which holds w and u
/// transposed, and two biases, whose sum is b). Hochreiter and Schmidhuber 1997, with Gers's forget
/// gate. Errs where shapes don't fit.
pub fn lstm_cell<T: Scalar>(
    x: &Tensor<T>,
    h: &Tensor<T>,
    c: &Tensor<T>,
    cell: &Cell<T>,
) -> Result<(Tensor<T>, Tensor<T>)> {
    const OP: &str = "lstm_cell";
    let units = cell.check(OP, x, 4)?;
    check_state(OP, "h", x, h, units)?;
    check_state(OP, "c", x, c, units)?;
    let sums = add(&cell.of_input(x)?, &cell.of_state(h)?)?;
    let input_and_forget = sigmoid(&gates(&sums, units, 0, 2)?)?;
    let input = gates(&input_and_forget, units, 0, 1)?;
    let forget = gates(&input_and_forget, units, 1, 1)?;
    let candidate = tanh(&gates(&sums, units, 2, 1)?)?;
    let output = sigmoid(&gates(&sums, units, 3, 1)?)?;
    let c = add(&mul(&forget, c)?, &mul(&input, &candidate)?)?;
    let h = mul(&output, &tanh(&c)?)?;
    Ok((h, c))
}

/// By name: x, h, c, w, u and, if there is one, b → [2, N, H]: h' and c', one after the other.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let cell = Cell::from_args(args, 3)?;
    let (h, c) = lstm_cell(args.tensor(0)?, args.tensor(1)?, args.tensor(2)?, &cell)?;
    let shape = h.shape();
    let part = |state| reshape(state, &[1, shape[0], shape[1]]);
    concat(&[part(&h)?, part(&c)?], 0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_over_two_steps() {
        let shapes: [&[usize]; 6] = [&[2, 3], &[2, 4], &[2, 4], &[3, 16], &[4, 16], &[16]];
        check(&shapes, |x| {
            let cell = Cell::new(&x[3], &x[4], Some(&x[5]));
            let (h, c) = lstm_cell(&x[0], &x[1], &x[2], &cell)?;
            let (h, c) = lstm_cell(&x[0], &h, &c, &cell)?;
            concat(&[h, c], 0)
        });
        check(&shapes[..5], |x| {
            Ok(lstm_cell(&x[0], &x[1], &x[2], &Cell::new(&x[3], &x[4], None))?.0)
        });
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |c: &[usize], w: &[usize]| {
            let cell = Cell::new(&input(4, w), &input(5, &[4, 16]), None);
            lstm_cell(&input(1, &[2, 3]), &input(2, &[2, 4]), &input(3, c), &cell)
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[2, 3], &[3, 16]), "shape_mismatch");
        assert_eq!(code(&[2, 4], &[3, 12]), "shape_mismatch");
    }
}
