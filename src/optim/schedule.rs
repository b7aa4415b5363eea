//! Schedules: how the learning rate changes from step to step.
//!
//! A schedule is a pure function of the step, counted from 0, and gives a factor on the learning
//! rate that the optimiser was given. So it can be drawn before a run, and a run resumed.

/// How the rate goes. All steps and periods are counted in batches.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Schedule {
    /// Always the rate itself.
    #[default]
    Constant,
    /// factor^⌊step / every⌋ (PyTorch's `StepLR`).
    Step {
        /// 1 or more.
        every: u64,
        /// Above 0.
        factor: f64,
    },
    /// The first of `factors` up to and including the first boundary, then the next, and so on
    /// (Keras's `PiecewiseConstantDecay`, whose values are rates; PyTorch's `MultiStepLR` changes
    /// one step after a boundary given one less).
    Piecewise {
        /// Ascending.
        boundaries: Vec<u64>,
        /// One more than boundaries.
        factors: Vec<f64>,
    },
    /// decay_rate^(step / decay_steps), the exponent rounded down where it is a staircase (Keras's
    /// `ExponentialDecay`; PyTorch's `ExponentialLR` with `decay_steps` 1).
    Exponential {
        /// 1 or more.
        decay_steps: u64,
        /// Above 0.
        decay_rate: f64,
        /// Whether it falls at whole periods only.
        staircase: bool,
    },
    /// 1 / (1 + decay_rate · step / decay_steps) (Keras's `InverseTimeDecay`).
    InverseTime {
        /// 1 or more.
        decay_steps: u64,
        /// 0 or more.
        decay_rate: f64,
        /// Whether it falls at whole periods only.
        staircase: bool,
    },
    /// min((step + 1)^−½, (step + 1) · warmup_steps^−1½) (Vaswani et al. 2017).
    InverseSqrt {
        /// 1 or more: where the rise ends.
        warmup_steps: u64,
    },
    /// (1 − end)·(1 − step / decay_steps)^power + end (Keras's `PolynomialDecay`, PyTorch's
    /// `PolynomialLR`).
    Polynomial {
        /// 1 or more.
        decay_steps: u64,
        /// The last factor, 0 or more.
        end: f64,
        /// Above 0; 1 is a line.
        power: f64,
        /// Whether it rises again after its end, to a multiple of `decay_steps`.
        cycle: bool,
    },
    /// (1 − alpha)·(1 + cos(π·step / decay_steps)) / 2 + alpha (Loshchilov and Hutter 2017).
    Cosine {
        /// 1 or more.
        decay_steps: u64,
        /// The last factor, 0 or more.
        alpha: f64,
        /// Whether it goes on as a wave (PyTorch's `CosineAnnealingLR`) or stays at its end
        /// (Keras's `CosineDecay`).
        wave: bool,
    },
    /// The same again and again, each period `t_mul` times as long and from `m_mul` times as high
    /// (Keras's `CosineDecayRestarts`, PyTorch's `CosineAnnealingWarmRestarts`).
    WarmRestarts {
        /// 1 or more.
        first_decay_steps: u64,
        /// 1 or more.
        t_mul: f64,
        /// Above 0.
        m_mul: f64,
        /// The last factor of a period, 0 or more.
        alpha: f64,
    },
    /// Up from 1 / div_factor to 1 and down to 1 / (div_factor·final_div_factor), while the
    /// momentum goes the other way (Smith and Topin 2019; PyTorch's `OneCycleLR`, whose `max_lr`
    /// is the rate itself here). After `total_steps` it stays.
    OneCycle {
        /// 2 or more.
        total_steps: u64,
        /// 0 to 1, both excluded: the share of the steps that rise.
        rise: f64,
        /// Above 0.
        div_factor: f64,
        /// Above 0.
        final_div_factor: f64,
        /// By lines, where else it goes by half waves of a cosine.
        linear: bool,
        /// Whether the fall to the first factor is as long as the rise, and the rest comes after.
        three_phase: bool,
        /// Whether the momentum takes part.
        cycle_momentum: bool,
        /// 0 to 1, 1 excluded: the momentum at the peak.
        base_momentum: f64,
        /// The same at both ends.
        max_momentum: f64,
    },
    /// A line from `from` to 1, then another schedule from its own step 0.
    Warmup {
        /// How long the line is.
        steps: u64,
        /// The first factor, 0 or more.
        from: f64,
        /// What comes after.
        then: Box<Schedule>,
    },
}

impl Schedule {
    /// One cycle with PyTorch's defaults.
    pub fn one_cycle(total_steps: u64) -> Schedule {
        Schedule::OneCycle {
            total_steps,
            rise: 0.3,
            div_factor: 25.0,
            final_div_factor: 1e4,
            linear: false,
            three_phase: false,
            cycle_momentum: true,
            base_momentum: 0.85,
            max_momentum: 0.95,
        }
    }

    /// What the rate is multiplied by in a step.
    pub fn factor(&self, step: u64) -> f64 {
        let t = step as f64;
        match *self {
            Schedule::Constant => 1.0,
            Schedule::Step { every, factor } => libm::pow(factor, (step / every) as f64),
            Schedule::Piecewise {
                ref boundaries,
                ref factors,
            } => factors[boundaries.iter().filter(|&&end| end < step).count()],
            Schedule::Exponential {
                decay_steps,
                decay_rate,
                staircase,
            } => libm::pow(decay_rate, periods(step, decay_steps, staircase)),
            Schedule::InverseTime {
                decay_steps,
                decay_rate,
                staircase,
            } => 1.0 / (1.0 + decay_rate * periods(step, decay_steps, staircase)),
            Schedule::InverseSqrt { warmup_steps } => {
                let rise = libm::pow(warmup_steps as f64, -1.5);
                (1.0 / libm::sqrt(t + 1.0)).min((t + 1.0) * rise)
            }
            Schedule::Polynomial {
                decay_steps,
                end,
                power,
                cycle,
            } => {
                let whole = if cycle {
                    decay_steps * step.div_ceil(decay_steps).max(1)
                } else {
                    decay_steps
                };
                let left = 1.0 - (step.min(whole) as f64) / whole as f64;
                (1.0 - end) * libm::pow(left, power) + end
            }
            Schedule::Cosine {
                decay_steps,
                alpha,
                wave,
            } => {
                let step = if wave { step } else { step.min(decay_steps) };
                (1.0 - alpha) * half_wave(step as f64 / decay_steps as f64) + alpha
            }
            Schedule::WarmRestarts {
                first_decay_steps,
                t_mul,
                m_mul,
                alpha,
            } => {
                let (period, done) = restart(t / first_decay_steps as f64, t_mul);
                (1.0 - alpha) * libm::pow(m_mul, period) * half_wave(done) + alpha
            }
            Schedule::OneCycle {
                div_factor,
                final_div_factor,
                linear,
                ..
            } => {
                let ends = [div_factor, 1.0, div_factor, div_factor * final_div_factor];
                let (phase, done) = self.phase(step);
                let [from, to] = match phase {
                    Phase::Rise => [1.0 / ends[0], 1.0],
                    Phase::Fall => [1.0, 1.0 / ends[2]],
                    Phase::FallToEnd => [1.0, 1.0 / ends[3]],
                    Phase::End => [1.0 / ends[2], 1.0 / ends[3]],
                };
                between(from, to, done, linear)
            }
            Schedule::Warmup {
                steps,
                from,
                ref then,
            } => {
                if step < steps {
                    from + (1.0 - from) * (t / steps as f64)
                } else {
                    then.factor(step - steps)
                }
            }
        }
    }

    /// The momentum in a step, where the schedule changes it.
    pub fn momentum(&self, step: u64) -> Option<f64> {
        match *self {
            Schedule::OneCycle {
                cycle_momentum: true,
                base_momentum,
                max_momentum,
                linear,
                ..
            } => {
                let (phase, done) = self.phase(step);
                Some(match phase {
                    Phase::Rise => between(max_momentum, base_momentum, done, linear),
                    Phase::Fall | Phase::FallToEnd => {
                        between(base_momentum, max_momentum, done, linear)
                    }
                    Phase::End => max_momentum,
                })
            }
            Schedule::Warmup {
                steps, ref then, ..
            } => then.momentum(step.saturating_sub(steps)),
            _ => None,
        }
    }

    /// Where one cycle stands in a step, and how much of that phase is done.
    fn phase(&self, step: u64) -> (Phase, f64) {
        let Schedule::OneCycle {
            total_steps,
            rise,
            three_phase,
            ..
        } = *self
        else {
            unreachable!("only one-cycle has phases")
        };
        let t = step.min(total_steps - 1) as f64;
        let (peak, last) = (rise * total_steps as f64 - 1.0, (total_steps - 1) as f64);
        let low = if three_phase {
            2.0 * rise * total_steps as f64 - 2.0
        } else {
            last
        };
        if t <= peak {
            (Phase::Rise, t / peak)
        } else if t <= low {
            let done = (t - peak) / (low - peak);
            let phase = if three_phase {
                Phase::Fall
            } else {
                Phase::FallToEnd
            };
            (phase, done)
        } else {
            (Phase::End, (t - low) / (last - low))
        }
    }
}

/// A part of one cycle.
enum Phase {
    Rise,
    Fall,
    FallToEnd,
    End,
}

/// step / period, rounded down in a staircase.
fn periods(step: u64, period: u64, staircase: bool) -> f64 {
    if staircase {
        (step / period) as f64
    } else {
        step as f64 / period as f64
    }
}

/// From 1 to 0 along a cosine.
fn half_wave(done: f64) -> f64 {
    (1.0 + libm::cos(std::f64::consts::PI * done)) / 2.0
}

fn between(from: f64, to: f64, done: f64, linear: bool) -> f64 {
    let left = if linear { 1.0 - done } else { half_wave(done) };
    to + (from - to) * left
}

/// Which period `t` lies in and how much of it is done, where the first is 1 long and each next one
/// `longer` times the one before.
fn restart(t: f64, longer: f64) -> (f64, f64) {
    if longer == 1.0 {
        return (libm::floor(t), t - libm::floor(t));
    }
    // Period after period, so that whole numbers stay exact; they grow, so they are few.
    let (mut period, mut length, mut left) = (0.0, 1.0, t);
    while left >= length {
        left -= length;
        length *= longer;
        period += 1.0;
    }
    (period, left / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_factors(schedule: &Schedule, expected: &[(u64, f64)]) {
        for &(step, factor) in expected {
            let got = schedule.factor(step);
            assert!(
                (got - factor).abs() < 1e-12,
                "{schedule:?}, step {step}: {got}, expected {factor}"
            );
        }
    }

    #[test]
    fn a_warm_up_leads_into_any_schedule_from_its_start() {
        let then = Schedule::Step {
            every: 2,
            factor: 0.5,
        };
        let schedule = Schedule::Warmup {
            steps: 4,
            from: 0.2,
            then: Box::new(then),
        };
        let expected = [(0, 0.2), (1, 0.4), (3, 0.8), (4, 1.0), (5, 1.0), (6, 0.5)];
        check_factors(&schedule, &expected);
        let none = Schedule::Warmup {
            steps: 0,
            from: 0.0,
            then: Box::default(),
        };
        check_factors(&none, &[(0, 1.0), (9, 1.0)]);
    }

    #[test]
    fn a_cycling_polynomial_rises_again_to_a_longer_fall() {
        let schedule = Schedule::Polynomial {
            decay_steps: 10,
            end: 0.1,
            power: 1.0,
            cycle: true,
        };
        check_factors(&schedule, &[(0, 1.0), (10, 0.1), (15, 0.325), (20, 0.1)]);
    }

    #[test]
    fn restarts_may_begin_lower_and_a_cycle_stays_at_its_end() {
        let restarts = Schedule::WarmRestarts {
            first_decay_steps: 4,
            t_mul: 1.0,
            m_mul: 0.5,
            alpha: 0.0,
        };
        check_factors(&restarts, &[(0, 1.0), (2, 0.5), (4, 0.5), (8, 0.25)]);
        let cycle = Schedule::OneCycle {
            total_steps: 20,
            rise: 0.3,
            div_factor: 10.0,
            final_div_factor: 100.0,
            linear: false,
            three_phase: false,
            cycle_momentum: false,
            base_momentum: 0.85,
            max_momentum: 0.95,
        };
        check_factors(&cycle, &[(0, 0.1), (5, 1.0), (19, 0.001), (1000, 0.001)]);
        assert_eq!(cycle.momentum(3), None);
    }
}
