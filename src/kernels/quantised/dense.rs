//! A fully connected layer on int8.

use super::{Out, Packed};

/// Rows of x that are widened at once: what a panel of weights meets stays near.
const BLOCK: usize = 16;
const ROWS: usize = 4;

/// `sum[m][o] = bias[o] + Σ_k (x[m][k] − zero) · w[k][o]`
///
/// Shape: x `[m][k]`, packed of one segment of k → out `[m][channels]`.
pub fn dense(m: usize, x: &[i8], zero: i8, packed: &Packed, out: &mut Out<'_>) {
    let (k, channels) = (packed.depth, packed.channels);
    assert_eq!(
        packed.segments, 1,
        "quantised::dense: {} segments",
        packed.segments
    );
    assert_eq!(
        x.len(),
        m * k,
        "quantised::dense: x of {}, {m} × {k}",
        x.len()
    );
    assert_eq!(
        out.len(),
        m * channels,
        "quantised::dense: out of {}, {m} × {channels}",
        out.len()
    );
    out.check("quantised::dense", channels);
    if k == 0 {
        return;
    }
    let zero = i16::from(zero);
    let row = packed.reach();
    let mut wide = vec![0i16; BLOCK.min(m) * row];
    for first in (0..m).step_by(BLOCK) {
        let rows = BLOCK.min(m - first);
        for (x, wide) in x[first * k..]
            .chunks_exact(k)
            .zip(wide.chunks_exact_mut(row))
            .take(rows)
        {
            widen(x, zero, &mut wide[..k]);
        }
        for (channel, channels_here) in packed.panels() {
            let at = |row: usize| (first + row) * channels + channel;
            let start = |at: usize| wide[at * row..][..row].as_ptr();
            let whole = rows / ROWS * ROWS;
            for r in (0..whole).step_by(ROWS) {
                let starts = [start(r), start(r + 1), start(r + 2), start(r + 3)];
                // Safety: each row has `reach` numbers, and the only segment begins with it.
                let sums = unsafe { packed.sums(starts, &[0], channel) };
                for (i, sums) in sums.into_iter().enumerate() {
                    out.write(sums, at(r + i), channel, channels_here);
                }
            }
            for r in whole..rows {
                // Safety: as above.
                let [sums] = unsafe { packed.sums([start(r)], &[0], channel) };
                out.write(sums, at(r), channel, channels_here);
            }
        }
    }
}

/// `to = x − zero`
pub(super) fn widen(x: &[i8], zero: i16, to: &mut [i16]) {
    for (to, &x) in to.iter_mut().zip(x) {
        *to = i16::from(x) - zero;
    }
}
