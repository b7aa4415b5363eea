//! The share of right answers.

use super::rows;
use crate::data::check_labels;
use crate::error::{Error, Result};

/// The share of rows whose first largest score is their label's, 0 to 1 (Keras's
/// `SparseCategoricalAccuracy`). A row with a NaN is wrong.
///
/// Shape: scores [N, classes], labels [N], N ≥ 1. Errs on other lengths and on a label that names no
/// class.
pub fn accuracy(scores: &[f32], labels: &[u32], classes: usize) -> Result<f64> {
    check("accuracy", scores, labels, classes)?;
    let right = |(row, &label): (&[f32], &u32)| {
        let score = row[label as usize];
        let before = &row[..label as usize];
        // Only what is larger, or as large and earlier, takes its place; NaN is compared with nothing.
        row.iter().all(|&s| s <= score) && before.iter().all(|&s| s != score)
    };
    Ok(share(scores, labels, classes, right))
}

/// The share of rows in which fewer than `k` scores are larger than their label's, 0 to 1 (Keras's
/// `SparseTopKCategoricalAccuracy`, in which ties count as found).
///
/// `k` ≥ 1. Shape and errors as [`accuracy`].
pub fn top_k_accuracy(scores: &[f32], labels: &[u32], classes: usize, k: usize) -> Result<f64> {
    check("top_k_accuracy", scores, labels, classes)?;
    if k == 0 {
        return Err(Error::InvalidArgument {
            place: "top_k_accuracy".into(),
            argument: "k".into(),
            expected: ">= 1".into(),
            got: "0".into(),
        });
    }
    let found = |(row, &label): (&[f32], &u32)| {
        let score = row[label as usize];
        score.is_finite() && row.iter().filter(|&&s| s > score).count() < k
    };
    Ok(share(scores, labels, classes, found))
}

fn share(
    scores: &[f32],
    labels: &[u32],
    classes: usize,
    counts: impl Fn((&[f32], &u32)) -> bool,
) -> f64 {
    let pairs = scores.chunks_exact(classes).zip(labels);
    pairs.filter(|&pair| counts(pair)).count() as f64 / labels.len() as f64
}

fn check(place: &str, scores: &[f32], labels: &[u32], classes: usize) -> Result<()> {
    rows(place, scores.len(), labels.len(), classes)?;
    check_labels(labels, classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Ranks of the label: 1, 3, shared 1 and 2, 4.
    const SCORES: [f32; 16] = [
        0.9, 0.1, 0.2, 0.3, //
        0.5, 0.4, 0.3, 0.1, //
        0.2, 0.7, 0.7, 0.1, //
        0.4, 0.3, 0.2, 0.1,
    ];
    const LABELS: [u32; 4] = [0, 2, 2, 3];

    #[test]
    fn the_first_largest_score_is_the_answer() {
        assert_eq!(accuracy(&SCORES, &LABELS, 4).unwrap(), 0.25);
        assert_eq!(accuracy(&SCORES, &[0, 0, 1, 0], 4).unwrap(), 1.0);
        assert_eq!(accuracy(&[f32::NAN, 0.0], &[0], 2).unwrap(), 0.0);
        assert_eq!(accuracy(&[f32::NAN, 0.0], &[1], 2).unwrap(), 0.0);
    }

    #[test]
    fn the_label_is_among_the_best_k() {
        let shares = [1, 2, 3, 4, 9].map(|k| top_k_accuracy(&SCORES, &LABELS, 4, k).unwrap());
        assert_eq!(shares, [0.5, 0.5, 0.75, 1.0, 1.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |result: Result<f64>| result.unwrap_err().code();
        assert_eq!(code(accuracy(&SCORES, &LABELS[..3], 4)), "length_mismatch");
        assert_eq!(code(accuracy(&[], &[], 4)), "length_mismatch");
        let wrong = accuracy(&SCORES, &[0, 0, 4, 0], 4);
        assert_eq!(code(wrong), "label_out_of_range");
        let none = top_k_accuracy(&SCORES, &LABELS, 4, 0);
        assert_eq!(code(none), "invalid_argument");
    }
}
