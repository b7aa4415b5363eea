//! One step of the gated recurrent unit.

use super::recurrent::{Cell, check_state, gates};
use super::shapes::require;
use super::{Args, add, dense, mul, sigmoid, sub, tanh};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// In which order the gates stand in the weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GateOrder {
    /// Update, reset, candidate: Keras's z, r, h.
    #[default]
    UpdateFirst,
    /// Reset, update, candidate: PyTorch's r, z, n.
    ResetFirst,
}

/// Which of the two GRUs, and how its gates stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GruOptions {
    /// Whether the reset gate acts after the product with u: Keras's default, cuDNN's and PyTorch's
    /// only way. Before it is the paper's.
    pub reset_after: bool,
    /// The order of the gates.
    pub order: GateOrder,
}

impl Default for GruOptions {
    fn default() -> Self {
        Self {
            reset_after: true,
            order: GateOrder::UpdateFirst,
        }
    }
}

/// h' = z · h + (1 − z) · n with z, r = σ(x · w + b + h · u + recurrent b) and
/// n = tanh(x · w + b + r · (h · u + recurrent b)), or tanh(x · w + b + (r · h) · u) where the reset comes
/// before the product; each with its gate's columns. Composed.
///
/// Shape: x [N, I], h [N, H], w [I, 3H], u [H, 3H], both biases [3H] → [N, H], Keras's layout (PyTorch
/// holds w and u transposed). Cho et al. 2014. Errs where shapes don't fit, and on a recurrent bias
/// where the reset comes before the product.
pub fn gru_cell<T: Scalar>(
    x: &Tensor<T>,
    h: &Tensor<T>,
    cell: &Cell<T>,
    options: GruOptions,
) -> Result<Tensor<T>> {
    const OP: &str = "gru_cell";
    let units = cell.check(OP, x, 3)?;
    check_state(OP, "h", x, h, units)?;
    let bias_fits = options.reset_after || cell.recurrent_b.is_none();
    require(bias_fits, OP, "recurrent_b", "none", "one")?;
    let of_input = cell.of_input(x)?;
    let (of_gates, of_candidate) = if options.reset_after {
        let of_state = cell.of_state(h)?;
        let (both, last) = (
            gates(&of_state, units, 0, 2)?,
            gates(&of_state, units, 2, 1)?,
        );
        (both, Some(last))
    } else {
        (dense(h, &gates(&cell.u, units, 0, 2)?, None)?, None)
    };
    let sums = add(&gates(&of_input, units, 0, 2)?, &of_gates)?;
    let both = sigmoid(&sums)?;
    let (first, second) = (gates(&both, units, 0, 1)?, gates(&both, units, 1, 1)?);
    let (update, reset) = match options.order {
        GateOrder::UpdateFirst => (first, second),
        GateOrder::ResetFirst => (second, first),
    };
    let recurrent = match of_candidate {
        Some(of_state) => mul(&reset, &of_state)?,
        None => dense(&mul(&reset, h)?, &gates(&cell.u, units, 2, 1)?, None)?,
    };
    let candidate = tanh(&add(&gates(&of_input, units, 2, 1)?, &recurrent)?)?;
    // z · h + (1 − z) · n = n + z · (h − n)
    add(&candidate, &mul(&update, &sub(h, &candidate)?)?)
}

/// By name: x, h, w, u and, if there are, b and recurrent b; `reset_after` (true where it is left
/// out), `order` ("zrh" where it is left out, or "rzn").
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let order = match args.text("order")? {
        None | Some("zrh") => GateOrder::UpdateFirst,
        Some("rzn") => GateOrder::ResetFirst,
        Some(_) => return Err(args.refused("order", "zrh, rzn")),
    };
    let reset_after = match args.json("reset_after") {
        None => true,
        Some(_) => args.flag("reset_after")?,
    };
    let options = GruOptions { reset_after, order };
    let cell = Cell::from_args(args, 2)?;
    gru_cell(args.tensor(0)?, args.tensor(1)?, &cell, options)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    const SHAPES: [&[usize]; 6] = [&[2, 3], &[2, 4], &[3, 12], &[4, 12], &[12], &[12]];

    #[test]
    fn gradients_are_the_slopes_over_two_steps() {
        for order in [GateOrder::UpdateFirst, GateOrder::ResetFirst] {
            check(&SHAPES, |x| {
                let cell = Cell {
                    recurrent_b: Some(x[5].clone()),
                    ..Cell::new(&x[2], &x[3], Some(&x[4]))
                };
                let options = GruOptions {
                    order,
                    reset_after: true,
                };
                let h = gru_cell(&x[0], &x[1], &cell, options)?;
                gru_cell(&x[0], &h, &cell, options)
            });
            check(&SHAPES[..5], |x| {
                let cell = Cell::new(&x[2], &x[3], Some(&x[4]));
                let options = GruOptions {
                    order,
                    reset_after: false,
                };
                let h = gru_cell(&x[0], &x[1], &cell, options)?;
                gru_cell(&x[0], &h, &cell, options)
            });
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let (x, h, w, b) = (
            input(1, &[2, 3]),
            input(2, &[2, 4]),
            input(3, &[3, 12]),
            input(5, &[12]),
        );
        let cell = |u: &[usize]| Cell {
            recurrent_b: Some(b.clone()),
            ..Cell::new(&w, &input(4, u), None)
        };
        let before = GruOptions {
            reset_after: false,
            ..GruOptions::default()
        };
        let error = gru_cell(&x, &h, &cell(&[4, 12]), before).unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
        let error = gru_cell(&x, &h, &cell(&[5, 12]), GruOptions::default()).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
    }
}
