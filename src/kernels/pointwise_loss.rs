//! Losses that judge each number by itself.

use super::Real;

/// Loss and slope of one answer p against its target t.
pub type Loss = fn(p: f32, t: f32) -> (f32, f32);

/// `(p − t)²`, slope `2 (p − t)`
pub fn squared(p: f32, t: f32) -> (f32, f32) {
    let off = p - t;
    (off * off, 2.0 * off)
}

/// `|p − t|`, slope its sign; 0 where they meet.
pub fn absolute(p: f32, t: f32) -> (f32, f32) {
    let off = p - t;
    let sign = f32::from(i8::from(off > 0.0) - i8::from(off < 0.0));
    (off.abs(), if off.is_nan() { off } else { sign })
}

/// `½ (p − t)²` within 1, `|p − t| − ½` beyond (Huber 1964, delta 1); slope `p − t`, cut at ±1.
pub fn huber(p: f32, t: f32) -> (f32, f32) {
    let off = p - t;
    if off.abs() <= 1.0 {
        (0.5 * off * off, off)
    } else {
        (off.abs() - 0.5, off.clamp(-1.0, 1.0))
    }
}

/// `max(p, 0) − p · t + ln(1 + e^(−|p|))`, p being a logit; slope `σ(p) − t`.
pub fn binary_cross_entropy_with_logits(p: f32, t: f32) -> (f32, f32) {
    let small = Real::exp(-p.abs());
    let share = if p < 0.0 { small } else { 1.0 } / (1.0 + small);
    let loss = (if p < 0.0 { 0.0 } else { p }) - p * t + Real::ln_1p(small);
    (loss, share - t)
}

/// `Σ loss(p, t)`, in f64. Shape: answers and targets `[N]`.
pub fn forward(loss: Loss, answers: &[f32], targets: &[f32]) -> f64 {
    check("pointwise_loss::forward", answers, targets);
    let pairs = answers.iter().zip(targets);
    pairs.map(|(&p, &t)| f64::from(loss(p, t).0)).sum()
}

/// `dp = slope(p, t) · scale`. Shape: all `[N]`.
pub fn backward(loss: Loss, answers: &[f32], targets: &[f32], scale: f32, dp: &mut [f32]) {
    check("pointwise_loss::backward", answers, targets);
    check("pointwise_loss::backward", answers, dp);
    for ((&p, &t), dp) in answers.iter().zip(targets).zip(dp) {
        *dp = loss(p, t).1 * scale;
    }
}

fn check(op: &str, answers: &[f32], targets: &[f32]) {
    assert_eq!(
        answers.len(),
        targets.len(),
        "{op}: {} answers, {} targets",
        answers.len(),
        targets.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::check_close;

    #[test]
    fn the_gradient_is_the_slope_of_the_sum() {
        let losses: [Loss; 4] = [squared, absolute, huber, binary_cross_entropy_with_logits];
        for loss in losses {
            let (p, t) = ([-2.5f32, -0.4, 0.3, 1.9], [0.25f32, 1.0, 0.0, 0.75]);
            let sum = |step: f32| forward(loss, &p.map(|p| p + step), &t);
            let mut dp = [9f32; 4];
            backward(loss, &p, &t, 1.0, &mut dp);
            let slope = (sum(1e-2) - sum(-1e-2)) / 2e-2;
            check_close("slope", &[dp.iter().sum::<f32>()], &[slope], 1e-3, 1e-3);
        }
    }

    #[test]
    fn losses_and_slopes_by_hand() {
        assert_eq!(squared(0.5, 2.0), (2.25, -3.0));
        assert_eq!(
            [absolute(0.5, 2.0), absolute(2.0, 0.5)],
            [(1.5, -1.0), (1.5, 1.0)]
        );
        assert_eq!(
            [huber(0.5, 2.0), huber(0.5, 0.25)],
            [(1.0, -1.0), (0.03125, 0.25)]
        );
        let (loss, slope) = binary_cross_entropy_with_logits(0.0, 0.25);
        check_close("at 0", &[loss, slope], &[2f64.ln(), 0.25], 1e-6, 0.0);
    }

    #[test]
    fn far_logits_cost_their_margin_and_nan_stays() {
        assert_eq!(binary_cross_entropy_with_logits(500.0, 1.0), (0.0, 0.0));
        assert_eq!(binary_cross_entropy_with_logits(-500.0, 1.0), (500.0, -1.0));
        for loss in [squared, absolute, huber, binary_cross_entropy_with_logits] {
            let (value, slope) = loss(f32::NAN, 0.0);
            assert!(value.is_nan() && slope.is_nan());
        }
    }
}
