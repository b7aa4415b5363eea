//! Penalties on parameters and limits of their norms, over the plan's flat array.

use std::ops::Range;

use super::network::{Network, Parameter};
use super::spec::RunSpec;
use crate::error::{Error, Result};
use crate::kernels::sum;
use crate::optim::{MaxNorm, Penalty};

/// Those of a run. Every worker of a team applies them to all parameters, so they cost no exchange.
#[derive(Clone, Debug, Default)]
pub struct Restraints {
    penalties: Vec<(Range<usize>, Penalty)>,
    limits: Vec<(Range<usize>, Vec<usize>, MaxNorm)>,
    /// What is pruned: parts of the flat array, with the bits that stay.
    pub(super) masks: Vec<(Range<usize>, Vec<u32>)>,
}

impl Restraints {
    /// Errs where a name fits no parameter, or a parameter has not the axes of its limit.
    pub fn new(spec: &RunSpec, network: &Network) -> Result<Restraints> {
        let mut restraints = Restraints::default();
        for (index, one) in spec.regularizers.iter().enumerate() {
            let place = format!("regularizers {index}");
            for parameter in named(&place, &one.parameters, network)? {
                restraints.penalties.push((parameter.range(), one.penalty));
            }
        }
        for (index, one) in spec.constraints.iter().enumerate() {
            let place = format!("constraints {index}");
            for parameter in named(&place, &one.parameters, network)? {
                let shape = parameter.shape.clone();
                if !one.limit.fits(shape.len()) {
                    return Err(Error::InvalidArgument {
                        place,
                        argument: "axes".into(),
                        expected: format!("axes of {} {shape:?}", parameter.name),
                        got: format!("{:?}", one.limit.axes),
                    });
                }
                let limit = (parameter.range(), shape, one.limit.clone());
                restraints.limits.push(limit);
            }
        }
        Ok(restraints)
    }

    /// The penalties with the parts of the flat array that they are on.
    pub fn penalties(&self) -> &[(Range<usize>, Penalty)] {
        &self.penalties
    }

    /// What the penalties add to the loss.
    pub fn cost(&self, params: &[f32]) -> f64 {
        let cost =
            |(range, penalty): &(Range<usize>, Penalty)| penalty.cost(&params[range.clone()]);
        self.penalties.iter().map(cost).sum()
    }

    /// Keeps the limits of what learns, and zeros what is pruned, after a step.
    pub fn hold(&self, network: &Network, params: &mut [f32]) {
        let learning = self
            .limits
            .iter()
            .filter(|(range, _, _)| network.learns(range));
        for (range, shape, limit) in learning {
            limit.hold(shape, &mut params[range.clone()]);
        }
        for (range, mask) in &self.masks {
            sum::mask(&mut params[range.clone()], mask);
        }
    }
}

/// The parameters with one of these in their names.
fn named<'a>(place: &str, parts: &[String], network: &'a Network) -> Result<Vec<&'a Parameter>> {
    let mut found = Vec::new();
    for part in parts {
        let before = found.len();
        let fits = |p: &&Parameter| p.name.contains(&part[..]);
        found.extend(network.parameters().filter(fits));
        if found.len() == before {
            let names: Vec<&str> = network.parameters().map(|p| &p.name[..]).collect();
            return Err(Error::UnknownName {
                place: place.into(),
                expected: names.join(", "),
                got: part.clone(),
            });
        }
    }
    found.sort_by_key(|parameter| parameter.offset);
    found.dedup_by_key(|parameter| parameter.offset);
    Ok(found)
}
