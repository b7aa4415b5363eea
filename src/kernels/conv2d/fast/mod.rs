//! The f32 convolution as matrix products over the image where it lies, without im2col.
//!
//! In NHWC the `kw · c` inputs under one row of the window are contiguous, and the window of the
//! next output pixel begins `stride · c` further. So an output row is a product whose A has that
//! row stride, summed over the window's rows (the segments of a `Walk`). Dilation or groups break
//! the run into one of `c / groups` for each tap; runs too short for a loop of their own are
//! gathered first, see `columns`.

mod backward_input;
mod backward_weight;
mod columns;
mod forward;
mod padded;

pub use backward_input::backward_input;
pub use backward_weight::backward_weight;
pub use forward::{forward, pack_weights, packed_len};
pub use padded::Padded;

/// Rows of `row` elements that make up `block`; at least one.
fn rows_of(block: usize, row: usize) -> usize {
    (block / row.max(1)).max(1)
}
