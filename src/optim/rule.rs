//! The rules by which gradients move parameters.

use crate::kernels::Real;
use crate::kernels::optimizer::{adadelta, adam, lion, rms, sgd};

/// A rule with its numbers. The learning rate is not among them: schedules change it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Gradient descent; with Nesterov the step looks ahead along the momentum (Sutskever et al.
    /// 2013).
    Sgd {
        /// 0 to 1, 1 excluded: how much of the last step is taken again.
        momentum: f64,
        /// 0 to 1: how much of a gradient the momentum leaves out, but for the first (PyTorch's;
        /// Keras has none, and there it must be 0).
        dampening: f64,
        /// Whether the step looks ahead.
        nesterov: bool,
    },
    /// Each parameter's steps shrink by the gradients it has had (Duchi, Hazan and Singer 2011).
    Adagrad {
        /// What the sum of squares begins at.
        initial_accumulator_value: f64,
        /// Keeps the quotient finite.
        epsilon: f64,
    },
    /// Steps in the parameters' own unit (Zeiler 2012).
    Adadelta {
        /// How slowly the means forget.
        rho: f64,
        /// Keeps the quotient finite, and lets it begin.
        epsilon: f64,
    },
    /// Steps divided by the root of the gradient's mean square (Hinton 2012).
    RmsProp {
        /// How slowly the mean forgets.
        rho: f64,
        /// 0 to 1, 1 excluded: how much of the last step is taken again.
        momentum: f64,
        /// Keeps the quotient finite.
        epsilon: f64,
        /// Whether the mean square is taken about the mean (Graves 2013).
        centered: bool,
    },
    /// Both means, corrected for having begun at 0 (Kingma and Ba 2015). With decoupled weight
    /// decay it is AdamW (Loshchilov and Hutter 2019).
    Adam {
        /// How slowly the mean of the gradient forgets.
        beta_1: f64,
        /// How slowly the mean of its square forgets.
        beta_2: f64,
        /// Keeps the quotient finite.
        epsilon: f64,
        /// Whether the mean square never shrinks (Reddi, Kale and Kumar 2018).
        amsgrad: bool,
    },
    /// The sign of a momentum alone (Chen et al. 2023); PyTorch has none.
    Lion {
        /// How much of the momentum a step takes.
        beta_1: f64,
        /// How slowly the momentum forgets.
        beta_2: f64,
    },
}

/// Whose reading of a rule is followed, where the two differ. In all else they agree.
///
/// | rule | `Keras` | `Torch` |
/// |---|---|---|
/// | SGD, RMSprop: momentum | gathers steps, rate included | gathers gradients; the rate comes after |
/// | Adagrad, RMSprop: ε | √(v + ε) | √v + ε |
/// | Adam: ε | added to √v before its correction | after it |
/// | clipping by norm | scale = max / norm | scale = max / (norm + 1e-6) |
///
/// Where only the defaults differ (Adadelta's, every ε), give the numbers you want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Convention {
    /// Keras 3's optimisers, as training runs follow them.
    #[default]
    Keras,
    /// PyTorch's `torch.optim`.
    Torch,
}

/// The step that is being taken.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The learning rate in force.
    pub lr: f64,
    /// What is left of each parameter: 1, or 1 − lr·decay.
    pub keep: f64,
    /// Counted from 1.
    pub step: u64,
    /// Whether the state has just begun.
    pub fresh: bool,
    /// Whose reading is followed.
    pub convention: Convention,
}

impl Rule {
    /// Keras's defaults are 0 and no Nesterov.
    pub fn sgd(momentum: f64, nesterov: bool) -> Rule {
        Rule::Sgd {
            momentum,
            dampening: 0.0,
            nesterov,
        }
    }

    /// Keras's defaults: 0.1 and 1e-7 (PyTorch's: 0 and 1e-10).
    pub fn adagrad() -> Rule {
        Rule::Adagrad {
            initial_accumulator_value: 0.1,
            epsilon: 1e-7,
        }
    }

    /// Keras's defaults: 0.95 and 1e-7 (PyTorch's: 0.9 and 1e-6).
    pub fn adadelta() -> Rule {
        Rule::Adadelta {
            rho: 0.95,
            epsilon: 1e-7,
        }
    }

    /// Keras's defaults: 0.9, no momentum, 1e-7, not centred (PyTorch's: 0.99 and 1e-8).
    pub fn rmsprop() -> Rule {
        Rule::RmsProp {
            rho: 0.9,
            momentum: 0.0,
            epsilon: 1e-7,
            centered: false,
        }
    }

    /// Keras's defaults: 0.9, 0.999 and 1e-7 (PyTorch's ε: 1e-8).
    pub fn adam() -> Rule {
        Rule::Adam {
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-7,
            amsgrad: false,
        }
    }

    /// Keras's defaults: 0.9 and 0.99.
    pub fn lion() -> Rule {
        Rule::Lion {
            beta_1: 0.9,
            beta_2: 0.99,
        }
    }

    /// Its name in snake case, as specs and checkpoints write it.
    pub fn name(&self) -> &'static str {
        match self {
            Rule::Sgd { .. } => "sgd",
            Rule::Adagrad { .. } => "adagrad",
            Rule::Adadelta { .. } => "adadelta",
            Rule::RmsProp { .. } => "rmsprop",
            Rule::Adam { .. } => "adam",
            Rule::Lion { .. } => "lion",
        }
    }

    /// The names of what it remembers of each parameter, one number for each number of it.
    pub fn slots(&self) -> &'static [&'static str] {
        match *self {
            Rule::Sgd { momentum: 0.0, .. } => &[],
            Rule::Sgd { .. } => &["velocity"],
            Rule::Adagrad { .. } => &["squares"],
            Rule::Adadelta { .. } => &["squares", "ways"],
            Rule::RmsProp {
                momentum, centered, ..
            } => match (centered, momentum != 0.0) {
                (false, false) => &["squares"],
                (false, true) => &["squares", "velocity"],
                (true, false) => &["squares", "mean"],
                (true, true) => &["squares", "mean", "velocity"],
            },
            Rule::Adam { amsgrad: false, .. } => &["m", "v"],
            Rule::Adam { amsgrad: true, .. } => &["m", "v", "largest"],
            Rule::Lion { .. } => &["m"],
        }
    }

    /// What they begin at.
    pub fn initial(&self) -> f64 {
        match *self {
            Rule::Adagrad {
                initial_accumulator_value,
                ..
            } => initial_accumulator_value,
            _ => 0.0,
        }
    }

    /// The same rule with another momentum, Adam's and Lion's β₁: what a one-cycle schedule
    /// changes. A rule without momentum stays as it is.
    pub fn with_momentum(mut self, new: f64) -> Rule {
        match &mut self {
            Rule::Sgd { momentum, .. } | Rule::RmsProp { momentum, .. } => {
                if *momentum != 0.0 {
                    *momentum = new;
                }
            }
            Rule::Adam { beta_1, .. } | Rule::Lion { beta_1, .. } => *beta_1 = new,
            Rule::Adagrad { .. } | Rule::Adadelta { .. } => {}
        }
        self
    }

    /// Moves `params`. Shape: all `[N]`; `state` holds one array for each of [`Rule::slots`].
    pub fn apply<T: Real>(
        &self,
        moment: &Moment,
        params: &mut [T],
        grads: &[T],
        state: &mut [&mut [T]],
    ) {
        let &Moment {
            lr,
            keep,
            step,
            fresh,
            convention,
        } = moment;
        let keras = convention == Convention::Keras;
        // 1 − β in the arrays' own type, as Keras and PyTorch hold it there.
        let rest = |beta: f64| (T::ONE - T::from_f64(beta)).to_f64();
        let (inside, outside) = if keras { (1.0, 0.0) } else { (0.0, 1.0) };
        let (into, along) = if keras { (lr, 1.0) } else { (1.0, lr) };
        match (*self, state) {
            (Rule::Sgd { .. }, []) => sgd::Plain { lr, keep }.apply(params, grads),
            (
                Rule::Sgd {
                    momentum,
                    dampening,
                    nesterov,
                },
                [u],
            ) => {
                // PyTorch's velocity is a gradient, Keras's a way.
                let (gain, along) = match (keras, fresh) {
                    (true, _) => (-lr, 1.0),
                    (false, true) => (1.0, -lr),
                    (false, false) => (1.0 - dampening, -lr),
                };
                let (along, ahead) = if nesterov {
                    (along * momentum, -lr)
                } else {
                    (along, 0.0)
                };
                let rule = sgd::Momentum {
                    momentum,
                    gain,
                    along,
                    ahead,
                    keep,
                };
                rule.apply(params, grads, u);
            }
            (Rule::Adagrad { epsilon, .. }, [v]) => {
                let rule = rms::Rms {
                    fade: 1.0,
                    gain: 1.0,
                    momentum: 0.0,
                    inside: inside * epsilon,
                    outside: outside * epsilon,
                    into,
                    along,
                    keep,
                };
                rule.apply(params, grads, v, None, None);
            }
            (
                Rule::RmsProp {
                    rho,
                    momentum,
                    epsilon,
                    centered,
                },
                [v, more @ ..],
            ) => {
                let rule = rms::Rms {
                    fade: rho,
                    gain: rest(rho),
                    momentum,
                    inside: inside * epsilon,
                    outside: outside * epsilon,
                    into,
                    along,
                    keep,
                };
                let mut more = more.iter_mut().map(|array| &mut **array);
                let mean = if centered { more.next() } else { None };
                rule.apply(params, grads, v, mean, more.next());
            }
            (Rule::Adadelta { rho, epsilon }, [v, ways]) => {
                let rest = rest(rho);
                let rule = adadelta::Adadelta {
                    rho,
                    rest,
                    lr,
                    epsilon,
                    keep,
                };
                rule.apply(params, grads, v, ways);
            }
            (
                Rule::Adam {
                    beta_1,
                    beta_2,
                    epsilon,
                    ..
                },
                [m, v, more @ ..],
            ) => {
                // √v is short by √(1 − β₂ᵗ): PyTorch adds ε to the corrected root.
                let place = if keras {
                    1.0
                } else {
                    adam::root_correction(beta_2, step)
                };
                let rule = adam::Adam {
                    rate: adam::step_rate(lr, beta_1, beta_2, step),
                    rest_1: rest(beta_1),
                    rest_2: rest(beta_2),
                    epsilon: epsilon * place,
                    keep,
                };
                match more {
                    [largest] => rule.apply_amsgrad(params, grads, [m, v, largest]),
                    _ => rule.apply(params, grads, m, v),
                }
            }
            (Rule::Lion { beta_1, beta_2 }, [m]) => {
                let rule = lion::Lion {
                    beta_1,
                    rest_1: rest(beta_1),
                    beta_2,
                    rest_2: rest(beta_2),
                    lr,
                    keep,
                };
                rule.apply(params, grads, m);
            }
            (rule, state) => panic!("{rule:?}: {} arrays of state", state.len()),
        }
    }
}
