//! The area under the ROC curve.

use super::rows;
use crate::array::order::ascending;
use crate::error::{Error, Result};

/// The chance that a positive scores higher than a negative, a tie counting half, 0 to 1: the area
/// under the curve of true over false positives (scikit-learn's `roc_auc_score`; Hanley and McNeil
/// 1982).
///
/// Shape: scores and positives [N]. Errs on other lengths, on a score that is NaN, and where all or
/// none are positive, for then there is no such chance.
pub fn roc_auc(scores: &[f32], positives: &[bool]) -> Result<f64> {
    rows("roc_auc", scores.len(), positives.len(), 1)?;
    let refused = |argument: &str, expected: &str, got: String| {
        Err(Error::InvalidArgument {
            place: "roc_auc".into(),
            argument: argument.into(),
            expected: expected.into(),
            got,
        })
    };
    if let Some(position) = scores.iter().position(|score| score.is_nan()) {
        return refused(&format!("score {position}"), "a number", "NaN".into());
    }
    let count = positives.iter().filter(|&&positive| positive).count();
    if count == 0 || count == positives.len() {
        let expected = format!("> 0, < {}", positives.len());
        return refused("positives", &expected, count.to_string());
    }
    let order = ascending(scores.iter().map(|&score| f64::from(score)));
    // Twice the number of pairs won, so that ties stay whole.
    let (mut won, mut negatives_below) = (0u64, 0u64);
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let positive = tied.iter().filter(|&&i| positives[i]).count() as u64;
        let negative = tied.len() as u64 - positive;
        won += positive * (2 * negatives_below + negative);
        negatives_below += negative;
    }
    let pairs = count as u64 * negatives_below;
    Ok(won as f64 / (2 * pairs) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// By the definition, pair by pair.
    fn naive(scores: &[f32], positives: &[bool]) -> f64 {
        let (mut won, mut pairs) = (0.0, 0.0);
        for (a, _) in scores.iter().zip(positives).filter(|(_, p)| **p) {
            for (b, _) in scores.iter().zip(positives).filter(|(_, p)| !**p) {
                won += if a > b {
                    1.0
                } else if a == b {
                    0.5
                } else {
                    0.0
                };
                pairs += 1.0;
            }
        }
        won / pairs
    }

    #[test]
    fn it_is_the_share_of_pairs_won_also_with_ties() {
        let mut rng = Rng::new(1);
        for n in [2, 3, 17, 100] {
            for levels in [2, 5, 1000] {
                // −0 and 0 are a tie.
                let score = |level: usize| if level == 0 { -0.0 } else { level as f32 - 1.0 };
                let scores: Vec<f32> = (0..n).map(|_| score(rng.below(levels))).collect();
                let positives: Vec<bool> = (0..n).map(|i| i == 0 || i > 1 && i % 3 == 0).collect();
                let got = roc_auc(&scores, &positives).unwrap();
                assert!((got - naive(&scores, &positives)).abs() < 1e-14, "{n}");
            }
        }
    }

    #[test]
    fn the_ends_and_the_middle() {
        let yes = [true, true, false];
        assert_eq!(roc_auc(&[0.9, 0.8, 0.1], &yes).unwrap(), 1.0);
        assert_eq!(roc_auc(&[0.1, 0.2, 0.9], &yes).unwrap(), 0.0);
        assert_eq!(roc_auc(&[0.5, 0.5, 0.5], &yes).unwrap(), 0.5);
        let (huge, least) = (f32::INFINITY, f32::NEG_INFINITY);
        assert_eq!(roc_auc(&[huge, 0.0, least], &yes).unwrap(), 1.0);
    }

    #[test]
    fn what_gives_no_area_is_refused() {
        let code =
            |scores: &[f32], positives: &[bool]| roc_auc(scores, positives).unwrap_err().code();
        assert_eq!(code(&[0.5; 2], &[true; 2]), "invalid_argument");
        assert_eq!(code(&[0.5; 2], &[false; 2]), "invalid_argument");
        assert_eq!(code(&[f32::NAN, 0.5], &[true, false]), "invalid_argument");
        assert_eq!(code(&[0.5], &[true, false]), "length_mismatch");
    }
}
