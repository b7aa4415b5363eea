//! Cross-entropy of logits against targets for every class, softmax included.
//!
//! A target row is usually a distribution, but needn't sum to 1: class weights are multiplied in.

use super::{Real, softmax, softmax::maximum};

/// `losses[r] = Σ_j q[r][j] · (ln Σ_k exp(x[r][k]) - x[r][j])`; a target of 0 leaves its logit out.
///
/// Shape: logits and targets `[rows][classes]` → losses `[rows]`.
pub fn forward<T: Real>(
    rows: usize,
    classes: usize,
    logits: &[T],
    targets: &[T],
    losses: &mut [T],
) {
    check("forward", rows, classes, logits.len(), targets.len());
    assert_eq!(
        losses.len(),
        rows,
        "soft_cross_entropy::forward: losses, {rows} rows"
    );
    let pairs = logits
        .chunks_exact(classes)
        .zip(targets.chunks_exact(classes));
    for ((x, q), loss) in pairs.zip(losses) {
        let largest = maximum(x);
        let mut sum = T::ZERO;
        for &x in x {
            sum += (x - largest).exp();
        }
        let whole = sum.ln();
        *loss = T::ZERO;
        for (&x, &q) in x.iter().zip(q) {
            if q != T::ZERO {
                *loss += q * (whole - (x - largest));
            }
        }
    }
}

/// `dlogits = (softmax(logits) · Σ_j q - q) · scale`; `scale` is 1/rows for a mean.
///
/// Shape: logits and targets `[rows][classes]` → dlogits `[rows][classes]`.
pub fn backward<T: Real>(
    rows: usize,
    classes: usize,
    logits: &[T],
    targets: &[T],
    scale: T,
    dlogits: &mut [T],
) {
    check("backward", rows, classes, dlogits.len(), targets.len());
    softmax::forward(rows, classes, logits, dlogits);
    let pairs = dlogits
        .chunks_exact_mut(classes)
        .zip(targets.chunks_exact(classes));
    for (d, q) in pairs {
        let whole = q.iter().fold(T::ZERO, |sum, &q| sum + q);
        for (d, &q) in d.iter_mut().zip(q) {
            *d = (*d * whole - q) * scale;
        }
    }
}

/// `q[r][j] = (1 - smoothing)·[j = label] + smoothing / classes` (Szegedy et al. 2016).
///
/// Shape: labels `[rows]` below `classes` → targets `[rows][classes]`.
pub fn smooth_labels<T: Real>(classes: usize, labels: &[u32], smoothing: f64, targets: &mut [T]) {
    let rows = labels.len();
    check(
        "smooth_labels",
        rows,
        classes,
        targets.len(),
        rows * classes,
    );
    targets.fill(T::from_f64(smoothing / classes as f64));
    for (q, &label) in targets.chunks_exact_mut(classes).zip(labels) {
        q[label as usize] += T::from_f64(1.0 - smoothing);
    }
}

fn check(what: &str, rows: usize, classes: usize, len: usize, targets: usize) {
    let op = format_args!("soft_cross_entropy::{what}");
    assert!(classes > 0, "{op}: no classes");
    let wanted = rows * classes;
    assert_eq!(len, wanted, "{op}: {len} elements for [{rows}][{classes}]");
    assert_eq!(targets, wanted, "{op}: {targets} targets");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cross_entropy;
    use crate::kernels::testing::{Numbers, check_close};

    #[test]
    fn labels_without_smoothing_give_the_plain_loss_and_gradient() {
        let (rows, classes) = (5, 7);
        let mut numbers = Numbers::new(1);
        let x: Vec<f64> = numbers.vec(rows * classes);
        let labels = numbers.labels(rows, classes);
        let mut targets = vec![f64::NAN; rows * classes];
        smooth_labels(classes, &labels, 0.0, &mut targets);
        let (mut soft, mut plain) = (vec![0.0; rows], vec![0.0; rows]);
        forward(rows, classes, &x, &targets, &mut soft);
        cross_entropy::forward_labels(rows, classes, &x, &labels, &mut plain);
        check_close("losses", &soft, &plain, 1e-14, 0.0);
        let (mut soft, mut plain) = (targets.clone(), targets.clone());
        backward(rows, classes, &x, &targets, 0.2, &mut soft);
        cross_entropy::backward_labels(rows, classes, &x, &labels, 0.2, &mut plain);
        check_close("gradient", &soft, &plain, 1e-13, 1e-15);
    }

    #[test]
    fn smoothed_rows_sum_to_one() {
        let mut targets = [0f32; 8];
        smooth_labels(4, &[2, 0], 0.2, &mut targets);
        let want = [0.05, 0.05, 0.85, 0.05, 0.85, 0.05, 0.05, 0.05];
        check_close("targets", &targets, &want, 1e-6, 0.0);
    }

    #[test]
    fn a_class_without_weight_may_be_impossible() {
        let mut loss = [f64::NAN];
        forward(1, 2, &[3.0, f64::NEG_INFINITY], &[1.0, 0.0], &mut loss);
        assert_eq!(loss, [0.0]);
    }
}
