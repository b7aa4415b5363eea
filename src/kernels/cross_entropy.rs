//! Cross-entropy of logits against integer labels, softmax included.

use super::{Real, softmax::maximum};

/// `losses[r] = ln Σ_j exp(x[r][j]) - x[r][label]`, kept stable by the row's maximum.
///
/// Shape: logits `[rows][classes]`, labels `[rows]` below `classes` → losses `[rows]`.
pub fn forward_labels<T: Real>(
    rows: usize,
    classes: usize,
    logits: &[T],
    labels: &[u32],
    losses: &mut [T],
) {
    check(
        "cross_entropy::forward_labels",
        rows,
        classes,
        logits.len(),
        labels,
    );
    assert_eq!(
        losses.len(),
        rows,
        "cross_entropy::forward_labels: losses, {rows} rows"
    );
    for ((x, &label), loss) in logits.chunks_exact(classes).zip(labels).zip(losses) {
        let largest = maximum(x);
        let mut sum = T::ZERO;
        for &x in x {
            sum += (x - largest).exp();
        }
        *loss = sum.ln() - (x[label as usize] - largest);
    }
}

/// `dlogits = (softmax(logits) - one_hot(label)) · scale`; `scale` is 1/rows for a mean.
///
/// Shape: logits `[rows][classes]`, labels `[rows]` → dlogits `[rows][classes]`.
pub fn backward_labels<T: Real>(
    rows: usize,
    classes: usize,
    logits: &[T],
    labels: &[u32],
    scale: T,
    dlogits: &mut [T],
) {
    check(
        "cross_entropy::backward_labels",
        rows,
        classes,
        dlogits.len(),
        labels,
    );
    super::softmax::forward(rows, classes, logits, dlogits);
    for (d, &label) in dlogits.chunks_exact_mut(classes).zip(labels) {
        d[label as usize] -= T::ONE;
        for d in d {
            *d *= scale;
        }
    }
}

fn check(op: &str, rows: usize, classes: usize, len: usize, labels: &[u32]) {
    assert!(classes > 0, "{op}: no classes");
    assert_eq!(
        len,
        rows * classes,
        "{op}: {len} elements for [{rows}][{classes}]"
    );
    assert_eq!(
        labels.len(),
        rows,
        "{op}: {} labels for {rows} rows",
        labels.len()
    );
    if let Some(label) = labels.iter().find(|&&label| label as usize >= classes) {
        panic!("{op}: label {label} of {classes} classes");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};

    #[test]
    fn the_gradient_is_the_slope_of_the_mean_loss() {
        let (rows, classes) = (4, 7);
        let mut numbers = Numbers::new(3);
        let x: Vec<f64> = numbers.vec(rows * classes);
        let direction: Vec<f64> = numbers.vec(rows * classes);
        let labels = numbers.labels(rows, classes);
        let mean = |step: f64| {
            let moved: Vec<f64> = x
                .iter()
                .zip(&direction)
                .map(|(x, d)| x + step * d)
                .collect();
            let mut losses = vec![0.0; rows];
            forward_labels(rows, classes, &moved, &labels, &mut losses);
            losses.iter().sum::<f64>() / rows as f64
        };
        let mut dx = vec![0.0; rows * classes];
        backward_labels(rows, classes, &x, &labels, 1.0 / rows as f64, &mut dx);
        let slope: f64 = dx.iter().zip(&direction).map(|(a, b)| a * b).sum();
        check_close(
            "slope",
            &[slope],
            &[(mean(1e-5) - mean(-1e-5)) / 2e-5],
            1e-7,
            1e-9,
        );
    }

    #[test]
    fn a_sure_answer_costs_nothing_and_a_sure_mistake_its_margin() {
        let mut losses = [0f32; 2];
        forward_labels(2, 2, &[1000.0, 0.0, 1000.0, 0.0], &[0, 1], &mut losses);
        assert_eq!(losses, [0.0, 1000.0]);
    }

    #[test]
    #[should_panic(expected = "label 3 of 3 classes")]
    fn a_label_beyond_the_classes_is_named() {
        forward_labels(1, 3, &[0f32; 3], &[3], &mut [0.0]);
    }
}
