//! How a run's parameters begin, what holds them back, and what ends it.

use super::table::{Range, Slot, Slots, Table, by_table};
use crate::error::{Error, Result};
use crate::layers::Init;
use crate::optim::{MaxNorm, Penalty};
use crate::train::watch::{EarlyStopping, Monitor};

/// A penalty on some parameters (Keras's `kernel_regularizer` and its like, by name).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegularizerSpec {
    /// Parameters with one of these in their names.
    pub parameters: Vec<String>,
    pub penalty: Penalty,
}

/// A limit on the norms of some parameters (Keras's `kernel_constraint` and its like, by name).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConstraintSpec {
    /// Parameters with one of these in their names.
    pub parameters: Vec<String>,
    pub limit: MaxNorm,
}

impl Table for RegularizerSpec {
    fn kinds() -> Vec<(&'static str, Self)> {
        let parameters = vec!["kernel".to_string()];
        let penalty = |l1, l2| RegularizerSpec {
            parameters: parameters.clone(),
            penalty: Penalty { l1, l2 },
        };
        // Keras's defaults.
        vec![
            ("l1", penalty(0.01, 0.0)),
            ("l2", penalty(0.0, 0.01)),
            ("l1_l2", penalty(0.0, 0.0)),
        ]
    }

    fn kind(&self) -> &'static str {
        "l1_l2"
    }

    fn slots(&mut self) -> Slots<'_> {
        let Penalty { l1, l2 } = &mut self.penalty;
        vec![
            ("parameters", Slot::Names(&mut self.parameters)),
            ("l1", Slot::Number(l1, Range::NotNegative)),
            ("l2", Slot::Number(l2, Range::NotNegative)),
        ]
    }
}

impl Table for ConstraintSpec {
    const OPTIONAL: bool = true;

    fn kinds() -> Vec<(&'static str, Self)> {
        let limit = MaxNorm::default();
        let parameters = vec!["kernel".to_string()];
        vec![("max_norm", ConstraintSpec { parameters, limit })]
    }

    fn kind(&self) -> &'static str {
        "max_norm"
    }

    fn slots(&mut self) -> Slots<'_> {
        let MaxNorm { max_value, axes } = &mut self.limit;
        vec![
            ("parameters", Slot::Names(&mut self.parameters)),
            ("max_value", Slot::Number(max_value, Range::Positive)),
            ("axes", Slot::Counts(axes)),
        ]
    }

    fn check(&self, place: &str) -> Result<()> {
        let axes = &self.limit.axes;
        if axes.is_empty() || axes.windows(2).any(|pair| pair[0] + 1 != pair[1]) {
            return Err(Error::InvalidArgument {
                place: place.into(),
                argument: "axes".into(),
                expected: "[a, a + 1, …]".into(),
                got: format!("{axes:?}"),
            });
        }
        Ok(())
    }
}

impl Table for EarlyStopping {
    const TAG: &'static str = "monitor";
    const OPTIONAL: bool = true;

    fn kinds() -> Vec<(&'static str, Self)> {
        let loss = EarlyStopping::default();
        let accuracy = EarlyStopping {
            monitor: Monitor::Accuracy,
            ..loss
        };
        vec![("loss", loss), ("accuracy", accuracy)]
    }

    fn kind(&self) -> &'static str {
        match self.monitor {
            Monitor::Loss => "loss",
            Monitor::Accuracy => "accuracy",
        }
    }

    fn slots(&mut self) -> Slots<'_> {
        use Slot::{Count, Flag, Maybe, Number};
        vec![
            ("patience", Count(&mut self.patience, 0)),
            ("min_delta", Number(&mut self.min_delta, Range::NotNegative)),
            ("baseline", Maybe(&mut self.baseline, Range::Any)),
            ("start_from", Count(&mut self.start_from, 0)),
            ("restore_best_weights", Flag(&mut self.restore_best_weights)),
        ]
    }
}

impl Table for Init {
    fn kinds() -> Vec<(&'static str, Self)> {
        // Keras's defaults.
        let (mean, stddev) = (0.0, 0.05);
        let kinds = [
            Init::Zeros,
            Init::Ones,
            Init::Constant { value: 0.0 },
            Init::Uniform {
                low: -0.05,
                high: 0.05,
            },
            Init::Normal { mean, stddev },
            Init::TruncatedNormal { mean, stddev },
            Init::GlorotUniform,
            Init::GlorotNormal,
            Init::HeUniform,
            Init::HeNormal,
            Init::LecunUniform,
            Init::LecunNormal,
            Init::Orthogonal { gain: 1.0 },
        ];
        kinds.map(|init| (init.kind(), init)).to_vec()
    }

    fn kind(&self) -> &'static str {
        match self {
            Init::Zeros => "zeros",
            Init::Ones => "ones",
            Init::Constant { .. } => "constant",
            Init::Uniform { .. } => "uniform",
            Init::Normal { .. } => "normal",
            Init::TruncatedNormal { .. } => "truncated_normal",
            Init::GlorotUniform => "glorot_uniform",
            Init::GlorotNormal => "glorot_normal",
            Init::HeUniform => "he_uniform",
            Init::HeNormal => "he_normal",
            Init::LecunUniform => "lecun_uniform",
            Init::LecunNormal => "lecun_normal",
            Init::Orthogonal { .. } => "orthogonal",
        }
    }

    fn slots(&mut self) -> Slots<'_> {
        use Range::{Any, NotNegative};
        use Slot::Number;
        match self {
            Init::Constant { value } => vec![("value", Number(value, Any))],
            Init::Uniform { low, high } => {
                vec![("low", Number(low, Any)), ("high", Number(high, Any))]
            }
            Init::Normal { mean, stddev } | Init::TruncatedNormal { mean, stddev } => vec![
                ("mean", Number(mean, Any)),
                ("stddev", Number(stddev, NotNegative)),
            ],
            Init::Orthogonal { gain } => vec![("gain", Number(gain, Any))],
            _ => Vec::new(),
        }
    }
}

by_table!(Init, RegularizerSpec, ConstraintSpec, EarlyStopping);
