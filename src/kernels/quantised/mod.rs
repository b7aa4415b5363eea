//! Layers on int8: whole numbers in, sums in int32, whole numbers out.
//!
//! A number r is kept as q with `r = scale · (q − zero)`; weights have zero 0 and a scale for each
//! output channel or one for all. A layer then sums products of whole numbers, and what the sums
//! are worth is brought to the output's scale by one multiplier for each channel (Jacob et al.
//! 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
//! Inference", section 2.2):
//! ```text
//! sum[o] = bias[o] + Σ_k (x[k] − x_zero) · w[k][o]
//! y[o]   = clamp(zero + (sum[o] · multiplier[o] + 2^(shift − 1)) >> shift, low, high)
//! ```
//! The multiplier is `scale_x · scale_w[o] / scale_y` as a whole number of 2^−shift, so nothing here
//! is rounded by the machine: every target gives the same bits. gemmlowp and TensorFlow Lite have a
//! shift for each channel; one for a whole layer costs small channels digits that int8 can't show.
//! relu is `low = zero`. A 2 × 2 maximum is taken of the sums, since what follows is monotone.

mod conv2d;
mod dense;
mod elementwise;
mod pack;
mod pool;

pub use conv2d::conv2d;
pub use dense::dense;
pub use elementwise::{Addition, add, look_up, quantise};
pub use pack::Packed;
pub use pool::{max_pool, mean_pool};

use super::simd::int::{I32x4, narrow};
use pack::PANEL;

/// How sums become int8 again.
#[derive(Clone, Debug, PartialEq)]
pub struct Requantise {
    /// For each output channel, in 0..2^31.
    pub multipliers: Vec<i32>,
    /// In 31..=62.
    pub shift: u32,
    pub zero: i8,
    /// Where the output is cut: −128, or `zero` for a relu.
    pub low: i8,
}

/// Where sums go.
pub enum Out<'a> {
    /// Requantised.
    Int8(&'a Requantise, &'a mut [i8]),
    /// As they are: what a last layer answers.
    Sums(&'a mut [i32]),
}

impl Requantise {
    fn check(&self, op: &str, channels: usize) {
        let multipliers = self.multipliers.len();
        assert_eq!(multipliers, channels, "{op}: {multipliers} multipliers");
        assert!(
            (31..=62).contains(&self.shift),
            "{op}: shift {}",
            self.shift
        );
    }

    /// For one number of channel `o`.
    pub fn apply(&self, o: usize, sum: i32) -> i8 {
        let product = i64::from(sum) * i64::from(self.multipliers[o]);
        let scaled = (product + (1 << (self.shift - 1))) >> self.shift;
        (scaled + i64::from(self.zero)).clamp(self.low.into(), 127) as i8
    }
}

impl Out<'_> {
    fn len(&self) -> usize {
        match self {
            Out::Int8(_, y) => y.len(),
            Out::Sums(y) => y.len(),
        }
    }

    fn check(&self, op: &str, channels: usize) {
        if let Out::Int8(requantise, _) = self {
            requantise.check(op, channels);
        }
    }

    /// Writes the sums of up to eight channels, the first of which is `channel`, at `at`.
    #[inline(always)]
    fn write(&mut self, sums: [I32x4; 2], at: usize, channel: usize, channels: usize) {
        match self {
            Out::Int8(requantise, y) => {
                let multipliers = eight(&requantise.multipliers, channel);
                let shift = requantise.shift;
                let scaled = [
                    sums[0].scale(multipliers[0], shift),
                    sums[1].scale(multipliers[1], shift),
                ];
                let eight = narrow(scaled, requantise.zero.into(), requantise.low, 127);
                y[at..at + channels].copy_from_slice(&eight[..channels]);
            }
            Out::Sums(y) => {
                let mut eight = [0; PANEL];
                let (halves, _) = eight.as_chunks_mut();
                sums[0].write_lanes(&mut halves[0]);
                sums[1].write_lanes(&mut halves[1]);
                y[at..at + channels].copy_from_slice(&eight[..channels]);
            }
        }
    }
}

/// Eight numbers from `first` on, zeros where there are fewer.
#[inline(always)]
fn eight(numbers: &[i32], first: usize) -> [I32x4; 2] {
    let mut held = [0; PANEL];
    let rest = &numbers[first..];
    match rest.first_chunk() {
        Some(whole) => held = *whole,
        None => held[..rest.len()].copy_from_slice(rest),
    }
    let (halves, _) = held.as_chunks();
    [I32x4::from_lanes(&halves[0]), I32x4::from_lanes(&halves[1])]
}

#[cfg(test)]
mod tests;
