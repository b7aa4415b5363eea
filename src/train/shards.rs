//! A step whose shards are computed one by one, by whoever is there.
//!
//! A team's workers ([`super::member`]) have their places for the whole run. Here a step is a
//! transaction: [`Session::add_shard`] changes nothing that the run remembers, so that a shard may be
//! computed by anybody, and again by somebody else where its worker was lost.
//! [`Session::apply_shard_sum`] ends the step in every replica alike.
//!
//! Sums on the grid ([`crate::kernels::sum::accumulate_on_grid`]) have the same bits in whatever order
//! workers add them; plain sums are of half the bytes, and their last bits depend on the order.

use super::plan::BatchScore;
use super::report::{Split, Total};
use super::samples::Batch;
use super::session::Session;
use crate::error::{Error, Result};
use crate::kernels::sum;

/// The gradients of some shards of the coming batch, added up.
#[derive(Debug, Default)]
pub(super) struct ShardSum {
    grid: Vec<f64>,
    plain: Vec<f32>,
}

/// A sum of gradients, flat as the parameters are.
#[derive(Clone, Copy, Debug)]
pub enum Sum<'a> {
    /// Multiples of 2⁻³⁶, exact.
    Grid(&'a [f64]),
    Plain(&'a [f32]),
}

impl Session {
    /// Computes the gradient of one shard of the coming batch and adds it to the sum, which `first`
    /// begins anew; gives the score of its samples, and how many they are. The run stays where it is.
    ///
    /// Errs where no training data were set, where there is no such shard, and in a team of several.
    pub fn add_shard(
        &mut self,
        shard: usize,
        first: bool,
        grid: bool,
    ) -> Result<(BatchScore, usize)> {
        self.check_alone("add_shard")?;
        let shards = self.team().shards();
        if shard >= shards {
            return Err(Error::InvalidArgument {
                place: "add_shard".into(),
                argument: "shard".into(),
                expected: format!("< {shards}"),
                got: shard.to_string(),
            });
        }
        let no_data = || Error::NoData {
            split: Split::Train.name().into(),
        };
        let (data, order) = self.train.take().ok_or_else(no_data)?;
        let (numbers, epoch) = order.coming_batch();
        let batch = Batch::Drawn {
            data: &data,
            numbers: &numbers,
            epoch,
        };
        self.plan.prepare_training();
        let score = self.shard_gradient(&batch, shard);
        self.train = Some((data, order));
        let (sums, grads) = (&mut self.shards, &self.plan.grads);
        if grid {
            begin(&mut sums.grid, grads.len(), first);
            sum::accumulate_on_grid(&mut sums.grid, grads);
        } else {
            begin(&mut sums.plain, grads.len(), first);
            sum::accumulate(&mut sums.plain, grads);
        }
        Ok((score, self.team().samples(shard, numbers.len()).len()))
    }

    /// The sum of the shards that were added.
    pub fn shard_sum(&self, grid: bool) -> Sum<'_> {
        match grid {
            true => Sum::Grid(&self.shards.grid),
            false => Sum::Plain(&self.shards.plain),
        }
    }

    /// Ends the step: moves the parameters by the sum of all shards' gradients, and goes on to the next
    /// batch.
    ///
    /// Errs where no training data were set, where the sum has another length, and in a team of several.
    pub fn apply_shard_sum(&mut self, sum: Sum) -> Result<()> {
        self.check_alone("apply_shard_sum")?;
        let len = match sum {
            Sum::Grid(sum) => sum.len(),
            Sum::Plain(sum) => sum.len(),
        };
        if len != self.flat_len() {
            return Err(Error::LengthMismatch {
                place: "apply_shard_sum".into(),
                expected: self.flat_len(),
                got: len,
            });
        }
        let (_, order) = self.train.as_mut().ok_or_else(|| Error::NoData {
            split: Split::Train.name().into(),
        })?;
        let samples = order.next_batch().len();
        self.epoch = order.epoch() + usize::from(order.epoch_ended());
        self.plan.prepare_training();
        match sum {
            Sum::Grid(sum) => {
                for (grad, &sum) in self.plan.grads.iter_mut().zip(sum) {
                    *grad = sum as f32;
                }
            }
            Sum::Plain(sum) => self.plan.grads.copy_from_slice(sum),
        }
        self.update_all(&mut Total::default(), samples);
        Ok(())
    }
}

fn begin<T: Clone + Default>(sum: &mut Vec<T>, len: usize, first: bool) {
    if first {
        sum.clear();
    }
    sum.resize(len, T::default());
}
