//! How a batch is divided among the workers of a team, and in which order their gradients are
//! summed.
//!
//! A batch is cut into shards. Their gradients are summed as a balanced tree:
//! `(s0 + s1) + (s2 + s3)`. Each worker computes the shards of one subtree, so the sum has the
//! same bits however many workers share it: the number of shards belongs to the run, the number of
//! workers does not.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::kernels::sum;

/// Workers own whole cache lines of the flat arrays, and whole SIMD vectors: an optimiser rounds
/// a vector's elements as it does when one worker owns all.
const ALIGNMENT: usize = 16;

/// Into at most so many blocks a flat array is cut.
const BLOCKS: usize = 256;

/// A worker's place in its team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Team {
    shards: usize,
    workers: usize,
    rank: usize,
}

impl Team {
    /// One worker that takes each batch whole.
    pub const ALONE: Team = Team {
        shards: 1,
        workers: 1,
        rank: 0,
    };

    /// The worker `rank` of `workers`, who train batches cut into `shards`.
    ///
    /// Errs unless `rank < workers <= shards <= 64`.
    pub fn new(shards: usize, workers: usize, rank: usize) -> Result<Team> {
        let wrong = |argument: &str, expected: String, got: usize| Error::InvalidArgument {
            place: "team".into(),
            argument: argument.into(),
            expected,
            got: got.to_string(),
        };
        if !(1..=64).contains(&shards) {
            return Err(wrong("shards", "in [1, 64]".into(), shards));
        }
        if !(1..=shards).contains(&workers) {
            return Err(wrong("workers", format!("in [1, {shards}]"), workers));
        }
        if rank >= workers {
            return Err(wrong("rank", format!("< {workers}"), rank));
        }
        Ok(Team {
            shards,
            workers,
            rank,
        })
    }

    /// Into how many parts a batch is cut.
    pub fn shards(&self) -> usize {
        self.shards
    }

    /// How many compute them.
    pub fn workers(&self) -> usize {
        self.workers
    }

    /// Which of the workers this is, from 0.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The shards whose gradients this worker sums: a subtree.
    pub fn own_shards(&self) -> Range<usize> {
        let (mut shards, mut workers) = (0..self.shards, 0..self.workers);
        while workers.len() > 1 {
            let (shard, worker) = (middle(&shards), middle(&workers));
            if self.rank < worker {
                (shards.end, workers.end) = (shard, worker);
            } else {
                (shards.start, workers.start) = (shard, worker);
            }
        }
        shards
    }

    /// The part of a flat array of `len` numbers that worker `rank` sums and updates.
    pub fn owned(&self, rank: usize, len: usize) -> Range<usize> {
        let part = len.div_ceil(self.workers).next_multiple_of(block(len));
        (part * rank).min(len)..(part * (rank + 1)).min(len)
    }

    /// The samples of one shard in a batch of `n`; empty where the batch has too few.
    pub fn samples(&self, shard: usize, n: usize) -> Range<usize> {
        // In 64 bits, which a batch of any size that memory holds does not overflow.
        let bound = |shard: usize| (n as u64 * shard as u64 / self.shards as u64) as usize;
        bound(shard)..bound(shard + 1)
    }

    /// The largest shard of a batch of `n`.
    pub fn largest_shard(&self, n: usize) -> usize {
        n.div_ceil(self.shards)
    }
}

/// Workers own whole blocks of this many numbers of a flat array. It depends on the array alone: sums
/// over blocks are the same however many workers there are.
pub fn block(len: usize) -> usize {
    len.div_ceil(BLOCKS)
        .next_multiple_of(ALIGNMENT)
        .max(ALIGNMENT)
}

/// Where a subtree of more than one leaf is cut in two. The tree of the workers is the top of the
/// tree of the shards: both are halved by this rule, and there are at least as many shards.
pub fn middle(range: &Range<usize>) -> usize {
    range.start + range.len() / 2
}

/// Sums one slice of each worker as the tree says. The sum is left in the first.
pub fn sum_workers(parts: &mut [&mut [f32]]) {
    if parts.len() > 1 {
        let (left, right) = parts.split_at_mut(middle(&(0..parts.len())));
        sum_workers(left);
        sum_workers(right);
        sum::accumulate(left[0], right[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(shards: usize, workers: usize, rank: usize) -> Team {
        Team::new(shards, workers, rank).unwrap()
    }

    #[test]
    fn the_workers_own_all_shards_and_all_parameters_once_and_in_order() {
        for shards in 1..=9 {
            for workers in 1..=shards {
                let (mut shard, mut parameter) = (0, 0);
                for rank in 0..workers {
                    let own = member(shards, workers, rank).own_shards();
                    assert_eq!(own.start, shard, "{shards} shards, worker {rank}/{workers}");
                    assert!(!own.is_empty());
                    shard = own.end;
                    let owned = member(shards, workers, rank).owned(rank, 1000);
                    assert_eq!(owned.start, parameter);
                    assert!(owned.end == 1000 || owned.end.is_multiple_of(ALIGNMENT));
                    parameter = owned.end;
                }
                assert_eq!((shard, parameter), (shards, 1000));
            }
        }
    }

    /// What the tree of `shards` leaves looks like.
    fn tree(shards: Range<usize>) -> String {
        if shards.len() == 1 {
            return shards.start.to_string();
        }
        let half = middle(&shards);
        format!("({}+{})", tree(shards.start..half), tree(half..shards.end))
    }

    /// The same, with the subtrees of the workers put together as `sum_workers` does.
    fn tree_of_workers(shards: usize, all: usize, workers: Range<usize>) -> String {
        if workers.len() == 1 {
            return tree(member(shards, all, workers.start).own_shards());
        }
        let half = middle(&workers);
        let [left, right] = [workers.start..half, half..workers.end]
            .map(|workers| tree_of_workers(shards, all, workers));
        format!("({left}+{right})")
    }

    #[test]
    fn however_many_workers_share_it_the_sum_is_one_tree() {
        assert_eq!(tree(0..4), "((0+1)+(2+3))");
        for shards in 1..=9 {
            for workers in 1..=shards {
                let shared = tree_of_workers(shards, workers, 0..workers);
                assert_eq!(
                    shared,
                    tree(0..shards),
                    "{shards} shards, {workers} workers"
                );
            }
        }
    }

    #[test]
    fn the_workers_parts_are_summed_in_the_tree_s_order() {
        // In f32, 1 + 1e8 is 1e8: the order shows in the sum.
        let mut parts = [
            vec![1.0, 1.0],
            vec![1e8, 2.0],
            vec![-1e8, 3.0],
            vec![5.0, 4.0],
        ];
        let mut slices: Vec<&mut [f32]> = parts.iter_mut().map(|part| &mut part[..]).collect();
        sum_workers(&mut slices);
        let expected = (1.0f32 + 1e8) + (-1e8 + 5.0);
        assert_eq!(parts[0], [expected, 10.0]);
    }

    #[test]
    fn shards_hold_every_sample_once() {
        let team = member(4, 2, 0);
        for n in [1, 3, 4, 30, 32] {
            let mut next = 0;
            for shard in 0..4 {
                let samples = team.samples(shard, n);
                assert_eq!(samples.start, next);
                assert!(samples.len() <= team.largest_shard(n));
                next = samples.end;
            }
            assert_eq!(next, n);
        }
    }

    #[test]
    fn a_team_that_cannot_be_is_refused() {
        for (shards, workers, rank, argument) in [
            (0, 1, 0, "shards"),
            (65, 1, 0, "shards"),
            (4, 0, 0, "workers"),
            (4, 5, 0, "workers"),
            (4, 2, 2, "rank"),
        ] {
            let error = Team::new(shards, workers, rank).unwrap_err();
            assert_eq!(error.fields()["argument"], argument, "{error}");
        }
    }
}
