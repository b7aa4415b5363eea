//! The exponential linear unit.

use super::elementwise::unary;
use super::{Args, add, mul, relu};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x where x > 0, else α · (eˣ − 1); dx = dy where x > 0, else dy · α · eˣ. Composed:
/// max(x, 0) + α · (e^min(x, 0) − 1).
///
/// Clevert et al. 2015, as in PyTorch and Keras; `alpha` is 1 in both unless given. The slope at NaN is
/// NaN (1 in PyTorch).
pub fn elu<T: Scalar>(x: &Tensor<T>, alpha: f64) -> Result<Tensor<T>> {
    let below = unary("elu", x, below, below_slope);
    add(&relu(x)?, &mul(&below, &Tensor::scalar(alpha))?)
}

fn below<T: Scalar>(x: T) -> T {
    if x > T::ZERO { T::ZERO } else { x.exp_m1() }
}

fn below_slope<T: Scalar>(x: T, y: T) -> T {
    if x > T::ZERO { T::ZERO } else { y + T::ONE }
}

/// By name: one tensor; `alpha` (1 where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    elu(args.tensor(0)?, args.number("alpha")?.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        for alpha in [1.0, 0.3] {
            check(&[&[3, 4]], |x| elu(&x[0], alpha));
        }
    }

    #[test]
    fn far_below_it_reaches_minus_alpha_and_far_above_does_not_overflow() {
        let (y, dx) = value_and_gradient(&[-1000.0, 0.0, 1000.0], |x| elu(x, 2.0));
        assert_eq!((y, dx), (vec![-2.0, 0.0, 1000.0], vec![0.0, 2.0, 1.0]));
    }
}
