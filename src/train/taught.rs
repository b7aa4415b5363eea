//! Distillation: a network learns from labels and from what a larger one says to the same samples.
//!
//! ```text
//! loss  = (1 − α) · CE(labels, softmax(s)) + α · T² · CE(softmax(t / T), softmax(s / T))
//! ds    = (1 − α) · (softmax(s) − y)       + α · T  · (softmax(s / T) − softmax(t / T))
//! ```
//! with s the student's logits and t the teacher's (Hinton, Vinyals and Dean 2015, "Distilling the
//! Knowledge in a Neural Network", sections 2 and 2.1: T² keeps the soft part's gradients as large as the
//! hard part's, whatever T is).

use crate::error::{Error, Result};
use crate::kernels::{cross_entropy, soft_cross_entropy, softmax};

/// What samples should have answered, and what a teacher said.
#[derive(Clone, Copy, Debug)]
pub struct Taught<'a> {
    pub labels: &'a [u32],
    /// The teacher's logits, a row of classes for each label.
    pub logits: &'a [f32],
    /// T > 0: how soft the teacher's answers are made.
    pub temperature: f32,
    /// α in [0, 1]: how much the teacher counts.
    pub alpha: f32,
}

/// The same, kept.
#[derive(Clone, Debug)]
pub struct StoredTaught {
    pub(super) labels: Vec<u32>,
    pub(super) logits: Vec<f32>,
    pub(super) temperature: f32,
    pub(super) alpha: f32,
}

impl From<Taught<'_>> for StoredTaught {
    fn from(taught: Taught<'_>) -> StoredTaught {
        StoredTaught {
            labels: taught.labels.to_vec(),
            logits: taught.logits.to_vec(),
            temperature: taught.temperature,
            alpha: taught.alpha,
        }
    }
}

impl StoredTaught {
    pub(super) fn view(&self) -> Taught<'_> {
        Taught {
            labels: &self.labels,
            logits: &self.logits,
            temperature: self.temperature,
            alpha: self.alpha,
        }
    }
}

impl<'a> Taught<'a> {
    /// Errs unless there is a logit for each class and label, and T and α lie in their ranges.
    pub(super) fn check(&self, columns: usize) -> Result<()> {
        let expected = self.labels.len() * columns;
        if self.logits.len() != expected {
            return Err(Error::LengthMismatch {
                place: "teacher".into(),
                expected,
                got: self.logits.len(),
            });
        }
        let range = |argument: &str, expected: &str, got: f32| Error::InvalidArgument {
            place: "teacher".into(),
            argument: argument.into(),
            expected: expected.into(),
            got: got.to_string(),
        };
        if !(self.temperature > 0.0 && self.temperature.is_finite()) {
            return Err(range("temperature", "> 0", self.temperature));
        }
        if !(0.0..=1.0).contains(&self.alpha) {
            return Err(range("alpha", "in [0, 1]", self.alpha));
        }
        Ok(())
    }

    /// Those of a range of labels.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> Taught<'a> {
        let columns = self.columns();
        Taught {
            labels: &self.labels[range.clone()],
            logits: &self.logits[range.start * columns..range.end * columns],
            ..*self
        }
    }

    pub(super) fn columns(&self) -> usize {
        self.logits.len() / self.labels.len().max(1)
    }

    /// Losses `[rows]` of the student's logits `[rows][columns]`.
    pub(super) fn losses(&self, columns: usize, logits: &[f32], losses: &mut [f32]) {
        let rows = self.labels.len();
        cross_entropy::forward_labels(rows, columns, logits, self.labels, losses);
        let (student, teacher) = self.soft(columns, logits);
        let mut soft = vec![0.0; rows];
        soft_cross_entropy::forward(rows, columns, &student, &teacher, &mut soft);
        let weight = self.alpha * self.temperature * self.temperature;
        for (loss, soft) in losses.iter_mut().zip(soft) {
            *loss = (1.0 - self.alpha) * *loss + weight * soft;
        }
    }

    /// The gradient of their sum times `scale`.
    pub(super) fn gradient(&self, columns: usize, logits: &[f32], scale: f32, dy: &mut [f32]) {
        let rows = self.labels.len();
        let hard = (1.0 - self.alpha) * scale;
        cross_entropy::backward_labels(rows, columns, logits, self.labels, hard, dy);
        let (student, teacher) = self.soft(columns, logits);
        let mut soft = vec![0.0; dy.len()];
        let weight = self.alpha * self.temperature * scale;
        soft_cross_entropy::backward(rows, columns, &student, &teacher, weight, &mut soft);
        for (dy, soft) in dy.iter_mut().zip(soft) {
            *dy += soft;
        }
    }

    /// The student's logits by T, and the teacher's probabilities at T.
    fn soft(&self, columns: usize, logits: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let cooled = |logits: &[f32]| -> Vec<f32> {
            logits
                .iter()
                .map(|logit| logit / self.temperature)
                .collect()
        };
        let mut teacher = cooled(self.logits);
        softmax::forward_in_place(self.labels.len(), columns, &mut teacher);
        (cooled(logits), teacher)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RunSpec, Session, Targets};
    use super::*;
    use crate::rng::Rng;

    fn numbers(seed: u64, len: usize) -> Vec<f32> {
        let mut rng = Rng::new(seed);
        (0..len).map(|_| 4.0 * rng.uniform_f32() - 2.0).collect()
    }

    /// By finite differences of the loss, in the direction of each logit.
    #[test]
    fn the_gradient_is_the_loss_s() {
        let (columns, labels) = (5, [3u32, 0, 4]);
        let (student, teacher) = (numbers(1, 15), numbers(2, 15));
        for (temperature, alpha) in [(1.0, 0.0), (1.0, 1.0), (4.0, 0.7), (0.5, 0.3)] {
            let taught = Taught {
                labels: &labels,
                logits: &teacher,
                temperature,
                alpha,
            };
            taught.check(columns).unwrap();
            let loss = |student: &[f32]| {
                let mut losses = [0.0; 3];
                taught.losses(columns, student, &mut losses);
                losses.iter().map(|&loss| f64::from(loss)).sum::<f64>()
            };
            let mut dy = [0.0; 15];
            taught.gradient(columns, &student, 0.5, &mut dy);
            for at in 0..15 {
                let moved = |by: f32| {
                    let mut student = student.clone();
                    student[at] += by;
                    loss(&student)
                };
                let slope = (moved(0.01) - moved(-0.01)) / 0.02 * 0.5;
                assert!(
                    (f64::from(dy[at]) - slope).abs() < 2e-3,
                    "T {temperature}, α {alpha}, {at}: {} {slope}",
                    dy[at]
                );
            }
        }
    }

    /// Whoever says at T = 1 with all weight what the labels say teaches what they teach.
    #[test]
    fn a_certain_teacher_teaches_what_labels_do() {
        let (columns, labels) = (4, [1u32, 2]);
        let student = numbers(3, 8);
        let certain: Vec<f32> = labels
            .iter()
            .flat_map(|&label| (0..4).map(move |c| if c == label { 200.0 } else { 0.0 }))
            .collect();
        let taught = Taught {
            labels: &labels,
            logits: &certain,
            temperature: 1.0,
            alpha: 1.0,
        };
        let (mut soft, mut hard) = ([0.0; 2], [0.0; 2]);
        taught.losses(columns, &student, &mut soft);
        cross_entropy::forward_labels(2, columns, &student, &labels, &mut hard);
        for (soft, hard) in soft.iter().zip(hard) {
            assert!((soft - hard).abs() < 1e-5);
        }
    }

    #[test]
    fn a_student_comes_to_answer_as_its_teacher_does() {
        let net = |units: usize| {
            let json = format!(
                r#"{{"model":{{"input":[3],"layers":[{{"type":"dense","units":{units},"activation":"tanh"}},
                {{"type":"dense","units":4,"activation":"softmax"}}]}},"batch_size":16,
                "optimizer":{{"type":"adam","learning_rate":0.02}}}}"#
            );
            Session::new(RunSpec::from_json(&json).unwrap(), units as u64).unwrap()
        };
        let x = numbers(7, 3 * 64);
        let mut teacher = net(24);
        let logits = teacher.logits(&x).unwrap();
        // Labels that say nothing: all there is to learn comes from the teacher.
        let labels = vec![0u32; 64];
        let targets = Taught {
            labels: &labels,
            logits: &logits,
            temperature: 3.0,
            alpha: 1.0,
        };
        let mut student = net(8);
        let apart = |student: &mut Session, teacher: &mut Session| {
            let (a, b) = (student.predict(&x).unwrap(), teacher.predict(&x).unwrap());
            a.iter().zip(&b).map(|(a, b)| (a - b).abs()).sum::<f32>() / 64.0
        };
        let before = apart(&mut student, &mut teacher);
        student
            .set_data(
                super::super::Split::Train,
                x.clone(),
                Targets::Taught(targets),
            )
            .unwrap();
        student.run_steps(600).unwrap();
        let after = apart(&mut student, &mut teacher);
        assert!(after < before / 4.0, "{before} → {after}");

        let short = Taught {
            logits: &logits[1..],
            ..targets
        };
        let refused = |targets: Taught, student: &mut Session| {
            student
                .train_batch(&x, Targets::Taught(targets), 1)
                .unwrap_err()
                .code()
        };
        assert_eq!(refused(short, &mut student), "length_mismatch");
        let cold = Taught {
            temperature: 0.0,
            ..targets
        };
        assert_eq!(refused(cold, &mut student), "invalid_argument");
        let heavy = Taught {
            alpha: 1.5,
            ..targets
        };
        assert_eq!(refused(heavy, &mut student), "invalid_argument");
        let weights = vec![1.0; labels.len()];
        let weighed = student.train_batch_weighed(&x, Targets::Taught(targets), weights, 1);
        assert_eq!(weighed.unwrap_err().code(), "invalid_argument");
        let smooth = r#"{"model":{"input":[3],"layers":[{"type":"dense","units":4,"activation":"softmax"}]},
            "loss":{"type":"categorical_cross_entropy","label_smoothing":0.1},"batch_size":16}"#;
        let mut smoothed = Session::new(RunSpec::from_json(smooth).unwrap(), 1).unwrap();
        assert_eq!(refused(targets, &mut smoothed), "invalid_argument");
    }
}
