//! How a run trains: its loss, its optimiser, and the schedule of its learning rate.

use serde_json::Value;

use super::RunSpec;
use super::restraint::{ConstraintSpec, RegularizerSpec};
use super::table::{Range, Slot, Slots, Table, by_table, read};
use crate::error::{Error, Result};
use crate::optim::{Clip, ReduceOnPlateau, Rule, Schedule};
use crate::train::watch::EarlyStopping;

/// What training makes small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// Against class numbers; the model ends in a softmax.
    #[default]
    CategoricalCrossEntropy,
    /// Against numbers in 0 to 1; the model ends in a sigmoid.
    BinaryCrossEntropy,
    MeanSquaredError,
    MeanAbsoluteError,
    /// Squared within 1, absolute beyond.
    Huber,
}

/// The loss of a run with its numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossSpec {
    pub kind: Loss,
    /// 0 to 1, 1 excluded: how much of each target is spread over all classes (Szegedy et al. 2016).
    pub label_smoothing: f64,
    /// What samples of each class count for in training, where not all count alike (Keras's
    /// `class_weight`): the loss of a batch is Σ wᵢ·lossᵢ / N. Evaluations count all alike.
    pub class_weights: Vec<f64>,
}

impl From<Loss> for LossSpec {
    fn from(kind: Loss) -> LossSpec {
        LossSpec {
            kind,
            ..LossSpec::default()
        }
    }
}

impl Table for LossSpec {
    fn kinds() -> Vec<(&'static str, Self)> {
        let kinds = [
            Loss::CategoricalCrossEntropy,
            Loss::BinaryCrossEntropy,
            Loss::MeanSquaredError,
            Loss::MeanAbsoluteError,
            Loss::Huber,
        ];
        kinds
            .map(|kind| (LossSpec::from(kind).kind(), LossSpec::from(kind)))
            .to_vec()
    }

    fn kind(&self) -> &'static str {
        match self.kind {
            Loss::CategoricalCrossEntropy => "categorical_cross_entropy",
            Loss::BinaryCrossEntropy => "binary_cross_entropy",
            Loss::MeanSquaredError => "mean_squared_error",
            Loss::MeanAbsoluteError => "mean_absolute_error",
            Loss::Huber => "huber",
        }
    }

    fn slots(&mut self) -> Slots<'_> {
        if self.kind != Loss::CategoricalCrossEntropy {
            return Vec::new();
        }
        let smoothing = Slot::Number(&mut self.label_smoothing, Range::Share);
        let weights = Slot::Numbers(&mut self.class_weights, Range::NotNegative);
        vec![("label_smoothing", smoothing), ("class_weights", weights)]
    }
}

/// How gradients move parameters: Keras's optimisers with Keras's names and defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimizerSpec {
    /// Its type with its numbers.
    pub rule: Rule,
    /// Of the first step, where a schedule changes it.
    pub learning_rate: f64,
    /// Decoupled; 0 is none. `adamw` is `adam` with 0.004.
    pub weight_decay: f64,
    /// Parameters with one of these in their names do not decay.
    pub exclude_from_weight_decay: Vec<String>,
    /// At most one of the three clips: each number,
    pub clipvalue: Option<f64>,
    /// the norm of each parameter's gradient,
    pub clipnorm: Option<f64>,
    /// or the norm of all gradients.
    pub global_clipnorm: Option<f64>,
    /// The parameters move after so many batches, by the mean of their gradients.
    pub gradient_accumulation_steps: u64,
}

impl OptimizerSpec {
    fn new(rule: Rule, learning_rate: f64) -> OptimizerSpec {
        OptimizerSpec {
            rule,
            learning_rate,
            weight_decay: 0.0,
            exclude_from_weight_decay: Vec::new(),
            clipvalue: None,
            clipnorm: None,
            global_clipnorm: None,
            gradient_accumulation_steps: 1,
        }
    }

    /// How gradients are clipped.
    pub fn clip(&self) -> Option<Clip> {
        (self.clipvalue.map(Clip::Value))
            .or(self.clipnorm.map(Clip::Norm))
            .or(self.global_clipnorm.map(Clip::GlobalNorm))
    }
}

impl Default for OptimizerSpec {
    fn default() -> Self {
        OptimizerSpec::new(Rule::adam(), 0.001)
    }
}

impl Table for OptimizerSpec {
    fn kinds() -> Vec<(&'static str, Self)> {
        let adam = OptimizerSpec::default();
        let adamw = OptimizerSpec {
            weight_decay: 0.004,
            ..adam.clone()
        };
        let mut kinds = vec![("adam", adam), ("adamw", adamw)];
        for (rule, learning_rate) in [
            (Rule::sgd(0.0, false), 0.01),
            (Rule::rmsprop(), 0.001),
            (Rule::adagrad(), 0.001),
            (Rule::adadelta(), 0.001),
            (Rule::lion(), 0.001),
        ] {
            kinds.push((rule.name(), OptimizerSpec::new(rule, learning_rate)));
        }
        kinds
    }

    fn kind(&self) -> &'static str {
        self.rule.name()
    }

    fn slots(&mut self) -> Slots<'_> {
        use Range::{NotNegative, Positive, Share};
        use Slot::{Flag, Number};
        let mut slots = vec![(
            "learning_rate",
            Slot::Number(&mut self.learning_rate, Positive),
        )];
        match &mut self.rule {
            Rule::Sgd {
                momentum, nesterov, ..
            } => slots.extend([
                ("momentum", Number(momentum, Share)),
                ("nesterov", Flag(nesterov)),
            ]),
            Rule::Adagrad {
                initial_accumulator_value,
                epsilon,
            } => slots.extend([
                (
                    "initial_accumulator_value",
                    Number(initial_accumulator_value, NotNegative),
                ),
                ("epsilon", Number(epsilon, Positive)),
            ]),
            Rule::Adadelta { rho, epsilon } => slots.extend([
                ("rho", Number(rho, Share)),
                ("epsilon", Number(epsilon, Positive)),
            ]),
            Rule::RmsProp {
                rho,
                momentum,
                epsilon,
                centered,
            } => slots.extend([
                ("rho", Number(rho, Share)),
                ("momentum", Number(momentum, Share)),
                ("epsilon", Number(epsilon, Positive)),
                ("centered", Flag(centered)),
            ]),
            Rule::Adam {
                beta_1,
                beta_2,
                epsilon,
                amsgrad,
            } => slots.extend([
                ("beta_1", Number(beta_1, Share)),
                ("beta_2", Number(beta_2, Share)),
                ("epsilon", Number(epsilon, Positive)),
                ("amsgrad", Flag(amsgrad)),
            ]),
            Rule::Lion { beta_1, beta_2 } => slots.extend([
                ("beta_1", Number(beta_1, Share)),
                ("beta_2", Number(beta_2, Share)),
            ]),
        }
        slots.extend([
            ("weight_decay", Number(&mut self.weight_decay, NotNegative)),
            (
                "exclude_from_weight_decay",
                Slot::Names(&mut self.exclude_from_weight_decay),
            ),
            ("clipvalue", Slot::Maybe(&mut self.clipvalue, Positive)),
            ("clipnorm", Slot::Maybe(&mut self.clipnorm, Positive)),
            (
                "global_clipnorm",
                Slot::Maybe(&mut self.global_clipnorm, Positive),
            ),
            (
                "gradient_accumulation_steps",
                Slot::Count(&mut self.gradient_accumulation_steps, 1),
            ),
        ]);
        slots
    }

    fn check(&self, place: &str) -> Result<()> {
        let clips = [self.clipvalue, self.clipnorm, self.global_clipnorm];
        let given = clips.iter().flatten().count();
        if given > 1 {
            return Err(Error::InvalidArgument {
                place: place.into(),
                argument: "clipvalue + clipnorm + global_clipnorm".into(),
                expected: "<= 1".into(),
                got: given.to_string(),
            });
        }
        Ok(())
    }
}

impl Table for Schedule {
    fn kinds() -> Vec<(&'static str, Self)> {
        let (decay_steps, staircase) = (1000, false);
        let kinds = [
            Schedule::Constant,
            Schedule::Step {
                every: 1000,
                factor: 0.1,
            },
            Schedule::Piecewise {
                boundaries: Vec::new(),
                factors: vec![1.0],
            },
            Schedule::Exponential {
                decay_steps,
                decay_rate: 0.96,
                staircase,
            },
            Schedule::InverseTime {
                decay_steps,
                decay_rate: 1.0,
                staircase,
            },
            Schedule::InverseSqrt { warmup_steps: 1000 },
            Schedule::Polynomial {
                decay_steps,
                end: 0.0,
                power: 1.0,
                cycle: false,
            },
            Schedule::Cosine {
                decay_steps,
                alpha: 0.0,
                wave: false,
            },
            Schedule::WarmRestarts {
                first_decay_steps: 1000,
                t_mul: 2.0,
                m_mul: 1.0,
                alpha: 0.0,
            },
            Schedule::one_cycle(1000),
            Schedule::Warmup {
                steps: 100,
                from: 0.0,
                then: Box::default(),
            },
        ];
        kinds.map(|schedule| (schedule.kind(), schedule)).to_vec()
    }

    fn kind(&self) -> &'static str {
        match self {
            Schedule::Constant => "constant",
            Schedule::Step { .. } => "step",
            Schedule::Piecewise { .. } => "piecewise",
            Schedule::Exponential { .. } => "exponential",
            Schedule::InverseTime { .. } => "inverse_time",
            Schedule::InverseSqrt { .. } => "inverse_sqrt",
            Schedule::Polynomial { .. } => "polynomial",
            Schedule::Cosine { .. } => "cosine",
            Schedule::WarmRestarts { .. } => "warm_restarts",
            Schedule::OneCycle { .. } => "one_cycle",
            Schedule::Warmup { .. } => "warmup",
        }
    }

    fn slots(&mut self) -> Slots<'_> {
        use Range::{AtLeastOne, Between, NotNegative, Positive, Share};
        use Slot::{Count, Counts, Flag, Inner, Number, Numbers};
        match self {
            Schedule::Constant => vec![],
            Schedule::Step { every, factor } => vec![
                ("every", Count(every, 1)),
                ("factor", Number(factor, Positive)),
            ],
            Schedule::Piecewise {
                boundaries,
                factors,
            } => vec![
                ("boundaries", Counts(boundaries)),
                ("factors", Numbers(factors, NotNegative)),
            ],
            Schedule::Exponential {
                decay_steps,
                decay_rate,
                staircase,
            } => vec![
                ("decay_steps", Count(decay_steps, 1)),
                ("decay_rate", Number(decay_rate, Positive)),
                ("staircase", Flag(staircase)),
            ],
            Schedule::InverseTime {
                decay_steps,
                decay_rate,
                staircase,
            } => vec![
                ("decay_steps", Count(decay_steps, 1)),
                ("decay_rate", Number(decay_rate, NotNegative)),
                ("staircase", Flag(staircase)),
            ],
            Schedule::InverseSqrt { warmup_steps } => {
                vec![("warmup_steps", Count(warmup_steps, 1))]
            }
            Schedule::Polynomial {
                decay_steps,
                end,
                power,
                cycle,
            } => vec![
                ("decay_steps", Count(decay_steps, 1)),
                ("end", Number(end, NotNegative)),
                ("power", Number(power, Positive)),
                ("cycle", Flag(cycle)),
            ],
            Schedule::Cosine {
                decay_steps,
                alpha,
                wave,
            } => vec![
                ("decay_steps", Count(decay_steps, 1)),
                ("alpha", Number(alpha, NotNegative)),
                ("wave", Flag(wave)),
            ],
            Schedule::WarmRestarts {
                first_decay_steps,
                t_mul,
                m_mul,
                alpha,
            } => vec![
                ("first_decay_steps", Count(first_decay_steps, 1)),
                ("t_mul", Number(t_mul, AtLeastOne)),
                ("m_mul", Number(m_mul, Positive)),
                ("alpha", Number(alpha, NotNegative)),
            ],
            Schedule::OneCycle {
                total_steps,
                rise,
                div_factor,
                final_div_factor,
                linear,
                three_phase,
                cycle_momentum,
                base_momentum,
                max_momentum,
            } => vec![
                ("total_steps", Count(total_steps, 2)),
                ("rise", Number(rise, Between)),
                ("div_factor", Number(div_factor, Positive)),
                ("final_div_factor", Number(final_div_factor, Positive)),
                ("linear", Flag(linear)),
                ("three_phase", Flag(three_phase)),
                ("cycle_momentum", Flag(cycle_momentum)),
                ("base_momentum", Number(base_momentum, Share)),
                ("max_momentum", Number(max_momentum, Share)),
            ],
            Schedule::Warmup { steps, from, then } => vec![
                ("steps", Count(steps, 0)),
                ("from", Number(from, NotNegative)),
                ("then", Inner(&mut **then)),
            ],
        }
    }

    fn check(&self, place: &str) -> Result<()> {
        let wrong = |argument: &str, expected: String, got: String| {
            Err(Error::InvalidArgument {
                place: place.into(),
                argument: argument.into(),
                expected,
                got,
            })
        };
        match self {
            Schedule::Piecewise { boundaries, .. } if !boundaries.is_sorted() => {
                wrong("boundaries", "ascending".into(), format!("{boundaries:?}"))
            }
            Schedule::Piecewise {
                boundaries,
                factors,
            } if factors.len() != boundaries.len() + 1 => {
                let expected = format!("{} numbers", boundaries.len() + 1);
                wrong("factors", expected, format!("{factors:?}"))
            }
            Schedule::OneCycle {
                three_phase: true,
                rise,
                ..
            } if *rise >= 0.5 => wrong("rise", "< 0.5".into(), rise.to_string()),
            _ => Ok(()),
        }
    }
}

impl Table for ReduceOnPlateau {
    const OPTIONAL: bool = true;

    fn kinds() -> Vec<(&'static str, Self)> {
        vec![("", ReduceOnPlateau::default())]
    }

    fn kind(&self) -> &'static str {
        ""
    }

    fn slots(&mut self) -> Slots<'_> {
        use Slot::{Count, Flag, Number};
        vec![
            ("factor", Number(&mut self.factor, Range::Between)),
            ("patience", Count(&mut self.patience, 1)),
            ("min_delta", Number(&mut self.min_delta, Range::NotNegative)),
            ("relative", Flag(&mut self.relative)),
            ("cooldown", Count(&mut self.cooldown, 0)),
            ("min_factor", Number(&mut self.min_factor, Range::Unit)),
        ]
    }
}

by_table!(LossSpec, OptimizerSpec, Schedule, ReduceOnPlateau);

impl RunSpec {
    /// Errs on a number of the strategy that is out of its range: that of a run made in Rust, for
    /// JSON's are checked where they are read.
    pub(in crate::train) fn check_strategy(&self) -> Result<()> {
        check(&serde_json::json!(self))
    }
}

/// Errs on a mistake in the strategy part of a run, with its place.
pub(super) fn check(run: &Value) -> Result<()> {
    for (place, part) in run.as_object().into_iter().flatten() {
        match (place.as_str(), part) {
            ("loss", _) => drop(read::<LossSpec>(place, part)?),
            ("optimizer", _) => drop(read::<OptimizerSpec>(place, part)?),
            ("schedule", _) => drop(read::<Schedule>(place, part)?),
            ("reduce_on_plateau", part) if !part.is_null() => {
                read::<ReduceOnPlateau>(place, part)?;
            }
            ("early_stopping", part) if !part.is_null() => {
                read::<EarlyStopping>(place, part)?;
            }
            ("regularizers", Value::Array(parts)) => each::<RegularizerSpec>(place, parts)?,
            ("constraints", Value::Array(parts)) => each::<ConstraintSpec>(place, parts)?,
            _ => {}
        }
    }
    Ok(())
}

fn each<T: Table>(place: &str, parts: &[Value]) -> Result<()> {
    for (index, part) in parts.iter().enumerate() {
        read::<T>(&format!("{place} {index}"), part)?;
    }
    Ok(())
}
