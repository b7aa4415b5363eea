//! Which weights learn, and how those move that gradients don't.

use std::ops::Range;

use super::network::{ALIGNMENT, Network, Parameter};

impl Network {
    /// The weights that gradients move, and where each lies in the part `owned` of the flat array,
    /// counted from its start; with the gap behind it.
    pub(super) fn learning(
        &self,
        owned: &Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, &Parameter)> {
        let layers = self.layers.iter().filter(|layer| layer.trainable);
        let weights = layers.flat_map(|layer| &layer.parameters);
        let moved = weights.filter(|parameter| parameter.momentum.is_none());
        moved.map(move |parameter| {
            let end = parameter.range().end.next_multiple_of(ALIGNMENT);
            (within(&(parameter.offset..end), owned), parameter)
        })
    }

    /// Whether gradients move the weight that lies there.
    pub(super) fn learns(&self, range: &Range<usize>) -> bool {
        let all = 0..self.flat_len;
        self.learning(&all)
            .any(|(_, parameter)| parameter.offset == range.start)
    }

    /// Moves what follows the batches by the part `owned` of both flat arrays:
    /// `w · momentum + g · (1 − momentum)`, where g stands in the gradients' place.
    pub(super) fn follow(&self, owned: &Range<usize>, params: &mut [f32], followed: &[f32]) {
        let layers = self.layers.iter().filter(|layer| layer.trainable);
        for parameter in layers.flat_map(|layer| &layer.parameters) {
            let Some(momentum) = parameter.momentum else {
                continue;
            };
            let part = within(&parameter.range(), owned);
            let (keep, take) = (momentum as f32, (1.0 - momentum) as f32);
            for (w, g) in params[part.clone()].iter_mut().zip(&followed[part]) {
                *w = *w * keep + g * take;
            }
        }
    }
}

/// What of `range` lies in `owned`, counted from its start.
pub(super) fn within(range: &Range<usize>, owned: &Range<usize>) -> Range<usize> {
    let inside = |at: usize| at.clamp(owned.start, owned.end) - owned.start;
    inside(range.start)..inside(range.end)
}
