//! `SeedSequence`: any number of seed words hashed into as many state words as a generator needs.
//!
//! M. E. O'Neill, "Developing a seed_seq alternative" (2015); the constants are NumPy's.

const POOL: usize = 4;

pub struct SeedSequence {
    pool: [u32; POOL],
}

struct Hash {
    constant: u32,
    multiplier: u32,
}

impl Hash {
    fn mix_in(&mut self, value: u32) -> u32 {
        let value = value ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.multiplier);
        let value = value.wrapping_mul(self.constant);
        value ^ (value >> 16)
    }
}

fn combine(x: u32, y: u32) -> u32 {
    let mixed = x
        .wrapping_mul(0xca01_f9dd)
        .wrapping_sub(y.wrapping_mul(0x4973_f715));
    mixed ^ (mixed >> 16)
}

impl SeedSequence {
    /// The words of the seed, least significant first, then those of the spawn key.
    pub fn new(entropy: &[u32]) -> Self {
        let mut hash = Hash {
            constant: 0x43b0_d7e5,
            multiplier: 0x931e_8875,
        };
        let mut pool: [u32; POOL] =
            std::array::from_fn(|i| hash.mix_in(entropy.get(i).copied().unwrap_or(0)));
        for source in 0..POOL {
            for target in 0..POOL {
                if source != target {
                    pool[target] = combine(pool[target], hash.mix_in(pool[source]));
                }
            }
        }
        for &word in entropy.iter().skip(POOL) {
            for target in &mut pool {
                *target = combine(*target, hash.mix_in(word));
            }
        }
        SeedSequence { pool }
    }

    pub fn state(&self, words: usize) -> Vec<u32> {
        let mut hash = Hash {
            constant: 0x8b51_f9dd,
            multiplier: 0x58f3_8ded,
        };
        (0..words)
            .map(|i| hash.mix_in(self.pool[i % POOL]))
            .collect()
    }
}
