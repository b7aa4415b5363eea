//! The data of a run, and the samples of one step.

use std::ops::Range;

use super::loss::{StoredTargets, Targets};

/// Samples with what they should be answered.
pub(super) struct Samples {
    pub x: Vec<f32>,
    pub targets: StoredTargets,
    pub count: usize,
}

/// The samples of one step.
pub(super) enum Batch<'a> {
    /// Those numbers of the training data, augmented as the run says.
    Drawn {
        data: &'a Samples,
        numbers: &'a [u32],
        epoch: usize,
    },
    /// The caller's own. What is here begins with sample number `first`.
    Given {
        x: &'a [f32],
        targets: Targets<'a>,
        first: usize,
        count: usize,
    },
}

impl Batch<'_> {
    /// How many they are.
    pub fn len(&self) -> usize {
        match self {
            Batch::Drawn { numbers, .. } => numbers.len(),
            Batch::Given { count, .. } => *count,
        }
    }

    /// What they should be answered; `width` targets to a sample.
    pub fn targets(&self, samples: Range<usize>, width: usize) -> StoredTargets {
        match self {
            Batch::Drawn { data, numbers, .. } => data.targets.gather(&numbers[samples], width),
            Batch::Given { targets, first, .. } => {
                let part = (samples.start - first) * width..(samples.end - first) * width;
                StoredTargets::from(targets.part(part))
            }
        }
    }
}
