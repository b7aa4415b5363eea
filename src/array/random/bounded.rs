//! Integers in `0..=range` without bias.

use super::Bits;

/// Lemire, "Fast random integer generation in an interval" (2019): multiply, and redraw when the
/// low half falls where some results would be too frequent.
pub fn lemire(bits: &mut impl Bits, range: u64) -> u64 {
    if range == 0 {
        return 0;
    }
    if let Ok(range) = u32::try_from(range) {
        if range == u32::MAX {
            return u64::from(bits.next_u32());
        }
        let count = range + 1;
        let threshold = (u32::MAX - range) % count;
        loop {
            let product = u64::from(bits.next_u32()) * u64::from(count);
            let low = product as u32;
            if low >= count || low >= threshold {
                return product >> 32;
            }
        }
    }
    if range == u64::MAX {
        return bits.next_u64();
    }
    let count = range + 1;
    let threshold = (u64::MAX - range) % count;
    loop {
        let product = u128::from(bits.next_u64()) * u128::from(count);
        let low = product as u64;
        if low >= count || low >= threshold {
            return (product >> 64) as u64;
        }
    }
}

/// Draws just enough bits and redraws what is too large, as the legacy generator does.
pub fn masked(bits: &mut impl Bits, range: u64) -> u64 {
    if range == 0 {
        return 0;
    }
    let mask = u64::MAX >> range.leading_zeros();
    loop {
        let drawn = if range <= u64::from(u32::MAX) {
            u64::from(bits.next_u32())
        } else {
            bits.next_u64()
        };
        if drawn & mask <= range {
            return drawn & mask;
        }
    }
}
