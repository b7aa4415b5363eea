//! Early stopping: a run that ends when it no longer gets better.

use serde::Serialize;

use super::report::Evaluation;
use super::session::Session;

/// When to stop (Keras's `EarlyStopping`); evaluations take the place of its epochs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EarlyStopping {
    pub monitor: Monitor,
    /// Evaluations without an improvement after which the run stops.
    pub patience: u64,
    /// 0 or more: how much better counts as better.
    pub min_delta: f64,
    /// Patience begins anew only where this is beaten too.
    pub baseline: Option<f64>,
    /// Evaluations at the start that are not looked at.
    pub start_from: u64,
    /// Whether the run ends with the weights of its best evaluation.
    pub restore_best_weights: bool,
}

/// What is watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Monitor {
    /// The smaller the better.
    #[default]
    Loss,
    /// The larger the better.
    Accuracy,
}

/// A run being watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    settings: EarlyStopping,
    seen: u64,
    waited: u64,
    /// The best value so far.
    best: Option<f64>,
}

/// What an evaluation means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// Whether it is the best so far.
    pub improved: bool,
    /// Whether the run should end.
    pub stop: bool,
    /// Evaluations since patience began.
    pub waited: u64,
    /// The learning rate of the next step.
    pub learning_rate: f64,
}

impl Watch {
    /// Before the first evaluation.
    pub fn new(settings: EarlyStopping) -> Watch {
        Watch {
            settings,
            seen: 0,
            waited: 0,
            best: None,
        }
    }

    /// What it was told.
    pub fn settings(&self) -> &EarlyStopping {
        &self.settings
    }

    /// Evaluations seen, waited, and the best as bits.
    pub fn standing(&self) -> (u64, u64, Option<u64>) {
        (self.seen, self.waited, self.best.map(f64::to_bits))
    }

    /// Goes on from there.
    pub fn set_standing(&mut self, (seen, waited, best): (u64, u64, Option<u64>)) {
        (self.seen, self.waited, self.best) = (seen, waited, best.map(f64::from_bits));
    }

    /// The value that is watched, for the better the smaller.
    fn cost(&self, evaluation: &Evaluation) -> f64 {
        match self.settings.monitor {
            Monitor::Loss => evaluation.loss,
            Monitor::Accuracy => -evaluation.accuracy,
        }
    }

    /// Hears of an evaluation: whether it is the best so far, whether to stop, how long it waited.
    pub fn observe(&mut self, evaluation: &Evaluation) -> (bool, bool, u64) {
        let EarlyStopping {
            monitor,
            patience,
            min_delta,
            baseline,
            start_from,
            ..
        } = self.settings;
        self.seen += 1;
        if self.seen <= start_from {
            return (false, false, 0);
        }
        let cost = self.cost(evaluation);
        let better_than = |other: Option<f64>| other.is_none_or(|other| cost < other - min_delta);
        let baseline = baseline.map(|value| match monitor {
            Monitor::Loss => value,
            Monitor::Accuracy => -value,
        });
        self.waited += 1;
        if better_than(self.best) {
            self.best = Some(cost);
            if better_than(baseline) {
                self.waited = 0;
            }
            return (true, false, self.waited);
        }
        let stop = self.waited >= patience && self.seen > 1;
        (false, stop, self.waited)
    }
}

impl Session {
    /// Tells early stopping and reduce-on-plateau of an evaluation of the validation data, usually
    /// once an epoch. Where the run is to stop and to end with its best weights, it gets them back.
    pub fn observe(&mut self, evaluation: &Evaluation) -> Observation {
        self.optimizer.observe(evaluation.loss);
        let mut observation = Observation {
            improved: false,
            stop: false,
            waited: 0,
            learning_rate: self.optimizer.next_rate(),
        };
        let Some(watch) = &mut self.watch else {
            return observation;
        };
        let (improved, stop, waited) = watch.observe(evaluation);
        (observation.improved, observation.stop) = (improved, stop);
        observation.waited = waited;
        if watch.settings().restore_best_weights {
            if improved {
                self.best = Some(self.plan.params.clone());
            } else if let (true, Some(best)) = (stop, &self.best) {
                self.plan.params.copy_from_slice(best);
            }
        }
        observation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of the evaluation after which the run stops, and those that were the best.
    fn check_stop(settings: EarlyStopping, values: &[f64], stop: Option<usize>, best: &[usize]) {
        let mut watch = Watch::new(settings);
        let (mut stopped, mut improved) = (None, Vec::new());
        for (number, &value) in values.iter().enumerate() {
            let (loss, accuracy) = match settings.monitor {
                Monitor::Loss => (value, 0.5),
                Monitor::Accuracy => (1.0, value),
            };
            let count = 1;
            let evaluation = Evaluation {
                loss,
                accuracy,
                count,
            };
            let (is_best, stop, _) = watch.observe(&evaluation);
            if is_best {
                improved.push(number);
            }
            if stop {
                stopped = Some(number);
                break;
            }
        }
        assert_eq!((stopped, &improved[..]), (stop, best), "{settings:?}");
    }

    #[test]
    fn a_run_stops_when_its_patience_is_out() {
        let patience = |patience| EarlyStopping {
            patience,
            ..EarlyStopping::default()
        };
        let losses = [1.0, 0.8, 0.9, 0.85, 0.7, 0.7, 0.7, 0.7];
        check_stop(patience(0), &losses, Some(2), &[0, 1]);
        check_stop(patience(2), &losses, Some(3), &[0, 1]);
        check_stop(patience(3), &losses, Some(7), &[0, 1, 4]);
        check_stop(patience(4), &losses, None, &[0, 1, 4]);
    }

    #[test]
    fn accuracy_a_baseline_a_least_gain_and_a_late_start_are_heeded() {
        let accuracy = EarlyStopping {
            monitor: Monitor::Accuracy,
            patience: 1,
            min_delta: 0.05,
            ..EarlyStopping::default()
        };
        check_stop(accuracy, &[0.5, 0.6, 0.62], Some(2), &[0, 1]);
        let baseline = EarlyStopping {
            patience: 2,
            baseline: Some(0.5),
            ..EarlyStopping::default()
        };
        check_stop(baseline, &[0.9, 0.8, 0.85], Some(2), &[0, 1]);
        let late = EarlyStopping {
            start_from: 2,
            ..EarlyStopping::default()
        };
        check_stop(late, &[0.1, 0.2, 0.9, 0.8, 0.9], Some(4), &[2, 3]);
    }

    #[test]
    fn a_loss_that_is_no_number_is_no_improvement() {
        let settings = EarlyStopping {
            patience: 1,
            ..EarlyStopping::default()
        };
        check_stop(settings, &[0.9, f64::NAN], Some(1), &[0]);
    }
}
