//! Schedules and initialisers against what PyTorch and Keras computed (tests/fixtures/take_strategies.py).

use danlu::layers::{Init, init};
use danlu::optim::{Plateau, ReduceOnPlateau, Schedule};
use danlu::rng::Rng;
use serde::Deserialize;
use serde_json::Value;

/// The rates of a schedule, before each step.
#[derive(Deserialize)]
struct Case {
    name: String,
    op: String,
    params: Value,
    base_lr: Option<f64>,
    lr: Vec<f64>,
    #[serde(default)]
    momentum: Vec<f64>,
    #[serde(default)]
    metrics: Vec<f64>,
}

impl Case {
    fn number(&self, name: &str) -> f64 {
        let number = self.params[name].as_f64();
        number.unwrap_or_else(|| panic!("{}: no {name}", self.name))
    }

    fn count(&self, name: &str) -> u64 {
        self.number(name) as u64
    }

    fn is(&self, name: &str) -> bool {
        self.params[name].as_bool().unwrap()
    }

    fn list(&self, name: &str) -> Vec<f64> {
        let list = self.params[name].as_array().unwrap();
        list.iter().map(|number| number.as_f64().unwrap()).collect()
    }
}

fn check_close(what: &str, got: f64, want: f64) {
    // The fixtures hold 9 digits.
    let near = (got - want).abs() <= 1e-8 * want.abs() + 1e-12;
    assert!(near, "{what}: got {got}, expected {want}");
}

fn check_rates(case: &Case, schedule: &Schedule, base: f64) {
    for (step, &want) in case.lr.iter().enumerate() {
        let what = format!("{}, step {step}", case.name);
        check_close(&what, base * schedule.factor(step as u64), want);
        if let Some(&momentum) = case.momentum.get(step) {
            let got = schedule.momentum(step as u64).unwrap();
            check_close(&format!("{what}, momentum"), got, momentum);
        }
    }
}

fn cases(json: &str) -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(json).unwrap();
    assert!(!cases.is_empty());
    cases
}

fn torch_schedule(case: &Case, base: f64) -> (Schedule, f64) {
    let schedule = match case.op.as_str() {
        "StepLR" => Schedule::Step {
            every: case.count("step_size"),
            factor: case.number("gamma"),
        },
        "MultiStepLR" => {
            // A milestone is the first step of the next rate, a boundary the last of this one.
            let milestones = case.list("milestones");
            let factors = (0..=milestones.len()).map(|i| case.number("gamma").powi(i as i32));
            Schedule::Piecewise {
                boundaries: milestones.iter().map(|&m| m as u64 - 1).collect(),
                factors: factors.collect(),
            }
        }
        "ExponentialLR" => Schedule::Exponential {
            decay_steps: 1,
            decay_rate: case.number("gamma"),
            staircase: false,
        },
        "CosineAnnealingLR" => Schedule::Cosine {
            decay_steps: case.count("T_max"),
            alpha: case.number("eta_min") / base,
            wave: true,
        },
        "CosineAnnealingWarmRestarts" => Schedule::WarmRestarts {
            first_decay_steps: case.count("T_0"),
            t_mul: case.number("T_mult"),
            m_mul: 1.0,
            alpha: case.number("eta_min") / base,
        },
        "LinearLR" => Schedule::Warmup {
            steps: case.count("total_iters"),
            from: case.number("start_factor"),
            then: Box::default(),
        },
        "PolynomialLR" => Schedule::Polynomial {
            decay_steps: case.count("total_iters"),
            end: 0.0,
            power: case.number("power"),
            cycle: false,
        },
        "ConstantLR" => Schedule::Piecewise {
            boundaries: vec![case.count("total_iters") - 1],
            factors: vec![case.number("factor"), 1.0],
        },
        "LambdaLR" => Schedule::InverseSqrt { warmup_steps: 4 },
        "SequentialLR" => Schedule::Warmup {
            steps: case.count("milestone"),
            from: 0.1,
            then: Box::new(Schedule::Cosine {
                decay_steps: 8,
                alpha: 0.0,
                wave: true,
            }),
        },
        "OneCycleLR" => {
            let schedule = Schedule::OneCycle {
                total_steps: case.count("total_steps"),
                rise: case.number("pct_start"),
                div_factor: case.number("div_factor"),
                final_div_factor: case.number("final_div_factor"),
                linear: case.params["anneal_strategy"] == "linear",
                three_phase: case.is("three_phase"),
                cycle_momentum: true,
                base_momentum: case.number("base_momentum"),
                max_momentum: case.number("max_momentum"),
            };
            return (schedule, case.number("max_lr"));
        }
        other => panic!("{other} is no schedule of ours"),
    };
    (schedule, base)
}

#[test]
fn schedules_give_the_rates_of_torch() {
    let mut checked = 0;
    for case in cases(include_str!("../fixtures/torch_schedules.json")) {
        if case.op == "ReduceLROnPlateau" {
            continue;
        }
        let (schedule, base) = torch_schedule(&case, case.base_lr.unwrap());
        check_rates(&case, &schedule, base);
        checked += 1;
    }
    assert_eq!(checked, 14);
}

#[test]
fn a_plateau_lowers_the_rate_when_torch_does() {
    let cases = cases(include_str!("../fixtures/torch_schedules.json"));
    let case = cases.iter().find(|case| !case.metrics.is_empty()).unwrap();
    let mut plateau = Plateau::new(ReduceOnPlateau {
        factor: case.number("factor"),
        patience: case.count("patience") + 1,
        min_delta: case.number("threshold"),
        relative: true,
        cooldown: 0,
        min_factor: 0.0,
    });
    for (&loss, &want) in case.metrics.iter().zip(&case.lr) {
        plateau.observe(loss);
        check_close(&case.name, case.base_lr.unwrap() * plateau.factor(), want);
    }
}

fn keras_schedule(case: &Case) -> (Schedule, f64) {
    let base = case.params["initial_learning_rate"].as_f64();
    let schedule = match case.op.trim_start_matches("schedules.") {
        "ExponentialDecay" => Schedule::Exponential {
            decay_steps: case.count("decay_steps"),
            decay_rate: case.number("decay_rate"),
            staircase: case.is("staircase"),
        },
        "InverseTimeDecay" => Schedule::InverseTime {
            decay_steps: case.count("decay_steps"),
            decay_rate: case.number("decay_rate"),
            staircase: case.is("staircase"),
        },
        "PolynomialDecay" => Schedule::Polynomial {
            decay_steps: case.count("decay_steps"),
            end: case.number("end_learning_rate") / base.unwrap(),
            power: case.number("power"),
            cycle: case.is("cycle"),
        },
        "CosineDecay" => {
            let cosine = Schedule::Cosine {
                decay_steps: case.count("decay_steps"),
                alpha: case.number("alpha"),
                wave: false,
            };
            let Some(target) = case.params["warmup_target"].as_f64() else {
                return (cosine, base.unwrap());
            };
            let schedule = Schedule::Warmup {
                steps: case.count("warmup_steps"),
                from: base.unwrap() / target,
                then: Box::new(cosine),
            };
            return (schedule, target);
        }
        "CosineDecayRestarts" => Schedule::WarmRestarts {
            first_decay_steps: case.count("first_decay_steps"),
            t_mul: case.number("t_mul"),
            m_mul: case.number("m_mul"),
            alpha: case.number("alpha"),
        },
        "PiecewiseConstantDecay" => {
            let boundaries = case.list("boundaries").iter().map(|&b| b as u64).collect();
            let factors = case.list("values");
            return (
                Schedule::Piecewise {
                    boundaries,
                    factors,
                },
                1.0,
            );
        }
        other => panic!("{other} is no schedule of ours"),
    };
    (schedule, base.unwrap())
}

#[test]
fn schedules_give_the_rates_of_keras() {
    let cases = cases(include_str!("../fixtures/keras_schedules.json"));
    assert_eq!(cases.len(), 8);
    for case in cases {
        let (schedule, base) = keras_schedule(&case);
        check_rates(&case, &schedule, base);
    }
}

#[derive(Deserialize)]
struct Drawn {
    initialiser: String,
    shape: Vec<usize>,
    fans: [usize; 2],
    std: f64,
    bound: Option<f64>,
}

#[test]
fn initialisers_have_the_fans_deviations_and_bounds_of_keras() {
    let cases: Vec<Drawn> =
        serde_json::from_str(include_str!("../fixtures/initialisers.json")).unwrap();
    assert_eq!(cases.len(), 36);
    for case in cases {
        let what = format!("{} of {:?}", case.initialiser, case.shape);
        let init = match case.initialiser.as_str() {
            "GlorotUniform" => Init::GlorotUniform,
            "GlorotNormal" => Init::GlorotNormal,
            "HeUniform" => Init::HeUniform,
            "HeNormal" => Init::HeNormal,
            "LecunUniform" => Init::LecunUniform,
            "LecunNormal" => Init::LecunNormal,
            other => panic!("{other} is no initialiser of ours"),
        };
        let (fan_in, fan_out) = init::fans(&case.shape);
        assert_eq!([fan_in, fan_out], case.fans, "{what}");
        let mut draws = vec![f64::NAN; 50_000];
        init.fill(&mut Rng::new(1), fan_in, fan_out, &mut draws);
        let n = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let std = (draws.iter().map(|x| x * x).sum::<f64>() / n).sqrt();
        assert!(
            mean.abs() < 4.0 * case.std / n.sqrt(),
            "{what}: mean {mean}"
        );
        assert!(
            (std / case.std - 1.0).abs() < 0.015,
            "{what}: deviation {std}"
        );
        if let Some(bound) = case.bound {
            let largest = draws.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            let reached = largest <= bound * (1.0 + 1e-8) && largest > 0.999 * bound;
            assert!(reached, "{what}: {largest}, not {bound}");
        }
    }
}
