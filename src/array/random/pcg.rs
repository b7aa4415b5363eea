//! PCG64: 128 bits of state, XSL-RR output (M. E. O'Neill, "PCG", 2014).

use super::{Bits, SeedSequence};

const MULTIPLIER: u128 = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645;

pub struct Pcg64 {
    state: u128,
    increment: u128,
    /// The upper half of the last 64 bits, when only the lower was used.
    spare: Option<u32>,
}

impl Pcg64 {
    pub fn new(seed: &SeedSequence) -> Self {
        let words = seed.state(8);
        let wide = |i: usize| u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32;
        let pair = |i: usize| u128::from(wide(i)) << 64 | u128::from(wide(i + 1));
        let mut made = Pcg64 {
            state: 0,
            increment: pair(2) << 1 | 1,
            spare: None,
        };
        made.step();
        made.state = made.state.wrapping_add(pair(0));
        made.step();
        made
    }

    fn step(&mut self) {
        self.state = self
            .state
            .wrapping_mul(MULTIPLIER)
            .wrapping_add(self.increment);
    }
}

impl Bits for Pcg64 {
    fn next_u64(&mut self) -> u64 {
        self.step();
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }

    fn next_u32(&mut self) -> u32 {
        if let Some(upper) = self.spare.take() {
            return upper;
        }
        let both = self.next_u64();
        self.spare = Some((both >> 32) as u32);
        both as u32
    }

    fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }
}
