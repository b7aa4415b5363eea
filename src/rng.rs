//! The seeded generator; the only caller of getrandom.
//!
//! xoshiro256++ 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM
//! TOMS 47, 2021; public-domain C at prng.di.unimi.it), its state filled by SplitMix64 (Steele, Lea
//! and Flood, OOPSLA 2014) as its authors advise. Everything here is integer arithmetic, exact
//! scaling by powers of two, or `libm`: the same seed gives the same numbers on every platform.

use crate::error::{Error, Result};

/// A stream of pseudorandom numbers; the same seed gives the same stream everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: [u64; 4],
}

/// SplitMix64: advances `state` and returns its next output.
fn split_mix_64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        let mut mixer = seed;
        Self {
            state: std::array::from_fn(|_| split_mix_64(&mut mixer)),
        }
    }

    /// A stream nobody can repeat, for the moments when the user gave no seed.
    ///
    /// Errs when the platform gives no random bytes.
    pub fn from_entropy() -> Result<Self> {
        let mut bytes = [0u8; 8];
        getrandom::fill(&mut bytes).map_err(|e| Error::NoEntropy {
            reason: e.to_string(),
        })?;
        Ok(Self::new(u64::from_le_bytes(bytes)))
    }

    /// Where the stream stands, for a file.
    pub fn state(&self) -> [u64; 4] {
        self.state
    }

    /// The stream that stands there; None for all zeros, which no stream ever reaches.
    pub fn from_state(state: [u64; 4]) -> Option<Self> {
        (state != [0; 4]).then_some(Self { state })
    }

    /// An independent stream named by `label`.
    ///
    /// It depends on this stream's present state and on the label only, and leaves this stream
    /// where it is: one seed can feed initialisation, shuffling and augmentation without any of
    /// them moving the others.
    pub fn fork(&self, label: u64) -> Self {
        let mut mixed = label;
        let mut seed = split_mix_64(&mut mixed);
        for word in self.state {
            mixed = seed ^ word;
            seed = split_mix_64(&mut mixed);
        }
        Self::new(seed)
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Uniform in [0, 1), a multiple of 2⁻²⁴.
    pub fn uniform_f32(&mut self) -> f32 {
        (self.next_u64() >> 40) as f32 * (1.0 / (1u32 << 24) as f32)
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    pub fn uniform_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    pub fn uniform_in(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform_f64()
    }

    /// Standard normal, by the Box–Muller transform: √(−2 ln u)·cos(2πv).
    ///
    /// The sine's half is dropped, so that a stream's place is a count of calls.
    pub fn normal(&mut self) -> f64 {
        let u = 1.0 - self.uniform_f64();
        let v = self.uniform_f64();
        libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v)
    }

    /// Uniform in 0 .. `n`, without bias (Lemire, "Fast random integer generation in an interval",
    /// 2019). Panics when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "Rng::below: there is no number below 0");
        let n = n as u64;
        let mut wide = u128::from(self.next_u64()) * u128::from(n);
        if (wide as u64) < n {
            let threshold = n.wrapping_neg() % n;
            while (wide as u64) < threshold {
                wide = u128::from(self.next_u64()) * u128::from(n);
            }
        }
        (wide >> 64) as usize
    }

    /// Puts `items` in uniformly random order (Fisher–Yates, from the end).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_mix_64_gives_the_published_numbers() {
        let mut state = 1_234_567;
        let got: Vec<u64> = (0..5).map(|_| split_mix_64(&mut state)).collect();
        assert_eq!(
            got,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }

    #[test]
    fn xoshiro256_plus_plus_gives_the_reference_numbers() {
        let mut rng = Rng {
            state: [1, 2, 3, 4],
        };
        let got: Vec<u64> = (0..10).map(|_| rng.next_u64()).collect();
        assert_eq!(
            got,
            [
                41_943_041,
                58_720_359,
                3_588_806_011_781_223,
                3_591_011_842_654_386,
                9_228_616_714_210_784_205,
                9_973_669_472_204_895_162,
                14_011_001_112_246_962_877,
                12_406_186_145_184_390_807,
                15_849_039_046_786_891_736,
                10_450_023_813_501_588_000
            ]
        );
    }

    #[test]
    fn one_seed_gives_one_stream_and_forks_stay_apart() {
        assert_eq!(Rng::new(7).next_u64(), Rng::new(7).next_u64());
        let parent = Rng::new(7);
        let numbers = |mut rng: Rng| -> Vec<u64> { (0..4).map(|_| rng.next_u64()).collect() };
        assert_eq!(numbers(parent.fork(1)), numbers(parent.fork(1)));
        assert_ne!(numbers(parent.fork(1)), numbers(parent.fork(2)));
        assert_ne!(numbers(parent.fork(0)), numbers(parent.clone()));
        assert_ne!(numbers(Rng::new(8).fork(1)), numbers(parent.fork(1)));
    }

    #[test]
    fn uniform_and_normal_have_their_moments() {
        let mut rng = Rng::new(1);
        let n = 100_000;
        let uniform: Vec<f64> = (0..n).map(|_| rng.uniform_f64()).collect();
        assert!(uniform.iter().all(|x| (0.0..1.0).contains(x)));
        check_moments(&uniform, 0.5, 1.0 / 12.0);
        let single: Vec<f64> = (0..n).map(|_| f64::from(rng.uniform_f32())).collect();
        assert!(single.iter().all(|x| (0.0..1.0).contains(x)));
        check_moments(&single, 0.5, 1.0 / 12.0);
        let normal: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
        check_moments(&normal, 0.0, 1.0);
        let inside = normal.iter().filter(|x| x.abs() < 1.0).count() as f64 / n as f64;
        assert!(
            (inside - 0.6827).abs() < 0.006,
            "{inside} of the normals lie within one deviation"
        );
    }

    fn check_moments(sample: &[f64], mean: f64, variance: f64) {
        let n = sample.len() as f64;
        let got_mean = sample.iter().sum::<f64>() / n;
        let got_variance = sample.iter().map(|x| (x - got_mean).powi(2)).sum::<f64>() / n;
        assert!(
            (got_mean - mean).abs() < 4.0 * (variance / n).sqrt(),
            "mean {got_mean}"
        );
        assert!(
            (got_variance / variance - 1.0).abs() < 0.02,
            "variance {got_variance}"
        );
    }

    #[test]
    fn below_reaches_every_number_evenly() {
        let mut rng = Rng::new(3);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[rng.below(7)] += 1;
        }
        assert!(
            counts.iter().all(|&c| (9_600..10_400).contains(&c)),
            "{counts:?}"
        );
        assert_eq!(rng.below(1), 0);
    }

    #[test]
    fn shuffle_keeps_the_items_and_reaches_every_order() {
        let mut rng = Rng::new(5);
        let mut seen = std::collections::BTreeMap::new();
        for _ in 0..6_000 {
            let mut items = [0, 1, 2];
            rng.shuffle(&mut items);
            *seen.entry(items).or_insert(0u32) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|&c| (850..1150).contains(&c)), "{seen:?}");
        rng.shuffle::<u8>(&mut []);
    }

    #[test]
    fn entropy_gives_different_streams() {
        let mut one = Rng::from_entropy().unwrap();
        let mut other = Rng::from_entropy().unwrap();
        assert_ne!(one.next_u64(), other.next_u64());
    }
}
