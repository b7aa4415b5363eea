//! In which order samples are trained on.

use crate::error::{Error, Result};
use crate::rng::Rng;

/// An endless sequence of batches: every sample once an epoch, in seeded random order.
///
/// The order of an epoch depends on the generator handed in and on the epoch's number alone. The
/// last batch of an epoch is short when the samples don't divide evenly.
#[derive(Clone, Debug)]
pub struct BatchOrder {
    rng: Rng,
    batch_size: usize,
    epoch: usize,
    position: usize,
    order: Vec<u32>,
}

impl BatchOrder {
    /// Errs when there is no sample or the batch size is 0.
    pub fn new(samples: usize, batch_size: usize, rng: Rng) -> Result<Self> {
        for (argument, value) in [("samples", samples), ("batch_size", batch_size)] {
            if value == 0 {
                return Err(Error::InvalidArgument {
                    place: "BatchOrder".into(),
                    argument: argument.into(),
                    expected: ">= 1".into(),
                    got: "0".into(),
                });
            }
        }
        let order = vec![0; samples];
        let mut batches = Self {
            rng,
            batch_size,
            epoch: 0,
            position: 0,
            order,
        };
        batches.shuffle();
        Ok(batches)
    }

    fn shuffle(&mut self) {
        for (sample, place) in self.order.iter_mut().enumerate() {
            *place = sample as u32;
        }
        self.rng.fork(self.epoch as u64).shuffle(&mut self.order);
    }

    /// The sample numbers of the next batch; begins a new epoch when the last one is used up.
    pub fn next_batch(&mut self) -> &[u32] {
        if self.position == self.order.len() {
            self.epoch += 1;
            self.position = 0;
            self.shuffle();
        }
        let from = self.position;
        self.position = (from + self.batch_size).min(self.order.len());
        &self.order[from..self.position]
    }

    /// What [`BatchOrder::next_batch`] would give, and in which epoch; nothing moves.
    pub fn coming_batch(&self) -> (Vec<u32>, usize) {
        if self.position < self.order.len() {
            let to = (self.position + self.batch_size).min(self.order.len());
            return (self.order[self.position..to].to_vec(), self.epoch);
        }
        let mut next = self.clone();
        (next.next_batch().to_vec(), next.epoch)
    }

    /// The same batches in the order of another generator, from their beginning.
    pub fn reseeded(&self, rng: Rng) -> Self {
        let mut batches = Self {
            rng,
            epoch: 0,
            position: 0,
            ..self.clone()
        };
        batches.shuffle();
        batches
    }

    /// Epoch, and how many of its samples have been given.
    pub fn place(&self) -> [usize; 2] {
        [self.epoch, self.position]
    }

    /// Goes where [`BatchOrder::place`] was; a position beyond the samples is their end.
    pub fn go_to(&mut self, [epoch, position]: [usize; 2]) {
        self.epoch = epoch;
        self.position = position.min(self.order.len());
        self.shuffle();
    }

    /// The epoch of the last batch given, counted from 0.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Whether the last batch given ended its epoch.
    pub fn epoch_ended(&self) -> bool {
        self.position == self.order.len()
    }

    /// How many batches an epoch has.
    pub fn batches_per_epoch(&self) -> usize {
        self.order.len().div_ceil(self.batch_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_every_sample_once_and_its_last_batch_is_short() {
        let mut batches = BatchOrder::new(10, 4, Rng::new(2)).unwrap();
        let mut orders = Vec::new();
        for epoch in 0..3 {
            let mut order = Vec::new();
            for size in [4, 4, 2] {
                let batch = batches.next_batch();
                assert_eq!(batch.len(), size);
                order.extend_from_slice(batch);
                assert_eq!(batches.epoch(), epoch);
                assert_eq!(batches.epoch_ended(), size == 2);
            }
            orders.push(order.clone());
            order.sort_unstable();
            assert_eq!(order, (0..10).collect::<Vec<u32>>());
        }
        assert_ne!(orders[0], orders[1]);
        assert_ne!(orders[1], orders[2]);
        assert_eq!(batches.batches_per_epoch(), 3);
    }

    #[test]
    fn what_comes_is_known_before_it_is_taken() {
        let mut batches = BatchOrder::new(10, 4, Rng::new(2)).unwrap();
        for _ in 0..7 {
            let coming = batches.coming_batch();
            assert_eq!(coming, batches.coming_batch());
            assert_eq!(coming.0, batches.next_batch());
            assert_eq!(coming.1, batches.epoch());
        }
    }

    #[test]
    fn one_seed_gives_one_order_and_the_batch_size_does_not_change_it() {
        let order = |seed, batch_size: usize| -> Vec<u32> {
            let mut batches = BatchOrder::new(12, batch_size, Rng::new(seed)).unwrap();
            (0..24 / batch_size)
                .flat_map(|_| batches.next_batch().to_vec())
                .collect()
        };
        assert_eq!(order(1, 3), order(1, 4));
        assert_ne!(order(1, 3), order(2, 3));
    }

    #[test]
    fn nothing_to_order_is_refused() {
        assert_eq!(
            BatchOrder::new(0, 4, Rng::new(0)).unwrap_err().fields()["argument"],
            "samples"
        );
        assert_eq!(
            BatchOrder::new(4, 0, Rng::new(0)).unwrap_err().fields()["argument"],
            "batch_size"
        );
    }
}
