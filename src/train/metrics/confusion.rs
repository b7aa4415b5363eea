//! Which class was taken for which, and what follows from it.

use serde::{Deserialize, Serialize};

use super::rows;
use crate::data::check_labels;
use crate::error::Result;

/// How often each class was taken for each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConfusionMatrix {
    /// How many classes there are.
    pub classes: usize,
    /// Shape: [true class, answer].
    pub counts: Vec<u64>,
}

/// Precision, recall and their harmonic mean, each 0 to 1; 0 where it has nothing to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Of the answers, the share that were right.
    pub precision: f64,
    /// Of the class, the share that was found.
    pub recall: f64,
    /// 2·precision·recall / (precision + recall).
    pub f1: f64,
    /// How many there are of the class.
    pub support: u64,
}

/// How the scores of the classes become one (scikit-learn's `average`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// The mean over the classes.
    #[default]
    Macro,
    /// From the sums of the counts; with one label a sample all three are the accuracy.
    Micro,
    /// The mean over the classes, each as often as it occurs.
    Weighted,
}

impl ConfusionMatrix {
    /// Counts `answers` against `labels`. Shape: both [N], N ≥ 1. Errs on other lengths and on what
    /// names no class.
    pub fn new(labels: &[u32], answers: &[u32], classes: usize) -> Result<Self> {
        rows("confusion_matrix", answers.len(), labels.len(), 1)?;
        check_labels(labels, classes)?;
        check_labels(answers, classes)?;
        let mut counts = vec![0; classes * classes];
        for (&label, &answer) in labels.iter().zip(answers) {
            counts[label as usize * classes + answer as usize] += 1;
        }
        Ok(Self { classes, counts })
    }

    /// How many samples of class `label` were answered with `answer`.
    pub fn count(&self, label: usize, answer: usize) -> u64 {
        self.counts[label * self.classes + answer]
    }

    /// The share of right answers, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.classes)
            .map(|class| self.count(class, class))
            .sum();
        ratio(right, self.counts.iter().sum())
    }

    /// The scores of each class; with two classes, those of class 1 are scikit-learn's "binary".
    pub fn by_class(&self) -> Vec<Scores> {
        (0..self.classes)
            .map(|class| self.scores_of(class))
            .collect()
    }

    /// The scores of all classes as one.
    pub fn average(&self, average: Average) -> Scores {
        let each = self.by_class();
        let support: u64 = each.iter().map(|scores| scores.support).sum();
        let mean = |weight: &dyn Fn(&Scores) -> f64| {
            let over = |value: fn(&Scores) -> f64| {
                let sum: f64 = each.iter().map(|s| weight(s) * value(s)).sum();
                sum / each.iter().map(weight).sum::<f64>()
            };
            Scores {
                precision: over(|scores| scores.precision),
                recall: over(|scores| scores.recall),
                f1: over(|scores| scores.f1),
                support,
            }
        };
        match average {
            Average::Macro => mean(&|_| 1.0),
            Average::Weighted => mean(&|scores| scores.support as f64),
            Average::Micro => {
                // Every wrong answer is missed by one class and falsely found by another.
                let share = self.accuracy();
                Scores {
                    precision: share,
                    recall: share,
                    f1: share,
                    support,
                }
            }
        }
    }

    fn scores_of(&self, class: usize) -> Scores {
        let right = self.count(class, class);
        let answered: u64 = (0..self.classes)
            .map(|label| self.count(label, class))
            .sum();
        let support: u64 = (0..self.classes)
            .map(|answer| self.count(class, answer))
            .sum();
        Scores {
            precision: ratio(right, answered),
            recall: ratio(right, support),
            f1: ratio(2 * right, answered + support),
            support,
        }
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix() -> ConfusionMatrix {
        // Class 3 is never answered and never there.
        let labels = [0, 0, 0, 0, 1, 1, 2, 2, 2];
        let answers = [0, 0, 1, 2, 1, 0, 2, 2, 1];
        ConfusionMatrix::new(&labels, &answers, 4).unwrap()
    }

    fn check_scores(got: Scores, precision: f64, recall: f64, f1: f64, support: u64) {
        for (got, want) in [
            (got.precision, precision),
            (got.recall, recall),
            (got.f1, f1),
        ] {
            assert!((got - want).abs() < 1e-14, "{got}, not {want}");
        }
        assert_eq!(got.support, support);
    }

    #[test]
    fn classes_are_scored_by_hand() {
        let matrix = matrix();
        assert_eq!(matrix.counts[..8], [2, 1, 1, 0, 1, 1, 0, 0]);
        assert!((matrix.accuracy() - 5.0 / 9.0).abs() < 1e-15);
        let scores = matrix.by_class();
        check_scores(scores[0], 2.0 / 3.0, 0.5, 4.0 / 7.0, 4);
        check_scores(scores[1], 1.0 / 3.0, 0.5, 0.4, 2);
        check_scores(scores[2], 2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 3);
        check_scores(scores[3], 0.0, 0.0, 0.0, 0);
    }

    #[test]
    fn averages_are_those_of_scikit_learn() {
        let matrix = matrix();
        let f1 = [4.0 / 7.0, 0.4, 2.0 / 3.0];
        let mean = |scores: [f64; 3]| scores.iter().sum::<f64>() / 4.0;
        let precision = [2.0 / 3.0, 1.0 / 3.0, 2.0 / 3.0];
        let recall = [0.5, 0.5, 2.0 / 3.0];
        let macros = matrix.average(Average::Macro);
        check_scores(macros, mean(precision), mean(recall), mean(f1), 9);
        let mean = |s: [f64; 3]| (4.0 * s[0] + 2.0 * s[1] + 3.0 * s[2]) / 9.0;
        let weighted = matrix.average(Average::Weighted);
        check_scores(weighted, mean(precision), mean(recall), mean(f1), 9);
        let share = 5.0 / 9.0;
        check_scores(matrix.average(Average::Micro), share, share, share, 9);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |labels: &[u32], answers: &[u32]| {
            ConfusionMatrix::new(labels, answers, 2).unwrap_err().code()
        };
        assert_eq!(code(&[0, 1], &[0]), "length_mismatch");
        assert_eq!(code(&[], &[]), "length_mismatch");
        assert_eq!(code(&[0, 2], &[0, 1]), "label_out_of_range");
        assert_eq!(code(&[0, 1], &[0, 2]), "label_out_of_range");
    }
}
