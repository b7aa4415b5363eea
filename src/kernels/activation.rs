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

    /// The gradient is the slope of the curve, by differences in f32 over a step that keeps digits.
    fn check_slope(curve: Curve, slope: Slope, from_input: bool, parameter: f32) {
        let x = [-3.1f32, -1.2, -0.4, 0.3, 0.9, 2.7];
        let step = 1e-2;
        let at = |shift: f32| {
            let mut y = x.map(|x| x + shift);
            curve(&mut y, parameter);
            y
        };
        let (above, below) = (at(step), at(-step));
        let want: Vec<f64> = (0..x.len())
            .map(|i| f64::from(above[i] - below[i]) / f64::from(2.0 * step) * 0.5)
            .collect();
        let mut dy = [0.5f32; 6];
        let seen = if from_input { x } else { at(0.0) };
        slope(&seen, &mut dy, parameter);
        check_close("slope", &dy, &want, 1e-3, 1e-4);
    }

    #[test]
    fn gradients_are_the_slopes() {
        check_slope(leaky_relu, leaky_relu_backward, false, 0.3);
        check_slope(elu, elu_backward, false, 1.7);
        check_slope(sigmoid, sigmoid_backward, false, 0.0);
        check_slope(tanh, tanh_backward, false, 0.0);
        check_slope(softplus, softplus_backward, false, 0.0);
        check_slope(silu, silu_backward, true, 0.0);
        check_slope(gelu, gelu_backward, true, 0.0);
        check_slope(gelu_tanh, gelu_tanh_backward, true, 0.0);
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
