//! Two-dimensional convolution on int8, NHWC, with the 2 × 2 maximum after it where one is wanted.

use super::super::Conv2dShape;
use super::dense::widen;
use super::{Out, Packed};

const ROWS: usize = 4;

/// How the windows of a convolution lie in the widened, padded image.
struct Image {
    h: usize,
    w: usize,
    /// Where each segment of a window begins, seen from the window's corner.
    offsets: Vec<usize>,
}

impl Image {
    /// A window's row is one segment, or each of its taps where they are apart.
    fn new(s: &Conv2dShape) -> Image {
        let (h, w) = (s.h + s.pad[0] + s.pad[1], s.w + s.pad[2] + s.pad[3]);
        let (down, across) = s.dilation;
        let taps = if across == 1 { 1 } else { s.kw };
        let offsets =
            (0..s.kh).flat_map(|y| (0..taps).map(move |x| (y * down * w + x * across) * s.c));
        Image {
            h,
            w,
            offsets: offsets.collect(),
        }
    }

    /// Numbers of it, and those that a segment of odd length reads behind its end.
    fn len(&self, c: usize) -> usize {
        self.h * self.w * c + 1
    }

    /// Writes an image into the middle; what is around it stays.
    fn widen(&self, s: &Conv2dShape, x: &[i8], zero: i16, to: &mut [i16]) {
        let row = s.w * s.c;
        for (y, x) in x.chunks_exact(row.max(1)).enumerate() {
            let at = ((y + s.pad[0]) * self.w + s.pad[2]) * s.c;
            widen(x, zero, &mut to[at..at + row]);
        }
    }
}

/// Weights as [`conv2d`] reads them. Shape: w `[kh][kw][c][o]`, bias `[o]`.
impl Packed {
    pub fn conv2d(s: &Conv2dShape, w: &[i8], bias: &[i32]) -> Packed {
        let segments = Image::new(s).offsets.len();
        Packed::new(segments, s.kh * s.kw * s.c / segments.max(1), w, bias)
    }
}

/// `sum[p][o] = bias[o] + Σ_tap Σ_c (x[p + tap][c] − zero) · w[tap][c][o]`; padding is worth 0. With
/// `pooled`, of each 2 × 2 the largest; an odd last row or column is left out, as a valid pooling does.
///
/// Shape: x `[n][h][w][c]` → out `[n][oh][ow][o]`, or `[n][oh / 2][ow / 2][o]`. One group.
pub fn conv2d(
    s: &Conv2dShape,
    x: &[i8],
    zero: i8,
    packed: &Packed,
    pooled: bool,
    out: &mut Out<'_>,
) {
    let image = Image::new(s);
    let by = if pooled { 2 } else { 1 };
    let (oh, ow) = (s.oh() / by, s.ow() / by);
    assert_eq!(s.groups, 1, "quantised::conv2d: {s:?}");
    assert_eq!(
        x.len(),
        s.x_len(),
        "quantised::conv2d: x of {}, {s:?}",
        x.len()
    );
    let wanted = s.n * oh * ow * s.o;
    assert_eq!(
        out.len(),
        wanted,
        "quantised::conv2d: out of {}, {s:?}",
        out.len()
    );
    assert!(
        packed.channels == s.o
            && packed.segments == image.offsets.len()
            && packed.segments * packed.depth == s.kh * s.kw * s.c,
        "quantised::conv2d: weights of {} × {} → {}, {s:?}",
        packed.segments,
        packed.depth,
        packed.channels
    );
    out.check("quantised::conv2d", s.o);
    if wanted == 0 {
        return;
    }
    let mut wide = vec![0i16; image.len(s.c)];
    let row = image.w * s.c;
    let (down, across) = (s.stride.0 * row, s.stride.1 * s.c);
    // The last window's last segment, and its end.
    let corner = (s.oh() - 1) * down + (s.ow() - 1) * across;
    let reach = corner + image.offsets.last().copied().unwrap_or(0) + packed.reach();
    assert!(reach <= wide.len() && s.kh * s.kw * s.c > 0);
    let places = oh * ow;
    for (n, x) in x.chunks_exact(s.h * s.w * s.c).enumerate() {
        image.widen(s, x, zero.into(), &mut wide);
        let base = wide.as_ptr();
        let start = |place: usize| {
            let (y, x) = (by * (place / ow), by * (place % ow));
            base.wrapping_add(y * down + x * across)
        };
        for (channel, channels) in packed.panels() {
            let at = |place: usize| (n * places + place) * s.o + channel;
            if pooled {
                for place in 0..places {
                    let first = start(place);
                    let below = first.wrapping_add(down);
                    let four = [
                        first,
                        first.wrapping_add(across),
                        below,
                        below.wrapping_add(across),
                    ];
                    // Safety: no window reaches further than the last, whose reach was checked.
                    let [a, b, c, d] = unsafe { packed.sums(four, &image.offsets, channel) };
                    let most = |i: usize| a[i].max(b[i]).max(c[i].max(d[i]));
                    out.write([most(0), most(1)], at(place), channel, channels);
                }
                continue;
            }
            for first in (0..places).step_by(ROWS) {
                // The last place again, where fewer than four are left.
                let four = [0, 1, 2, 3].map(|i| start((first + i).min(places - 1)));
                // Safety: as above.
                let sums = unsafe { packed.sums(four, &image.offsets, channel) };
                for (i, sums) in sums.into_iter().enumerate().take(places - first) {
                    out.write(sums, at(first + i), channel, channels);
                }
            }
        }
    }
}
