//! Magnitude pruning: the smallest weights become zero and stay zero while training goes on.

use serde::Serialize;

use super::network::Parameter;
use super::session::Session;
use crate::error::{Error, Result};
use crate::kernels::sum;

/// How much is pruned, and among which weights the smallest are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pruning {
    /// Share of the kernels' weights that become zero, in [0, 1).
    pub sparsity: f64,
    /// Whether all kernels are one pool; else each loses the same share.
    pub global: bool,
}

/// What pruning left of a kernel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PrunedLayer {
    pub name: String,
    pub count: usize,
    pub zeros: usize,
}

impl Session {
    /// Sets the smallest weights of the kernels to zero, and holds those at zero in the steps to come;
    /// biases and norms are left alone. What was pruned before is zero and so among the smallest. A
    /// sparsity of 0 lets all weights go. Gives what is zero now, kernel by kernel.
    ///
    /// Neither a weights file nor a checkpoint says what is held: after `restore` prune again, to the
    /// same share.
    ///
    /// Errs where the sparsity is out of its range.
    pub fn prune(&mut self, pruning: Pruning) -> Result<Vec<PrunedLayer>> {
        let Pruning { sparsity, global } = pruning;
        if !(0.0..1.0).contains(&sparsity) {
            return Err(Error::InvalidArgument {
                place: "prune".into(),
                argument: "sparsity".into(),
                expected: "in [0, 1)".into(),
                got: sparsity.to_string(),
            });
        }
        let network = self.plan.network();
        let kernels: Vec<&Parameter> = network.parameters().filter(|p| is_kernel(p)).collect();
        // Where each weight is, kernel by kernel.
        let places = kernels.iter().map(|p| p.range().collect::<Vec<usize>>());
        let pools: Vec<Vec<usize>> = match global {
            true => vec![places.flatten().collect()],
            false => places.collect(),
        };
        let params = &self.plan.params;
        let mut pruned = vec![false; params.len()];
        for pool in pools {
            let mut left = (sparsity * pool.len() as f64) as usize;
            if left == 0 {
                continue;
            }
            // Sizes are ordered as their bits are: the smallest bound that so many do not exceed.
            let size = |at: usize| params[at].abs().to_bits();
            let (mut low, mut high) = (0, u32::MAX);
            while low < high {
                let middle = low + (high - low) / 2;
                if pool.iter().filter(|&&at| size(at) <= middle).count() >= left {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            left -= pool.iter().filter(|&&at| size(at) < low).count();
            for at in pool {
                // Of equal ones, the first.
                let equal = size(at) == low && left > 0;
                left -= usize::from(equal);
                pruned[at] = equal || size(at) < low;
            }
        }
        let mask = |p: &&Parameter| {
            let bits = pruned[p.range()]
                .iter()
                .map(|&pruned| if pruned { 0 } else { u32::MAX });
            (p.range(), bits.collect())
        };
        let masks: Vec<(_, Vec<u32>)> = kernels.iter().map(mask).collect();
        let left: Vec<(String, std::ops::Range<usize>)> = kernels
            .iter()
            .map(|p| (p.name.clone(), p.range()))
            .collect();
        for (range, mask) in &masks {
            sum::mask(&mut self.plan.params[range.clone()], mask);
        }
        self.restraints.masks = if sparsity == 0.0 { Vec::new() } else { masks };
        let told = |(name, range): (String, std::ops::Range<usize>)| PrunedLayer {
            name,
            count: range.len(),
            zeros: self.plan.params[range]
                .iter()
                .filter(|&&w| w == 0.0)
                .count(),
        };
        Ok(left.into_iter().map(told).collect())
    }
}

/// Whether a parameter is multiplied with what comes in.
fn is_kernel(parameter: &Parameter) -> bool {
    let part = parameter.name.rsplit('/').next().unwrap_or("");
    part.ends_with("kernel")
}

#[cfg(test)]
mod tests {
    use super::super::RunSpec;
    use super::*;
    use crate::rng::Rng;

    const NET: &str = r#"{"model":{"input":[6,5,2],"layers":[
        {"type":"conv2d","filters":7,"kernel":[3,3],"activation":"relu"},{"type":"flatten"},
        {"type":"dense","units":3,"activation":"softmax"}]},"optimizer":{"type":"adam","learning_rate":0.05}}"#;

    fn session() -> Session {
        Session::new(RunSpec::from_json(NET).unwrap(), 8).unwrap()
    }

    fn kernels(session: &Session) -> Vec<Vec<f32>> {
        let network = session.plan.network();
        let kernels = network.parameters().filter(|p| is_kernel(p));
        kernels
            .map(|p| session.plan.params[p.range()].to_vec())
            .collect()
    }

    fn zeros(weights: &[f32]) -> usize {
        weights.iter().filter(|w| w.to_bits() == 0).count()
    }

    #[test]
    fn the_smallest_weights_become_zero_and_no_others() {
        for global in [true, false] {
            let mut session = session();
            let before = kernels(&session);
            let told = session
                .prune(Pruning {
                    sparsity: 0.7,
                    global,
                })
                .unwrap();
            let after = kernels(&session);
            let total: usize = before.iter().map(Vec::len).sum();
            let pruned: usize = after.iter().map(|w| zeros(w)).sum();
            let shares = [(0.7 * 126.0) as usize, (0.7 * 252.0) as usize];
            if global {
                assert_eq!(pruned, (0.7 * total as f64) as usize);
            } else {
                assert_eq!(after.iter().map(|w| zeros(w)).collect::<Vec<_>>(), shares);
            }
            let counts: Vec<usize> = told.iter().map(|layer| layer.zeros).collect();
            assert_eq!(counts, after.iter().map(|w| zeros(w)).collect::<Vec<_>>());
            assert_eq!(told[0].name, "conv2d/kernel");
            // In each pool, what stays is at least as large as what went.
            let pools = if global {
                vec![(before.concat(), after.concat())]
            } else {
                before.into_iter().zip(after).collect()
            };
            for (before, after) in pools {
                let pairs = || before.iter().zip(&after);
                let gone = pairs().filter(|(_, a)| **a == 0.0).map(|(b, _)| b.abs());
                let kept = pairs().filter(|(_, a)| **a != 0.0).map(|(b, _)| b.abs());
                assert!(gone.fold(0.0, f32::max) <= kept.fold(f32::INFINITY, f32::min));
                assert!(pairs().all(|(b, a)| *a == 0.0 || a == b));
            }
        }
    }

    #[test]
    fn what_is_pruned_stays_zero_while_the_rest_learns() {
        let mut session = session();
        let mut rng = Rng::new(4);
        let x: Vec<f32> = (0..8 * 60).map(|_| rng.uniform_f32()).collect();
        let labels = [0u32, 1, 2, 0, 1, 2, 0, 1];
        session.train_batch(&x, &labels, 5).unwrap();
        let mut held = Vec::new();
        for sparsity in [0.3, 0.6, 0.9] {
            session
                .prune(Pruning {
                    sparsity,
                    global: true,
                })
                .unwrap();
            let before = kernels(&session).concat();
            session.train_batch(&x, &labels, 7).unwrap();
            let after = kernels(&session).concat();
            let places = |weights: &[f32]| -> Vec<usize> {
                let zero = |at: &usize| weights[*at].to_bits() == 0;
                (0..weights.len()).filter(zero).collect()
            };
            assert_eq!(places(&before), places(&after));
            assert!(
                held.iter().all(|at| places(&after).contains(at)),
                "a zero came back"
            );
            assert_ne!(before, after);
            held = places(&after);
        }
        session
            .prune(Pruning {
                sparsity: 0.0,
                global: true,
            })
            .unwrap();
        session.train_batch(&x, &labels, 2).unwrap();
        assert!(zeros(&kernels(&session).concat()) < held.len());
        let error = session
            .prune(Pruning {
                sparsity: 1.0,
                global: true,
            })
            .unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
    }
}
