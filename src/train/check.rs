//! Whether the numbers of a run are in their ranges.

use super::spec::RunSpec;
use crate::error::{Error, Result};

/// The most elements that one array of a run may have (1 GiB of f32).
pub(super) const LARGEST: usize = 1 << 28;

/// Errs where an array of this shape would be larger than a run may use.
pub(super) fn check_size(place: &str, shape: &[usize]) -> Result<()> {
    let elements = shape
        .iter()
        .try_fold(1usize, |product, &n| product.checked_mul(n));
    match elements {
        Some(elements) if elements <= LARGEST => Ok(()),
        _ => Err(Error::ModelTooLarge {
            place: place.into(),
            limit: LARGEST,
            got: shape.iter().map(|&n| n as u64).fold(1, u64::saturating_mul),
        }),
    }
}
/// The numbers of a run outside its layers.
pub(super) fn check_run(spec: &RunSpec) -> Result<()> {
    use super::spec::OptimizerSpec::{Adam, Sgd};
    let invalid = |place: &str, argument: &str, expected: &str, got: String| {
        let (place, argument, expected) = (place.into(), argument.into(), expected.into());
        Err(Error::InvalidArgument {
            place,
            argument,
            expected,
            got,
        })
    };
    if spec.batch_size == 0 {
        return invalid("run", "batch_size", ">= 1", "0".into());
    }
    if let Some(augment) = &spec.augment {
        augment.check()?;
        if spec.model.input.len() != 3 {
            return Err(Error::ModelInput {
                expected: "augment: [height, width, channels]".into(),
                got: spec.model.input.clone(),
            });
        }
    }
    let below_one = |v: f64| (0.0..1.0).contains(&v);
    let numbers: Vec<(&str, f64, bool, &str)> = match spec.optimizer {
        Adam {
            learning_rate,
            beta_1,
            beta_2,
            epsilon,
        } => vec![
            ("learning_rate", learning_rate, learning_rate > 0.0, "> 0"),
            ("beta_1", beta_1, below_one(beta_1), ">= 0, < 1"),
            ("beta_2", beta_2, below_one(beta_2), ">= 0, < 1"),
            ("epsilon", epsilon, epsilon > 0.0, "> 0"),
        ],
        Sgd {
            learning_rate,
            momentum,
            ..
        } => vec![
            ("learning_rate", learning_rate, learning_rate > 0.0, "> 0"),
            ("momentum", momentum, below_one(momentum), ">= 0, < 1"),
        ],
    };
    for (argument, value, right, expected) in numbers {
        if !right || !value.is_finite() {
            return invalid("optimizer", argument, expected, value.to_string());
        }
    }
    Ok(())
}
