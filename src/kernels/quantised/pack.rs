//! Weights as the sums read them, and the sums of a tile.

use super::super::simd::int::{I16x8, I32x4};
use super::eight;

/// Output channels that are summed at once.
pub(super) const PANEL: usize = 8;

/// Weights in the order in which they are read: for each eight output channels, for each segment of
/// neighbouring inputs, two inputs at a time, the two weights of each channel side by side. A segment
/// of odd length ends in a weight of 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    pub(super) segments: usize,
    /// Inputs of one segment.
    pub(super) depth: usize,
    pub(super) channels: usize,
    weights: Vec<i8>,
    bias: Vec<i32>,
}

impl Packed {
    /// Shape: w `[segments][depth][channels]`, bias `[channels]`.
    pub fn new(segments: usize, depth: usize, w: &[i8], bias: &[i32]) -> Packed {
        let channels = bias.len();
        assert_eq!(
            w.len(),
            segments * depth * channels,
            "quantised::Packed: w of {} elements, {segments} × {depth} × {channels}",
            w.len()
        );
        let mut weights =
            Vec::with_capacity(channels.div_ceil(PANEL) * segments * depth.div_ceil(2) * 2 * PANEL);
        for first in (0..channels).step_by(PANEL) {
            for segment in 0..segments {
                for term in (0..depth).step_by(2) {
                    for channel in first..first + PANEL {
                        for term in [term, term + 1] {
                            let held = channel < channels && term < depth;
                            let at = (segment * depth + term) * channels + channel;
                            weights.push(if held { w[at] } else { 0 });
                        }
                    }
                }
            }
        }
        Packed {
            segments,
            depth,
            channels,
            weights,
            bias: bias.to_vec(),
        }
    }

    fn pairs(&self) -> usize {
        self.depth.div_ceil(2)
    }

    /// What a row must have readable behind the start of its last segment.
    pub(super) fn reach(&self) -> usize {
        2 * self.pairs()
    }

    /// The panels: first channel, and how many there are.
    pub(super) fn panels(&self) -> impl Iterator<Item = (usize, usize)> {
        let channels = self.channels;
        (0..channels)
            .step_by(PANEL)
            .map(move |first| (first, PANEL.min(channels - first)))
    }

    /// The sums of some rows with the eight channels from `channel` on. `offsets` says where each
    /// segment begins, seen from the row's start.
    ///
    /// # Safety
    /// From each row's start on, [`Packed::reach`] numbers behind each offset must be readable.
    #[inline(always)]
    pub(super) unsafe fn sums<const ROWS: usize>(
        &self,
        rows: [*const i16; ROWS],
        offsets: &[usize],
        channel: usize,
    ) -> [[I32x4; 2]; ROWS] {
        let pairs = self.pairs();
        let panel = channel / PANEL * self.segments * pairs * 2 * PANEL;
        let weights = &self.weights[panel..][..self.segments * pairs * 2 * PANEL];
        assert_eq!(offsets.len(), self.segments);
        let mut weights = weights.as_ptr();
        let mut sums = [eight(&self.bias, channel); ROWS];
        for &offset in offsets {
            let mut rows = rows.map(|row| row.wrapping_add(offset));
            for _ in 0..pairs {
                // Safety: the panel holds 16 weights for each pair of each segment, and the rows are
                // the caller's promise.
                unsafe {
                    let w = [I16x8::load_i8(weights), I16x8::load_i8(weights.add(PANEL))];
                    for (sums, row) in sums.iter_mut().zip(&mut rows) {
                        let x = I16x8::load_pair(*row);
                        sums[0] = sums[0].add_products(x, w[0]);
                        sums[1] = sums[1].add_products(x, w[1]);
                        *row = row.wrapping_add(2);
                    }
                    weights = weights.add(2 * PANEL);
                }
            }
        }
        sums
    }
}
