//! A learning rate that falls when the validation loss no longer does.

/// When and how far the rate falls (Keras's `ReduceLROnPlateau`).
///
/// PyTorch's falls after one more evaluation than its `patience` says, and its `threshold` is
/// relative: its `patience` 2 is 3 here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReduceOnPlateau {
    /// 0 to 1, both excluded: what the rate is multiplied by.
    pub factor: f64,
    /// 1 or more: evaluations without a better loss that it takes.
    pub patience: u64,
    /// 0 or more: how much lower a loss must be to be better.
    pub min_delta: f64,
    /// Whether `min_delta` is a share of the best loss.
    pub relative: bool,
    /// Evaluations that do not count after a fall.
    pub cooldown: u64,
    /// 0 to 1: the smallest share of the first rate that is left.
    pub min_factor: f64,
}

impl Default for ReduceOnPlateau {
    /// Keras's defaults.
    fn default() -> Self {
        Self {
            factor: 0.1,
            patience: 10,
            min_delta: 1e-4,
            relative: false,
            cooldown: 0,
            min_factor: 0.0,
        }
    }
}

/// A plateau being watched for.
#[derive(Clone, Debug, PartialEq)]
pub struct Plateau {
    settings: ReduceOnPlateau,
    best: f64,
    waited: u64,
    cooling: u64,
    factor: f64,
}

impl Plateau {
    /// Before the first evaluation.
    pub fn new(settings: ReduceOnPlateau) -> Self {
        Self {
            settings,
            best: f64::INFINITY,
            waited: 0,
            cooling: 0,
            factor: 1.0,
        }
    }

    /// What the rate is multiplied by.
    pub fn factor(&self) -> f64 {
        self.factor
    }

    /// Best loss, evaluations waited and to cool, factor: for a checkpoint.
    pub fn state(&self) -> [f64; 4] {
        let (waited, cooling) = (self.waited as f64, self.cooling as f64);
        [self.best, waited, cooling, self.factor]
    }

    /// Goes on from such a state.
    pub fn set_state(&mut self, [best, waited, cooling, factor]: [f64; 4]) {
        (self.best, self.factor) = (best, factor);
        (self.waited, self.cooling) = (waited as u64, cooling as u64);
    }

    /// Hears of an evaluation.
    pub fn observe(&mut self, loss: f64) {
        let s = self.settings;
        if self.cooling > 0 {
            self.cooling -= 1;
            self.waited = 0;
        }
        let bar = if s.relative {
            self.best * (1.0 - s.min_delta)
        } else {
            self.best - s.min_delta
        };
        if loss < bar {
            self.best = loss;
            self.waited = 0;
        } else if self.cooling == 0 {
            self.waited += 1;
            if self.waited >= s.patience {
                self.factor = (self.factor * s.factor).max(s.min_factor);
                self.cooling = s.cooldown;
                self.waited = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_cools_down_after_a_fall_and_has_a_floor() {
        let mut plateau = Plateau::new(ReduceOnPlateau {
            factor: 0.5,
            patience: 2,
            cooldown: 2,
            min_factor: 0.2,
            ..ReduceOnPlateau::default()
        });
        let factors: Vec<f64> = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5]
            .into_iter()
            .map(|loss| {
                plateau.observe(loss);
                plateau.factor()
            })
            .collect();
        assert_eq!(factors, [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2]);
    }
}
