//! Activations in place, f32: the curve on its input, and the gradient multiplied by its slope.
//!
//! A slope is taken from the output where the output tells it, and else from the input.
//! [`relu`](super::relu) and [`softmax`](super::softmax) have files of their own.

use super::Real;

/// `y = f(y)`
fn map(y: &mut [f32], f: impl Fn(f32) -> f32) {
    for y in y {
        *y = f(*y);
    }
}

/// `dy *= slope(v)`, v being the output or the input.
fn scale(v: &[f32], dy: &mut [f32], slope: impl Fn(f32) -> f32) {
    assert_eq!(
        v.len(),
        dy.len(),
        "activation: values of {}, dy of {}",
        v.len(),
        dy.len()
    );
    for (dy, &v) in dy.iter_mut().zip(v) {
        *dy *= slope(v);
    }
}

/// `y = x where x > 0, else leak · x`
pub fn leaky_relu(y: &mut [f32], leak: f32) {
    map(y, |x| if x > 0.0 { x } else { leak * x });
}

/// `dx = dy where x > 0, else leak · dy`; `leak` is at least 0, so the output has the input's sign.
pub fn leaky_relu_backward(y: &[f32], dy: &mut [f32], leak: f32) {
    scale(y, dy, |y| if y > 0.0 { 1.0 } else { leak });
}

/// `y = x where x > 0, else alpha · (eˣ − 1)`
pub fn elu(y: &mut [f32], alpha: f32) {
    map(y, |x| if x > 0.0 { x } else { alpha * Real::exp_m1(x) });
}

/// `dx = dy where x > 0, else dy · alpha · eˣ`, and `alpha · eˣ = y + alpha`
pub fn elu_backward(y: &[f32], dy: &mut [f32], alpha: f32) {
    scale(y, dy, |y| if y > 0.0 { 1.0 } else { y + alpha });
}

/// `1 / (1 + e⁻ˣ)`, taking the exponential of −|x| only, which cannot overflow.
fn logistic(x: f32) -> f32 {
    let small = Real::exp(-x.abs());
    if x < 0.0 {
        small / (1.0 + small)
    } else {
        1.0 / (1.0 + small)
    }
}

/// `y = σ(x) = 1 / (1 + e⁻ˣ)`
pub fn sigmoid(y: &mut [f32], _: f32) {
    map(y, logistic);
}

/// `dx = dy · y · (1 − y)`
pub fn sigmoid_backward(y: &[f32], dy: &mut [f32], _: f32) {
    scale(y, dy, |y| y * (1.0 - y));
}

/// `y = tanh x`
pub fn tanh(y: &mut [f32], _: f32) {
    map(y, Real::tanh);
}

/// `dx = dy · (1 − y²)`
pub fn tanh_backward(y: &[f32], dy: &mut [f32], _: f32) {
    scale(y, dy, |y| 1.0 - y * y);
}

/// `y = ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|))`
pub fn softplus(y: &mut [f32], _: f32) {
    map(y, |x| {
        (if x > 0.0 { x } else { 0.0 }) + Real::ln_1p(Real::exp(-x.abs()))
    });
}

/// `dx = dy · σ(x)`, and `σ(x) = 1 − e⁻ʸ`
pub fn softplus_backward(y: &[f32], dy: &mut [f32], _: f32) {
    scale(y, dy, |y| -Real::exp_m1(-y));
}

/// `y = x · σ(x)`
pub fn silu(y: &mut [f32], _: f32) {
    map(y, |x| x * logistic(x));
}

/// `dx = dy · σ(x) · (1 + x · (1 − σ(x)))`
pub fn silu_backward(x: &[f32], dy: &mut [f32], _: f32) {
    scale(x, dy, |x| {
        let share = logistic(x);
        share * (1.0 + x * (1.0 - share))
    });
}

/// Φ(x) = ½ (1 + erf(x / √2))
fn normal_share(x: f32) -> f32 {
    0.5 * (1.0 + Real::erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// `y = x · Φ(x)`
pub fn gelu(y: &mut [f32], _: f32) {
    map(y, |x| x * normal_share(x));
}

/// `dx = dy · (Φ(x) + x · e^(−x²/2) / √(2π))`
pub fn gelu_backward(x: &[f32], dy: &mut [f32], _: f32) {
    let scale_of_density = 0.5 * std::f32::consts::FRAC_2_SQRT_PI * std::f32::consts::FRAC_1_SQRT_2;
    scale(x, dy, |x| {
        normal_share(x) + x * scale_of_density * Real::exp(-0.5 * x * x)
    });
}

/// ½ (1 + tanh(√(2/π)(x + 0.044715 x³))), and its slope.
fn tanh_share(x: f32) -> (f32, f32) {
    let scale = std::f32::consts::FRAC_2_SQRT_PI * std::f32::consts::FRAC_1_SQRT_2;
    let square = x * x;
    let t = Real::tanh(scale * x * (1.0 + 0.044_715 * square));
    let flatness = 1.0 - t * t;
    // Far out the flatness is 0 and the square may be infinite.
    let slope = if flatness == 0.0 {
        0.0
    } else {
        0.5 * flatness * scale * (1.0 + 3.0 * 0.044_715 * square)
    };
    (0.5 * (1.0 + t), slope)
}

/// `y = x · ½ (1 + tanh(√(2/π)(x + 0.044715 x³)))`
pub fn gelu_tanh(y: &mut [f32], _: f32) {
    map(y, |x| x * tanh_share(x).0);
}

/// `dx = dy · (share + x · share′)`
pub fn gelu_tanh_backward(x: &[f32], dy: &mut [f32], _: f32) {
    scale(x, dy, |x| {
        let (share, slope) = tanh_share(x);
        share + x * slope
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::check_close;

    type Curve = fn(&mut [f32], f32);
    type Slope = fn(&[f32], &mut [f32], f32);

    /// Curve and gradient are those of the formula in f64, the gradient by its differences: in f32
    /// these would hide a scale of 1.001.
    fn check(
        curve: Curve,
        slope: Slope,
        from_input: bool,
        parameter: f32,
        formula: fn(f64) -> f64,
    ) {
        let x = [-3.1f32, -1.2, -0.4, 0.3, 0.9, 2.7];
        let mut y = x;
        curve(&mut y, parameter);
        let wide = x.map(f64::from);
        check_close("curve", &y, &wide.map(formula), 1e-5, 1e-6);
        let step = 1e-5;
        let want = wide.map(|x| (formula(x + step) - formula(x - step)) / (2.0 * step) * 0.5);
        let mut dy = [0.5f32; 6];
        slope(if from_input { &x } else { &y }, &mut dy, parameter);
        check_close("slope", &dy, &want, 1e-5, 1e-6);
    }

    #[test]
    fn curves_and_gradients_are_those_of_their_formulas() {
        let leaky = |x: f64| if x > 0.0 { x } else { f64::from(0.3f32) * x };
        check(leaky_relu, leaky_relu_backward, false, 0.3, leaky);
        let exponential = |x: f64| if x > 0.0 { x } else { 1.5 * libm::expm1(x) };
        check(elu, elu_backward, false, 1.5, exponential);
        let logistic = |x: f64| 1.0 / (1.0 + libm::exp(-x));
        check(sigmoid, sigmoid_backward, false, 0.0, logistic);
        check(tanh, tanh_backward, false, 0.0, libm::tanh);
        check(softplus, softplus_backward, false, 0.0, |x| {
            libm::log1p(libm::exp(x))
        });
        check(silu, silu_backward, true, 0.0, |x| {
            x / (1.0 + libm::exp(-x))
        });
        let normal = |x: f64| 0.5 * x * (1.0 + libm::erf(x / libm::sqrt(2.0)));
        check(gelu, gelu_backward, true, 0.0, normal);
        let by_tanh = |x: f64| {
            let inner = libm::sqrt(2.0 / std::f64::consts::PI) * (x + 0.044715 * x * x * x);
            0.5 * x * (1.0 + libm::tanh(inner))
        };
        check(gelu_tanh, gelu_tanh_backward, true, 0.0, by_tanh);
    }

    #[test]
    fn far_inputs_reach_their_limits_without_nan() {
        let far = |curve: Curve| {
            let mut y = [-200f32, 0.0, 200.0];
            curve(&mut y, 1.0);
            y
        };
        assert_eq!(far(sigmoid), [0.0, 0.5, 1.0]);
        assert_eq!(far(elu), [-1.0, 0.0, 200.0]);
        assert_eq!(far(gelu_tanh), [0.0, 0.0, 200.0]);
        assert_eq!(far(silu)[2], 200.0);
        assert_eq!(far(softplus)[2], 200.0);
        let mut dy = [1f32; 2];
        gelu_tanh_backward(&[-1e30, 1e30], &mut dy, 0.0);
        assert_eq!(dy, [0.0, 1.0]);
    }
}
