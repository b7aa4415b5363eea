//! What the kernels' own tests share: repeatable numbers and a comparison that names the worst
//! index. (The crate's generator lives in `rng`, which kernels may not import.)

use super::Real;

/// A small repeatable source of numbers in -1..1 (splitmix64).
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Numbers(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn vec<T: Real>(&mut self, len: usize) -> Vec<T> {
        (0..len)
            .map(|_| T::from_f64((self.bits() >> 11) as f64 / (1u64 << 52) as f64 - 1.0))
            .collect()
    }

    pub fn labels(&mut self, len: usize, classes: usize) -> Vec<u32> {
        (0..len)
            .map(|_| (self.bits() % classes as u64) as u32)
            .collect()
    }
}

/// Asserts `|got - want| <= atol + rtol·|want|` everywhere; NaN equals only NaN.
pub fn check_close<A: Real, B: Real>(what: &str, got: &[A], want: &[B], rtol: f64, atol: f64) {
    assert_eq!(got.len(), want.len(), "{what}: lengths differ");
    let mut worst = (0.0, None);
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        let (g, w) = (g.to_f64(), w.to_f64());
        if g == w || (g.is_nan() && w.is_nan()) {
            continue;
        }
        let excess = (g - w).abs() / (atol + rtol * w.abs());
        if excess > worst.0 || excess.is_nan() {
            worst = (
                if excess.is_nan() {
                    f64::INFINITY
                } else {
                    excess
                },
                Some((i, g, w)),
            );
        }
    }
    if worst.0 > 1.0 {
        let (i, g, w) = worst.1.unwrap();
        panic!("{what}: worst at {i}: got {g}, expected {w}");
    }
}

/// The sum of products in f64: `<a, b>`.
pub fn dot<T: Real>(a: &[T], b: &[T]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x.to_f64() * y.to_f64()).sum()
}
