//! NumPy's random streams: the same seed gives the numbers that NumPy gives.
//!
//! `Bits` is a source of random bits (PCG64 for `default_rng`, MT19937 for `np.random.seed`); the
//! distributions are NumPy's of each: ziggurats and Lemire's bounded integers for the new
//! generator, polar pairs and masked rejection for the legacy one.

mod bounded;
mod mersenne;
mod pcg;
mod seed;
mod ziggurat;

pub use mersenne::Mersenne;
pub use pcg::Pcg64;
pub use seed::SeedSequence;

/// Where random bits come from.
pub trait Bits {
    fn next_u32(&mut self) -> u32;
    fn next_u64(&mut self) -> u64;
    /// A float64 in [0, 1) of 53 random bits.
    fn next_f64(&mut self) -> f64;
}

/// A generator behind a seed.
pub enum Generator {
    Modern(Pcg64),
    Legacy(Box<Mersenne>),
}

/// What a generator draws floats from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// From 0 to 1.
    Uniform,
    StandardNormal,
    StandardExponential,
}

impl Distribution {
    pub fn from_code(code: u32) -> Option<Self> {
        [
            Self::Uniform,
            Self::StandardNormal,
            Self::StandardExponential,
        ]
        .get(code as usize)
        .copied()
    }
}

impl Generator {
    pub fn draw(&mut self, distribution: Distribution) -> f64 {
        match (self, distribution) {
            (Generator::Modern(bits), Distribution::Uniform) => bits.next_f64(),
            (Generator::Modern(bits), Distribution::StandardNormal) => ziggurat::normal(bits),
            (Generator::Modern(bits), Distribution::StandardExponential) => {
                ziggurat::exponential(bits)
            }
            (Generator::Legacy(bits), Distribution::Uniform) => bits.next_f64(),
            (Generator::Legacy(bits), Distribution::StandardNormal) => bits.gauss(),
            (Generator::Legacy(bits), Distribution::StandardExponential) => {
                -libm::log(1.0 - bits.next_f64())
            }
        }
    }

    /// As `draw`, in float32, which takes 32 random bits a number.
    pub fn draw_f32(&mut self, distribution: Distribution) -> f32 {
        match (self, distribution) {
            (Generator::Modern(bits), Distribution::Uniform) => {
                (bits.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
            }
            (Generator::Modern(bits), Distribution::StandardNormal) => ziggurat::normal_f32(bits),
            (other, distribution) => other.draw(distribution) as f32,
        }
    }

    /// An integer in `0..=range`.
    pub fn bounded(&mut self, range: u64) -> u64 {
        match self {
            Generator::Modern(bits) => bounded::lemire(bits, range),
            Generator::Legacy(bits) => bounded::masked(&mut **bits, range),
        }
    }

    /// `0..n` in random order, as Fisher and Yates shuffle; both generators reject by a mask here.
    pub fn shuffled(&mut self, n: usize) -> Vec<i64> {
        let mut order: Vec<i64> = (0..n as i64).collect();
        for i in (1..n).rev() {
            let j = match self {
                Generator::Modern(bits) => bounded::masked(bits, i as u64),
                Generator::Legacy(bits) => bounded::masked(&mut **bits, i as u64),
            };
            order.swap(i, j as usize);
        }
        order
    }

    /// `count` different numbers of `0..n`, in random order.
    pub fn sample(&mut self, n: usize, count: usize, shuffle: bool) -> Vec<i64> {
        let cutoff = if shuffle { 50 } else { 20 };
        if n > 10_000 && count > n / cutoff {
            let mut order: Vec<i64> = (0..n as i64).collect();
            for i in ((n - count).max(1)..n).rev() {
                let j = self.bounded(i as u64) as usize;
                order.swap(i, j);
            }
            return order.split_off(n - count);
        }
        // Floyd's algorithm: a number drawn before stands for the newest one.
        let mut seen = std::collections::BTreeSet::new();
        let mut chosen = Vec::with_capacity(count);
        for newest in (n - count)..n {
            let drawn = self.bounded(newest as u64) as i64;
            let taken = if seen.insert(drawn) {
                drawn
            } else {
                newest as i64
            };
            seen.insert(taken);
            chosen.push(taken);
        }
        if shuffle {
            for i in (1..count).rev() {
                let j = self.bounded(i as u64) as usize;
                chosen.swap(i, j);
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What NumPy 2.4 gives for `default_rng(42)`.
    #[test]
    fn default_rng_gives_numpys_stream() {
        let mut generator = Generator::Modern(Pcg64::new(&SeedSequence::new(&[42])));
        let uniform: Vec<f64> = (0..3)
            .map(|_| generator.draw(Distribution::Uniform))
            .collect();
        assert_eq!(
            uniform,
            [0.7739560485559633, 0.4388784397520523, 0.8585979199113825]
        );
    }

    #[test]
    fn normals_come_from_numpys_ziggurat() {
        let mut generator = Generator::Modern(Pcg64::new(&SeedSequence::new(&[0])));
        for expected in [0.1257302210933933, -0.1321048632913019, 0.6404226504432821] {
            let got = generator.draw(Distribution::StandardNormal);
            assert!((got - expected).abs() < 1e-15, "{got} {expected}");
        }
    }

    /// What NumPy gives after `np.random.seed(0)`.
    #[test]
    fn the_legacy_seed_gives_numpys_stream() {
        let mut generator = Generator::Legacy(Box::new(Mersenne::new(0)));
        assert_eq!(generator.draw(Distribution::Uniform), 0.5488135039273248);
        let mut generator = Generator::Legacy(Box::new(Mersenne::new(0)));
        let normal = generator.draw(Distribution::StandardNormal);
        assert!((normal - 1.764052345967664).abs() < 1e-15, "{normal}");
    }

    #[test]
    fn samples_without_replacement_differ() {
        let mut generator = Generator::Modern(Pcg64::new(&SeedSequence::new(&[1])));
        for (n, count) in [(10, 10), (20_000, 5_000), (20_000, 3)] {
            let mut chosen = generator.sample(n, count, true);
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen.len(), count);
        }
    }
}
