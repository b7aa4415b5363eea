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
        // Of several inputs the first is the one that is changed.
        if spec
            .model
            .inputs
            .first()
            .map_or(0, |input| input.shape.len())
            != 3
        {
            return Err(Error::ModelInput {
                expected: "augment: [height, width, channels]".into(),
                got: spec.model.input().to_vec(),
            });
        }
    }
    spec.check_strategy()
}
