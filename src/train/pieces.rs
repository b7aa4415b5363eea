//! The flat arrays cut into pieces whose squares are summed apart.
//!
//! Norms must have the same bits however many workers share the sum. So the arrays are cut at every
//! parameter and at every boundary between workers that could be (`team.rs`); each piece has one
//! owner, and the pieces' sums are added up in their order by everybody alike.

use std::ops::Range;

use super::network::Network;
use super::team::block;
use crate::kernels::optimizer::prepare;

/// Pieces in the order of the flat arrays, with the squares of the present gradient.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    ranges: Vec<Range<usize>>,
    /// For each parameter, its pieces.
    parameters: Vec<Range<usize>>,
    squares: Vec<f64>,
}

impl Pieces {
    /// Those of the parameters that learn.
    pub fn new(network: &Network) -> Pieces {
        let block = block(network.flat_len);
        let mut pieces = Pieces::default();
        for (_, parameter) in network.learning(&(0..network.flat_len)) {
            let first = pieces.ranges.len();
            let whole = parameter.range();
            let mut from = whole.start;
            while from < whole.end {
                let to = ((from / block + 1) * block).min(whole.end);
                pieces.ranges.push(from..to);
                from = to;
            }
            pieces.parameters.push(first..pieces.ranges.len());
        }
        pieces.squares = vec![0.0; pieces.ranges.len()];
        pieces
    }

    /// The pieces in a part of the flat arrays that begins and ends at blocks.
    fn within(&self, part: &Range<usize>) -> Range<usize> {
        let before = |at: usize| self.ranges.partition_point(|range| range.start < at);
        before(part.start)..before(part.end)
    }

    /// Sums the squares of `grads`, which are the owned part of the flat array.
    pub fn measure(&mut self, owned: &Range<usize>, grads: &[f32]) {
        for piece in self.within(owned) {
            let Range { start, end } = self.ranges[piece];
            let values = &grads[start - owned.start..end - owned.start];
            self.squares[piece] = prepare::sum_of_squares(values);
        }
    }

    /// The squares of the pieces in a part.
    pub fn squares_of(&mut self, part: &Range<usize>) -> &mut [f64] {
        let pieces = self.within(part);
        &mut self.squares[pieces]
    }

    /// The norm of all gradients together.
    pub fn norm(&self) -> f64 {
        libm::sqrt(self.squares.iter().sum())
    }

    /// What is owned of each parameter, counted from the part's start, with the norm of the whole
    /// parameter's gradient.
    pub fn norms(&self, owned: &Range<usize>) -> Vec<(Range<usize>, f64)> {
        let mine = self.within(owned);
        let mut norms = Vec::new();
        for pieces in &self.parameters {
            let (first, last) = (pieces.start.max(mine.start), pieces.end.min(mine.end));
            if first < last {
                let (start, end) = (self.ranges[first].start, self.ranges[last - 1].end);
                let squares = self.squares[pieces.clone()].iter().sum();
                let range = start - owned.start..end - owned.start;
                norms.push((range, libm::sqrt(squares)));
            }
        }
        norms
    }
}
