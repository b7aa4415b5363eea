//! Convolution, bias, relu and 2×2 max pooling in one pass: the convolution's output, four times
//! as large as what is kept of it, is never written. f32 only.
//!
//! ```text
//! y[p][o] = max(0, bias[o] + max over the four pixels q of window p of Σ x[q + tap] · w[tap][o])
//! ```
//! Of each window only the winner's place is kept, and the gradient flows to the winner alone:
//! ```text
//! dw[tap][o] = Σ_p dy[p][o] · x[winner(p, o) + tap]     where y[p][o] > 0
//! ```

mod backward;
mod forward;

use super::simd::{F32x4, LANES, Mask4};
use super::{Conv2dShape, Pool2dShape};

pub use forward::forward;

/// Whether this convolution and the pooling after it can be computed together.
pub fn fits(conv: &Conv2dShape, pool: &Pool2dShape) -> bool {
    conv.stride == (1, 1)
        && conv.dilation == (1, 1)
        && conv.groups == 1
        && (pool.size, pool.stride, pool.pad) == ((2, 2), (2, 2), [0; 4])
        && conv.oh() >= 2
        && conv.ow() >= 2
}

/// Elements of y, `[n][oh / 2][ow / 2][o]`.
pub fn y_len(s: &Conv2dShape) -> usize {
    windows(s) * s.o
}

/// Bytes of `winners`: one for four channels of each window. Bit i tells whether the winner of
/// channel i is in the right column, bit 4 + i whether it is in the lower row.
pub fn winners_len(s: &Conv2dShape) -> usize {
    windows(s) * s.o.div_ceil(LANES)
}

fn windows(s: &Conv2dShape) -> usize {
    s.n * (s.oh() / 2) * (s.ow() / 2)
}

/// The column (0 or 1) and the row (0 or 1) of a channel's winner.
fn winner_place(code: u8, channel: usize) -> (usize, usize) {
    let bit = |at: usize| usize::from(code >> at & 1);
    (bit(channel % LANES), bit(LANES + channel % LANES))
}

/// `dw` and `db` from the gradient of y, by [`scatter`](backward::scatter); only where [`scatters`]
/// says yes.
///
/// Shape: x `[n][h][w][c]`, y and dy `[n][oh / 2][ow / 2][o]` → dw `[kh][kw][c][o]`, db `[o]`.
pub fn backward_parameters(
    s: &Conv2dShape,
    x: &[f32],
    (y, dy): (&[f32], &[f32]),
    winners: &[u8],
    dw: &mut [f32],
    db: &mut [f32],
) {
    let op = "conv_relu_pool::backward_parameters";
    assert!(scatters(s), "{op}: {s:?}");
    assert_eq!(x.len(), s.x_len(), "{op}: x of {}, {s:?}", x.len());
    assert_eq!(dw.len(), s.w_len(), "{op}: dw of {}, {s:?}", dw.len());
    assert_eq!(db.len(), s.o, "{op}: db of {}, {s:?}", db.len());
    check_pooled(op, s, y, winners);
    check_pooled(op, s, dy, winners);
    backward::scatter(s, x, (y, dy), winners, dw, db);
}

/// Whether `backward_parameters` can go from the winners straight to dw: its sums must stay in
/// registers, so only for small windows on few channels, as a first layer has. Without padding,
/// and on rows of a vector or more, so that no vector leaves the image.
pub fn scatters(s: &Conv2dShape) -> bool {
    matches!(s.kh, 2 | 3) && s.kw * s.c <= LANES && s.w * s.c >= LANES && s.pad == [0; 4]
}

/// Puts each dy back where its winner was; everything else is 0.
///
/// Shape: dy `[n][oh / 2][ow / 2][o]` → dconv `[n][oh][ow][o]`.
pub fn unpool(s: &Conv2dShape, dy: &[f32], winners: &[u8], dconv: &mut [f32]) {
    check_pooled("conv_relu_pool::unpool", s, dy, winners);
    assert_eq!(
        dconv.len(),
        s.y_len(),
        "conv_relu_pool::unpool: dconv of {}",
        dconv.len()
    );
    let (oh, ow) = (s.oh(), s.ow());
    let (ph, pw) = (oh / 2, ow / 2);
    if (oh % 2, ow % 2) != (0, 0) {
        // A last row or column that fills no window.
        dconv.fill(0.0);
    }
    let pixels = dy
        .chunks_exact(s.o)
        .zip(winners.chunks_exact(s.o.div_ceil(LANES)));
    for (window, (dy, codes)) in pixels.enumerate() {
        let (n, py, px) = (window / (ph * pw), window / pw % ph, window % pw);
        let corner = ((n * oh + 2 * py) * ow + 2 * px) * s.o;
        let (upper, lower) = dconv[corner..].split_at_mut(ow * s.o);
        let (upper_left, upper_right) = upper[..2 * s.o].split_at_mut(s.o);
        let (lower_left, lower_right) = lower[..2 * s.o].split_at_mut(s.o);
        unpool_window(
            dy,
            codes,
            [upper_left, upper_right, lower_left, lower_right],
        );
    }
}

/// The four pixels of one window, all channels.
fn unpool_window(dy: &[f32], codes: &[u8], pixels: [&mut [f32]; 4]) {
    let [a, b, c, d] = pixels;
    let ((dy, dy_rest), (a, a_rest)) = (dy.as_chunks::<LANES>(), a.as_chunks_mut::<LANES>());
    let ((b, b_rest), (c, c_rest)) = (b.as_chunks_mut::<LANES>(), c.as_chunks_mut::<LANES>());
    let (d, d_rest) = d.as_chunks_mut::<LANES>();
    for (i, dy) in dy.iter().enumerate() {
        let (right, down) = (
            Mask4::from_bits(codes[i]),
            Mask4::from_bits(codes[i] >> LANES),
        );
        let dy = F32x4::from_lanes(dy);
        let (upper, lower) = (down.select(F32x4::ZERO, dy), down.keep(dy));
        right.select(F32x4::ZERO, upper).write_lanes(&mut a[i]);
        right.keep(upper).write_lanes(&mut b[i]);
        right.select(F32x4::ZERO, lower).write_lanes(&mut c[i]);
        right.keep(lower).write_lanes(&mut d[i]);
    }
    for (channel, &dy) in dy_rest.iter().enumerate() {
        let winner = winner_place(codes[codes.len() - 1], channel);
        let at = |place: (usize, usize)| if place == winner { dy } else { 0.0 };
        a_rest[channel] = at((0, 0));
        b_rest[channel] = at((1, 0));
        c_rest[channel] = at((0, 1));
        d_rest[channel] = at((1, 1));
    }
}

fn check_pooled(op: &str, s: &Conv2dShape, y: &[f32], winners: &[u8]) {
    assert_eq!(
        y.len(),
        y_len(s),
        "{op}: pooled slice of {}, {s:?}",
        y.len()
    );
    assert_eq!(
        winners.len(),
        winners_len(s),
        "{op}: winners of {}, {s:?}",
        winners.len()
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};
    use crate::kernels::{bias, max_pool2d, naive, relu};

    fn pool_of(s: &Conv2dShape) -> Pool2dShape {
        Pool2dShape {
            n: s.n,
            h: s.oh(),
            w: s.ow(),
            c: s.o,
            size: (2, 2),
            stride: (2, 2),
            pad: [0; 4],
        }
    }

    /// Holds the fused kernel to convolution, relu and pooling one after the other.
    fn check_fused(s: Conv2dShape) {
        let what = format!("{s:?}");
        let mut numbers = Numbers::new((s.x_len() + s.o) as u64);
        let (x, w): (Vec<f32>, Vec<f32>) = (numbers.vec(s.x_len()), numbers.vec(s.w_len()));
        let biases: Vec<f32> = numbers.vec(s.o);
        let pool = pool_of(&s);
        assert!(fits(&s, &pool), "{what}");
        let mut conv = vec![0f32; s.y_len()];
        naive::conv2d::forward(&s, &x, &w, Some(&biases), &mut conv);
        relu::forward_in_place(&mut conv);
        let (mut expected, mut winner) = (vec![0f32; y_len(&s)], vec![0u32; y_len(&s)]);
        max_pool2d::forward(&pool, &conv, &mut expected, &mut winner);

        let (mut y, mut winners) = (vec![9f32; y_len(&s)], vec![0u8; winners_len(&s)]);
        forward(&s, &x, &w, &biases, &mut y, &mut winners);
        check_close(&what, &y, &expected, 1e-5, 1e-5);

        let dy_of_y: Vec<f32> = numbers.vec(y_len(&s));
        let mut dy = dy_of_y.clone();
        relu::backward_in_place(&y, &mut dy);
        let mut expected_dconv = vec![0f32; s.y_len()];
        max_pool2d::backward(&pool, &dy, &winner, &mut expected_dconv);
        let mut dconv = vec![9f32; s.y_len()];
        unpool(&s, &dy, &winners, &mut dconv);
        check_close(
            &format!("unpooled {what}"),
            &dconv,
            &expected_dconv,
            0.0,
            0.0,
        );

        let wide = |v: &[f32]| v.iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
        let mut expected_dw = vec![0f64; s.w_len()];
        naive::conv2d::backward_weight(&s, &wide(&x), &wide(&expected_dconv), &mut expected_dw);
        if scatters(&s) {
            let mut expected_db = vec![0f64; s.o];
            bias::backward(
                expected_dconv.len() / s.o,
                s.o,
                &wide(&expected_dconv),
                &mut expected_db,
            );
            let (mut dw, mut db) = (vec![9f32; s.w_len()], vec![9f32; s.o]);
            backward_parameters(&s, &x, (&y, &dy_of_y), &winners, &mut dw, &mut db);
            check_close(&format!("dw of {what}"), &dw, &expected_dw, 1e-5, 2e-5);
            check_close(&format!("db of {what}"), &db, &expected_db, 1e-5, 2e-5);
        }
    }

    #[test]
    fn the_fused_kernel_equals_its_three_parts_on_odd_shapes() {
        let v = Conv2dShape::valid;
        check_fused(v((2, 28, 28, 1), (3, 3), 32));
        check_fused(v((1, 4, 4, 1), (3, 3), 1));
        check_fused(v((3, 7, 9, 1), (3, 3), 13));
        check_fused(v((2, 3, 2, 1), (2, 1), 4));
        check_fused(v((2, 6, 5, 2), (2, 2), 6));
        check_fused(v((2, 8, 5, 1), (2, 4), 4));
        check_fused(v((2, 9, 8, 1), (3, 2), 9));
        check_fused(v((2, 9, 8, 3), (3, 3), 10));
        check_fused(v((1, 12, 11, 5), (5, 4), 7));
        check_fused(v((1, 5, 6, 3), (1, 1), 8));
        check_fused(Conv2dShape {
            pad: [1; 4],
            ..v((2, 7, 7, 1), (3, 3), 8)
        });
        check_fused(Conv2dShape {
            pad: [0, 1, 2, 1],
            ..v((2, 9, 6, 3), (3, 4), 17)
        });
        check_fused(v((1, 66, 64, 16), (3, 3), 8));
    }

    /// With one pixel in turn of an image that is not finite, y is NaN where that of the three parts
    /// one after the other is, and the gradients come from the same winners.
    fn check_one_pixel(s: Conv2dShape, pixel: f32) {
        let mut numbers = Numbers::new((s.x_len() + s.o) as u64);
        let (image, w): (Vec<f32>, Vec<f32>) = (numbers.vec(s.x_len()), numbers.vec(s.w_len()));
        let biases: Vec<f32> = numbers.vec(s.o);
        let pool = pool_of(&s);
        for place in 0..image.len() {
            let what = format!("{pixel} at {place} of {s:?}");
            let mut x = image.clone();
            x[place] = pixel;
            let mut conv = vec![0f32; s.y_len()];
            naive::conv2d::forward(&s, &x, &w, Some(&biases), &mut conv);
            relu::forward_in_place(&mut conv);
            let (mut expected, mut winner) = (vec![0f32; y_len(&s)], vec![0u32; y_len(&s)]);
            max_pool2d::forward(&pool, &conv, &mut expected, &mut winner);
            let (mut y, mut winners) = (vec![9f32; y_len(&s)], vec![0u8; winners_len(&s)]);
            forward(&s, &x, &w, &biases, &mut y, &mut winners);
            if (s.oh() % 2, s.ow() % 2) == (0, 0) {
                let seen = expected.iter().any(|y| y.is_nan());
                assert_eq!(seen, pixel.is_nan(), "{what}");
            }
            check_close(&what, &y, &expected, 1e-5, 1e-5);
            // Where relu cut all four, none has won; a NaN is a winner.
            let dy: Vec<f32> = expected.iter().map(|&y| f32::from(y != 0.0)).collect();
            let (mut got_dx, mut expected_dx) = (vec![9f32; s.y_len()], vec![0f32; s.y_len()]);
            unpool(&s, &dy, &winners, &mut got_dx);
            max_pool2d::backward(&pool, &dy, &winner, &mut expected_dx);
            check_close(&format!("winners, {what}"), &got_dx, &expected_dx, 0.0, 0.0);
        }
    }

    #[test]
    fn a_pixel_that_is_nan_or_infinite_is_seen_wherever_it_lies() {
        let v = Conv2dShape::valid;
        for pixel in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            check_one_pixel(v((1, 8, 8, 1), (3, 3), 8), pixel);
            check_one_pixel(v((1, 7, 9, 2), (2, 3), 13), pixel);
            let pad = [1; 4];
            check_one_pixel(
                Conv2dShape {
                    pad,
                    ..v((2, 5, 4, 1), (3, 3), 3)
                },
                pixel,
            );
        }
        check_one_pixel(v((1, 28, 28, 1), (3, 3), 32), f32::NAN);
    }

    #[test]
    fn sums_past_the_largest_number_are_seen() {
        // The lower right pixel alone gives infinity less infinity.
        let s = Conv2dShape::valid((1, 3, 3, 1), (2, 2), 8);
        let mut x = [0f32; 9];
        (x[4], x[5]) = (f32::MAX, f32::MAX);
        let w: Vec<f32> = [4.0, -4.0, 1.0, 1.0]
            .into_iter()
            .flat_map(|w| [w; 8])
            .collect();
        let (mut y, mut winners) = ([9f32; 8], [0u8; 2]);
        forward(&s, &x, &w, &[0.0; 8], &mut y, &mut winners);
        let mut conv = [0f32; 32];
        naive::conv2d::forward(&s, &x, &w, None, &mut conv);
        assert_eq!(
            conv.map(f32::is_nan)[..],
            [[false; 24].as_slice(), &[true; 8]].concat()
        );
        // A product that is added before it is rounded is never infinite.
        let fused = cfg!(target_feature = "relaxed-simd");
        let seen = |y: &f32| y.is_nan() || (fused && *y == f32::INFINITY);
        assert!(y.iter().all(seen), "{y:?}");
    }

    #[test]
    fn weights_that_are_nan_are_seen() {
        let s = Conv2dShape::valid((1, 4, 4, 1), (3, 3), 2);
        let (mut y, mut winners) = ([0f32; 2], [0u8; 1]);
        let mut w = [1f32; 18];
        w[1] = f32::NAN;
        forward(&s, &[1.0; 16], &w, &[0.0; 2], &mut y, &mut winners);
        assert_eq!(y[0], 9.0);
        assert!(y[1].is_nan());
    }
}
