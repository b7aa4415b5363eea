//! The rectifier that leaks.

use super::{Args, mul};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x where x > 0, else slope · x; dx = dy where x > 0, else slope · dy: composed, a product with
/// the slopes.
///
/// The slope at 0 is `slope`, as in PyTorch. PyTorch's function leaks 0.01, Keras's layer 0.3.
pub fn leaky_relu<T: Scalar>(x: &Tensor<T>, slope: f64) -> Result<Tensor<T>> {
    let slope = T::from_f64(slope);
    let slopes = x.value().map(|x| if x > T::ZERO { T::ONE } else { slope });
    mul(x, &Tensor::constant(slopes))
}

/// By name: one tensor; `slope` (0.01 where it is left out, as in PyTorch).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    leaky_relu(args.tensor(0)?, args.number("slope")?.unwrap_or(0.01))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        for slope in [0.3, 0.0, -1.5] {
            check(&[&[3, 4]], |x| leaky_relu(&x[0], slope));
        }
    }

    #[test]
    fn at_zero_it_leaks() {
        let (y, dx) = value_and_gradient(&[-2.0, 0.0, 3.0], |x| leaky_relu(x, 0.25));
        assert_eq!((y, dx), (vec![-0.5, 0.0, 3.0], vec![0.25, 0.25, 1.0]));
    }
}
