//! What a run tells of itself.

use serde::Serialize;

use super::plan::BatchScore;
use crate::error::{Error, Result};

/// Which part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    Train,
    Validation,
}

impl Split {
    /// As JSON writes it.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Validation => "validation",
        }
    }

    /// Reads `train` or `validation`.
    pub fn from_name(name: &str) -> Result<Split> {
        match name {
            "train" => Ok(Split::Train),
            "validation" => Ok(Split::Validation),
            _ => Err(Error::UnknownName {
                place: "split".into(),
                expected: "train, validation".into(),
                got: name.into(),
            }),
        }
    }
}

/// What some steps did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// Steps since the session began.
    pub step: u64,
    /// Whole epochs since the training data were set.
    pub epoch: usize,
    /// Samples trained on in these steps.
    pub samples: usize,
    /// Mean over those samples, each before the step that it was in.
    pub loss: f64,
    /// Share of their answers that were right, 0 to 1; NaN where answers are only near or far.
    pub accuracy: f64,
    /// The learning rate in force in the last of these steps.
    pub learning_rate: f64,
}

/// How the model does on a set of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    pub loss: f64,
    /// Share of the answers that are right, 0 to 1; NaN where answers are only near or far.
    pub accuracy: f64,
    pub count: usize,
}

/// Scores added up.
#[derive(Debug, Default)]
pub(super) struct Total {
    score: BatchScore,
    pub samples: usize,
}

impl Total {
    pub fn add(&mut self, score: BatchScore, samples: usize) {
        self.score = self.score + score;
        self.samples += samples;
    }

    /// Adds what the penalties cost these samples.
    pub fn add_cost(&mut self, cost: f64, samples: usize) {
        self.score.loss += cost * samples as f64;
    }

    pub fn loss(&self) -> f64 {
        self.score.loss / self.samples as f64
    }

    /// NaN where nothing is right or wrong: `judged` answers of each sample are.
    pub fn accuracy(&self, judged: usize) -> f64 {
        self.score.correct as f64 / (self.samples * judged) as f64
    }
}
