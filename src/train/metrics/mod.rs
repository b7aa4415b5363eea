//! How good answers are: plain functions of scores and labels.
//!
//! Names and definitions are scikit-learn's, and Keras's where it has them.

mod accuracy;
mod auc;
mod confusion;

pub use accuracy::{accuracy, top_k_accuracy};
pub use auc::roc_auc;
pub use confusion::{Average, ConfusionMatrix, Scores};

use crate::error::{Error, Result};

/// How many rows `scores` has; errs unless there is one a label, and at least one.
fn rows(place: &str, scores: usize, labels: usize, classes: usize) -> Result<usize> {
    let expected = labels.max(1) * classes;
    if scores == expected && labels > 0 {
        return Ok(labels);
    }
    Err(Error::LengthMismatch {
        place: place.into(),
        expected,
        got: scores,
    })
}
