//! Metrics against what scikit-learn computed (tests/fixtures/record_sklearn.py). Keras's are in
//! golden_keras.rs.

use danlu::train::metrics::{Average, ConfusionMatrix, Scores, accuracy, roc_auc, top_k_accuracy};
use serde::Deserialize;

#[derive(Deserialize)]
struct Recorded {
    classified: Vec<Classified>,
    curves: Vec<Curve>,
}

#[derive(Deserialize)]
struct Classified {
    classes: usize,
    scores: Vec<f32>,
    labels: Vec<u32>,
    accuracy: f64,
    /// From k = 1 on.
    top_k: Vec<f64>,
    confusion: Vec<u64>,
    /// Precision, recall and F1 of each class.
    by_class: [Vec<f64>; 3],
    #[serde(rename = "macro")]
    of_macro: [f64; 3],
    micro: [f64; 3],
    weighted: [f64; 3],
}

#[derive(Deserialize)]
struct Curve {
    scores: Vec<f32>,
    positives: Vec<bool>,
    auc: f64,
}

fn recorded() -> Recorded {
    serde_json::from_str(include_str!("../fixtures/sklearn_metrics.json")).unwrap()
}

fn check(what: &str, got: f64, want: f64) {
    assert!(
        (got - want).abs() < 1e-12,
        "{what}: got {got}, expected {want}"
    );
}

fn check_scores(what: &str, got: Scores, want: [f64; 3]) {
    for (got, want) in [got.precision, got.recall, got.f1].into_iter().zip(want) {
        check(what, got, want);
    }
}

/// The first largest score of each row.
fn answers(scores: &[f32], classes: usize) -> Vec<u32> {
    let best = |row: &[f32]| {
        (0..classes)
            .rev()
            .max_by(|&a, &b| row[a].total_cmp(&row[b]))
    };
    let rows = scores.chunks_exact(classes);
    rows.map(|row| best(row).unwrap() as u32).collect()
}

#[test]
fn accuracies_and_scores_of_classes_are_those_of_scikit_learn() {
    for case in recorded().classified {
        let (classes, labels) = (case.classes, &case.labels[..]);
        let what = format!("{} rows of {classes} classes", labels.len());
        let share = accuracy(&case.scores, labels, classes).unwrap();
        check(&what, share, case.accuracy);
        for (k, want) in (1..).zip(case.top_k) {
            let share = top_k_accuracy(&case.scores, labels, classes, k).unwrap();
            check(&format!("{what}, top {k}"), share, want);
        }
        let answers = answers(&case.scores, classes);
        let matrix = ConfusionMatrix::new(labels, &answers, classes).unwrap();
        assert_eq!(matrix.counts, case.confusion, "{what}");
        check(&what, matrix.accuracy(), case.accuracy);
        for (class, scores) in matrix.by_class().into_iter().enumerate() {
            let want = [0, 1, 2].map(|score| case.by_class[score][class]);
            check_scores(&format!("{what}, class {class}"), scores, want);
        }
        for (average, want) in [
            (Average::Macro, case.of_macro),
            (Average::Micro, case.micro),
            (Average::Weighted, case.weighted),
        ] {
            check_scores(
                &format!("{what}, {average:?}"),
                matrix.average(average),
                want,
            );
        }
    }
}

#[test]
fn areas_under_the_curve_are_those_of_scikit_learn_also_with_ties() {
    for curve in recorded().curves {
        let area = roc_auc(&curve.scores, &curve.positives).unwrap();
        check(&format!("{} scores", curve.scores.len()), area, curve.auc);
    }
}
