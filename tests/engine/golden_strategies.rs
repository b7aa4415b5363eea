//! Optimisers and clipping against what PyTorch and Keras computed, step by step
//! (tests/fixtures/take_strategies.py, record_torch.py, record_keras.py).

use danlu::optim::{Clip, Convention, Optimizer, Rule, WeightDecay};
use serde::Deserialize;
use serde_json::Value;

/// How close numbers of 9 digits come, and those that record_torch.py wrote in full.
const NINE_DIGITS: f64 = 1e-8;
const ALL_DIGITS: f64 = 1e-12;
/// Keras held its bounds of norms in f32.
const KERAS: f64 = 1e-7;

/// An array of a fixture; its shape is nothing to an optimiser.
#[derive(Deserialize)]
struct Stored {
    #[serde(alias = "v")]
    values: Vec<f64>,
}

fn check_close(what: &str, got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len(), "{what}: lengths");
    for (index, (got, want)) in got.iter().zip(want).enumerate() {
        let off = (got - want).abs();
        let near = off <= tolerance * (0.1 + want.abs());
        assert!(near, "{what}, index {index}: got {got}, expected {want}");
    }
}

/// Some steps of an optimiser over two parameters, or one clipping of two gradients.
#[derive(Default, Deserialize)]
struct Case {
    name: String,
    op: String,
    params: Value,
    #[serde(default)]
    w0: Vec<Stored>,
    #[serde(default)]
    grads_per_step: Vec<Vec<Stored>>,
    #[serde(default)]
    w_after_step: Vec<Vec<Stored>>,
    #[serde(default)]
    grads: Vec<Stored>,
    #[serde(default)]
    grads_after: Vec<Stored>,
    total_norm: Option<f64>,
}

impl Case {
    fn number(&self, name: &str) -> Option<f64> {
        self.params[name].as_f64()
    }

    fn set(&self, name: &str, number: &mut f64) {
        *number = self.number(name).unwrap_or(*number);
    }

    fn is(&self, name: &str) -> bool {
        self.params[name].as_bool().unwrap_or(false)
    }
}

/// The optimiser of a case of PyTorch's, with PyTorch's defaults.
fn torch_optimizer(case: &Case) -> Optimizer<f64> {
    let mut rule = match case.op.as_str() {
        "SGD" => Rule::sgd(0.0, case.is("nesterov")),
        "Adam" | "AdamW" => Rule::adam(),
        "RMSprop" => Rule::rmsprop(),
        "Adagrad" => Rule::adagrad(),
        "Adadelta" => Rule::adadelta(),
        other => panic!("{other} is no optimiser of ours"),
    };
    match &mut rule {
        Rule::Sgd {
            momentum,
            dampening,
            ..
        } => {
            case.set("momentum", momentum);
            case.set("dampening", dampening);
        }
        Rule::Adam {
            beta_1,
            beta_2,
            epsilon,
            amsgrad,
        } => {
            *beta_1 = case.params["betas"][0].as_f64().unwrap_or(0.9);
            *beta_2 = case.params["betas"][1].as_f64().unwrap_or(0.999);
            *epsilon = case.number("eps").unwrap_or(1e-8);
            *amsgrad = case.is("amsgrad");
        }
        Rule::RmsProp {
            rho,
            momentum,
            epsilon,
            centered,
        } => {
            *rho = case.number("alpha").unwrap_or(0.99);
            case.set("momentum", momentum);
            *epsilon = case.number("eps").unwrap_or(1e-8);
            *centered = case.is("centered");
        }
        Rule::Adagrad {
            initial_accumulator_value,
            epsilon,
        } => {
            *initial_accumulator_value = case.number("initial_accumulator_value").unwrap_or(0.0);
            *epsilon = case.number("eps").unwrap_or(1e-10);
        }
        Rule::Adadelta { rho, epsilon } => {
            *rho = case.number("rho").unwrap_or(0.9);
            *epsilon = case.number("eps").unwrap_or(1e-6);
        }
        Rule::Lion { .. } => unreachable!(),
    }
    let decay = case.number("weight_decay");
    let decay = if case.op == "AdamW" {
        WeightDecay::decoupled(decay.unwrap_or(0.01))
    } else {
        WeightDecay::coupled(decay.unwrap_or(0.0))
    };
    Optimizer::new(rule, case.number("lr").unwrap())
        .with_convention(Convention::Torch)
        .with_weight_decay(decay)
}

/// The optimiser of a case of Keras's, with Keras's defaults.
fn keras_optimizer(case: &Case) -> Optimizer<f64> {
    let mut rule = match case.op.trim_start_matches("optimizers.") {
        "SGD" => Rule::sgd(0.0, case.is("nesterov")),
        "Adam" | "AdamW" => Rule::adam(),
        "RMSprop" => Rule::rmsprop(),
        "Adagrad" => Rule::adagrad(),
        "Adadelta" => Rule::adadelta(),
        "Lion" => Rule::lion(),
        other => panic!("{other} is no optimiser of ours"),
    };
    match &mut rule {
        Rule::Sgd { momentum, .. } => case.set("momentum", momentum),
        Rule::Adam {
            epsilon, amsgrad, ..
        } => {
            case.set("epsilon", epsilon);
            *amsgrad = case.is("amsgrad");
        }
        Rule::RmsProp {
            rho,
            momentum,
            epsilon,
            centered,
        } => {
            case.set("rho", rho);
            case.set("momentum", momentum);
            case.set("epsilon", epsilon);
            *centered = case.is("centered");
        }
        Rule::Adagrad { epsilon, .. } => case.set("epsilon", epsilon),
        Rule::Adadelta { rho, epsilon } => {
            case.set("rho", rho);
            case.set("epsilon", epsilon);
        }
        Rule::Lion { beta_1, beta_2 } => {
            case.set("beta_1", beta_1);
            case.set("beta_2", beta_2);
        }
    }
    let decay = WeightDecay::decoupled(case.number("weight_decay").unwrap_or(0.0));
    let mut optimizer =
        Optimizer::new(rule, case.number("learning_rate").unwrap()).with_weight_decay(decay);
    optimizer.clip = case
        .number("clipvalue")
        .map(Clip::Value)
        .or(case.number("clipnorm").map(Clip::Norm))
        .or(case.number("global_clipnorm").map(Clip::GlobalNorm));
    optimizer
}

/// Takes the case's steps and compares the parameters after each.
fn check_steps(case: &Case, mut optimizer: Optimizer<f64>, tolerance: f64) {
    let lr = optimizer.lr;
    let mut parameters: Vec<Vec<f64>> = case.w0.iter().map(|w| w.values.clone()).collect();
    for (step, (gradients, after)) in case
        .grads_per_step
        .iter()
        .zip(&case.w_after_step)
        .enumerate()
    {
        // PyTorch's Adagrad has a schedule of its own.
        optimizer.lr = lr / (1.0 + step as f64 * case.number("lr_decay").unwrap_or(0.0));
        let mut gradients: Vec<Vec<f64>> = gradients.iter().map(|g| g.values.clone()).collect();
        if let Some(clip) = optimizer.clip {
            let mut arrays: Vec<&mut [f64]> = gradients.iter_mut().map(|g| &mut g[..]).collect();
            clip.apply(optimizer.convention, &mut arrays);
        }
        optimizer.begin_step();
        for (index, values) in parameters.iter_mut().enumerate() {
            optimizer.update(&index.to_string(), values, &gradients[index]);
            let what = format!("{}, step {step}", case.name);
            check_close(&what, values, &after[index].values, tolerance);
        }
    }
}

fn cases(json: &str) -> Vec<Case> {
    let cases: Vec<Case> = serde_json::from_str(json).unwrap();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn optimisers_take_the_steps_of_torch() {
    for case in cases(include_str!("../fixtures/torch_optimizers.json")) {
        if !case.op.starts_with("clip_") {
            assert_eq!(case.w_after_step.len(), 5, "{}", case.name);
            check_steps(&case, torch_optimizer(&case), NINE_DIGITS);
        }
    }
}

/// The same steps as record_torch.py and record_keras.py write them.
#[derive(Deserialize)]
struct Recorded {
    optimiser: String,
    settings: Value,
    start: Vec<Stored>,
    steps: Vec<RecordedStep>,
}

#[derive(Deserialize)]
struct RecordedStep {
    gradients: Vec<Stored>,
    parameters: Vec<Stored>,
}

fn recorded(json: &str) -> Vec<Case> {
    let records: Vec<Recorded> = serde_json::from_str(json).unwrap();
    let case = |record: Recorded| {
        let (gradients, after) = record
            .steps
            .into_iter()
            .map(|step| (step.gradients, step.parameters))
            .unzip();
        Case {
            name: format!("{} {}", record.optimiser, record.settings),
            op: record.optimiser,
            params: record.settings,
            w0: record.start,
            grads_per_step: gradients,
            w_after_step: after,
            ..Case::default()
        }
    };
    records.into_iter().map(case).collect()
}

#[test]
fn optimisers_take_the_recorded_steps_of_torch_to_the_last_digits() {
    for case in recorded(include_str!("../fixtures/torch_optim.json")) {
        assert_eq!(case.w_after_step.len(), 5, "{}", case.name);
        check_steps(&case, torch_optimizer(&case), ALL_DIGITS);
    }
}

#[test]
fn optimisers_take_the_steps_of_keras() {
    for case in cases(include_str!("../fixtures/keras_optimizers.json")) {
        assert!(case.w_after_step.len() >= 3, "{}", case.name);
        check_steps(&case, keras_optimizer(&case), KERAS);
    }
    for case in recorded(include_str!("../fixtures/keras_optim.json")) {
        assert_eq!(case.w_after_step.len(), 5, "{}", case.name);
        check_steps(&case, keras_optimizer(&case), KERAS);
    }
}

/// Whatever rule there is, real steps of each library that has it are held against it.
#[test]
fn every_rule_has_steps_of_the_libraries_that_have_it() {
    let torch = [
        cases(include_str!("../fixtures/torch_optimizers.json")),
        recorded(include_str!("../fixtures/torch_optim.json")),
    ];
    let keras = [
        cases(include_str!("../fixtures/keras_optimizers.json")),
        recorded(include_str!("../fixtures/keras_optim.json")),
    ];
    let has = |all: &[Vec<Case>], op: &str| all.iter().flatten().any(|case| case.op == op);
    for op in ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta"] {
        assert!(has(&torch, op), "PyTorch's {op}");
    }
    for op in [
        "SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Lion",
    ] {
        let full = format!("optimizers.{op}");
        assert!(has(&keras, op) || has(&keras, &full), "Keras's {op}");
    }
}

#[test]
fn gradients_are_clipped_as_torch_clips_them() {
    let cases = cases(include_str!("../fixtures/torch_optimizers.json"));
    let clips = cases.iter().filter(|case| case.op.starts_with("clip_"));
    let mut checked = 0;
    for case in clips {
        let bound = case.number("value").unwrap();
        let clip = match case.op.as_str() {
            "clip_grad_value_" => Clip::Value(bound),
            _ => Clip::GlobalNorm(bound),
        };
        let mut gradients: Vec<Vec<f64>> = case.grads.iter().map(|g| g.values.clone()).collect();
        let mut arrays: Vec<&mut [f64]> = gradients.iter_mut().map(|g| &mut g[..]).collect();
        let norm = clip.apply(Convention::Torch, &mut arrays);
        if let Some(total) = case.total_norm {
            assert!((norm - total).abs() < 1e-8 * total, "{}: {norm}", case.name);
        }
        for (got, want) in gradients.into_iter().zip(&case.grads_after) {
            check_close(&case.name, &got, &want.values, NINE_DIGITS);
        }
        checked += 1;
    }
    assert_eq!(checked, 3);
}
