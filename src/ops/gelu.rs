//! The Gaussian error linear unit, in both its forms.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use super::Args;
use super::elementwise::unary;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x · Φ(x), Φ being the normal distribution function; dx = dy · (Φ(x) + x · φ(x)).
///
/// Hendrycks and Gimpel 2016, whose `approximate` form puts ½(1 + tanh(√(2/π)(x + 0.044715 x³))) for
/// Φ; BERT and GPT-2 were trained with it. Exact unless asked, as in PyTorch and Keras.
pub fn gelu<T: Scalar>(x: &Tensor<T>, approximate: bool) -> Result<Tensor<T>> {
    Ok(if approximate {
        unary("gelu", x, |x| x * tanh_share(x).0, tanh_slope)
    } else {
        unary("gelu", x, |x| x * normal_share(x), normal_slope)
    })
}

/// Φ(x) = ½ (1 + erf(x / √2))
fn normal_share<T: Scalar>(x: T) -> T {
    T::from_f64(0.5) * (T::ONE + (x * T::from_f64(FRAC_1_SQRT_2)).erf())
}

/// Φ(x) + x · φ(x), with φ(x) = e^(−x²/2) / √(2π)
fn normal_slope<T: Scalar>(x: T, _: T) -> T {
    let scale = T::from_f64(0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2);
    let density = scale * (-T::from_f64(0.5) * x * x).exp();
    normal_share(x) + x * density
}

fn tanh_slope<T: Scalar>(x: T, _: T) -> T {
    let (share, slope) = tanh_share(x);
    share + x * slope
}

/// The tanh form of Φ, and its slope ½ (1 − tanh²) · √(2/π)(1 + 3 · 0.044715 x²).
fn tanh_share<T: Scalar>(x: T) -> (T, T) {
    let (half, cubic) = (T::from_f64(0.5), T::from_f64(0.044715));
    let scale = T::from_f64(FRAC_2_SQRT_PI * FRAC_1_SQRT_2);
    let square = x * x;
    let t = (scale * x * (T::ONE + cubic * square)).tanh();
    let flatness = T::ONE - t * t;
    // Far out the flatness is 0 and the square may be infinite.
    let slope = if flatness == T::ZERO {
        T::ZERO
    } else {
        half * flatness * scale * (T::ONE + T::from_f64(3.0) * cubic * square)
    };
    (half * (T::ONE + t), slope)
}

/// By name: one tensor; `approximate` ("none" where it is left out, or "tanh").
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    match args.text("approximate")? {
        None | Some("none") => gelu(args.tensor(0)?, false),
        Some("tanh") => gelu(args.tensor(0)?, true),
        Some(_) => Err(args.refused("approximate", "none, tanh")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, value_and_gradient};
    use super::*;

    #[test]
    fn gradient_is_the_slope_in_both_forms() {
        for approximate in [false, true] {
            check(&[&[3, 4]], |x| gelu(&x[0], approximate));
        }
    }

    #[test]
    fn far_inputs_reach_the_rectifier_without_nan() {
        for approximate in [false, true] {
            let (y, dx) =
                value_and_gradient(&[-1e200, -40.0, 0.0, 40.0, 1e200], |x| gelu(x, approximate));
            assert_eq!(y, [0.0, 0.0, 0.0, 40.0, 1e200]);
            assert_eq!(dx, [0.0, 0.0, 0.5, 1.0, 1.0]);
        }
    }
}
