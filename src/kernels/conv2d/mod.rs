//! Two-dimensional convolution (cross-correlation, as every framework means it), NHWC.
//!
//! With `p` an output pixel, `tap` a place in the window, `x[p + tap]` the input pixel under it:
//! ```text
//! y[p][o]          = bias[o] + Σ_tap Σ_c x[p + tap][c] · w[tap][c][o]
//! dx[p + tap][c]   = Σ_(p, tap) Σ_o dy[p][o] · w[tap][c][o]
//! dw[tap][c][o]    = Σ_p x[p + tap][c] · dy[p][o]
//! dbias[o]         = Σ_p dy[p][o]
//! ```

mod depthwise;
pub(super) mod fast;

use super::{Real, bias, naive};

/// The sizes of one convolution over a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2dShape {
    pub n: usize,
    pub h: usize,
    pub w: usize,
    pub c: usize,
    pub kh: usize,
    pub kw: usize,
    pub o: usize,
    /// Down, across.
    pub stride: (usize, usize),
    /// Top, bottom, left, right.
    pub pad: [usize; 4],
    /// Down, across; 1 is a dense window.
    pub dilation: (usize, usize),
    /// Input and output channels are cut into this many groups that do not see each other.
    pub groups: usize,
}

impl Conv2dShape {
    /// A convolution with stride 1, no padding, no dilation, one group.
    pub fn valid(
        (n, h, w, c): (usize, usize, usize, usize),
        (kh, kw): (usize, usize),
        o: usize,
    ) -> Self {
        let (stride, dilation) = ((1, 1), (1, 1));
        Conv2dShape {
            n,
            h,
            w,
            c,
            kh,
            kw,
            o,
            stride,
            pad: [0; 4],
            dilation,
            groups: 1,
        }
    }

    /// Height of the output; 0 where the window does not fit.
    pub fn oh(&self) -> usize {
        places(
            self.h + self.pad[0] + self.pad[1],
            self.kh,
            self.stride.0,
            self.dilation.0,
        )
    }

    /// Width of the output; 0 where the window does not fit.
    pub fn ow(&self) -> usize {
        places(
            self.w + self.pad[2] + self.pad[3],
            self.kw,
            self.stride.1,
            self.dilation.1,
        )
    }

    /// Elements of the input.
    pub fn x_len(&self) -> usize {
        self.n * self.h * self.w * self.c
    }

    /// Elements of the weights, `[kh][kw][c / groups][o]`.
    pub fn w_len(&self) -> usize {
        self.kh * self.kw * (self.c / self.groups) * self.o
    }

    /// Elements of the output.
    pub fn y_len(&self) -> usize {
        self.n * self.oh() * self.ow() * self.o
    }

    fn check(&self, op: &str, x: Option<usize>, w: Option<usize>, y: Option<usize>) {
        assert!(
            self.groups > 0
                && self.c.is_multiple_of(self.groups)
                && self.o.is_multiple_of(self.groups),
            "{op}: {} groups do not divide {} → {} channels",
            self.groups,
            self.c,
            self.o
        );
        let slices = [
            ("x", x, self.x_len()),
            ("w", w, self.w_len()),
            ("y", y, self.y_len()),
        ];
        for (name, got, expected) in slices {
            if let Some(got) = got {
                assert_eq!(
                    got, expected,
                    "{op}: {name} of {got} elements, {self:?} needs {expected}"
                );
            }
        }
    }
}

/// How many places a window has along one axis.
pub(super) fn places(size: usize, kernel: usize, stride: usize, dilation: usize) -> usize {
    assert!(
        kernel > 0 && stride > 0 && dilation > 0,
        "window: kernel {kernel}, stride {stride} and dilation {dilation} must be at least 1"
    );
    let reach = (kernel - 1) * dilation + 1;
    if size < reach {
        0
    } else {
        (size - reach) / stride + 1
    }
}

/// Shape: x `[n][h][w][c]`, w `[kh][kw][c / groups][o]`, bias `[o]` → y `[n][oh][ow][o]`.
pub fn forward<T: Real>(s: &Conv2dShape, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T]) {
    s.check(
        "conv2d::forward",
        Some(x.len()),
        Some(w.len()),
        Some(y.len()),
    );
    if let Some(bias) = bias {
        assert_eq!(
            bias.len(),
            s.o,
            "conv2d::forward: bias of {}, {s:?}",
            bias.len()
        );
    }
    if let (Some(x), Some(w)) = (T::as_f32s(x), T::as_f32s(w))
        && let Some(y) = T::as_f32s_mut(y)
    {
        let bias = bias.and_then(T::as_f32s);
        if depthwise::fits(s) {
            depthwise::forward(s, x, w, bias, y);
        } else {
            fast::forward(s, x, w, bias, y);
        }
        return;
    }
    naive::conv2d::forward(s, x, w, bias, y);
}

/// Shape: dy `[n][oh][ow][o]`, w → dx `[n][h][w][c]`.
pub fn backward_input<T: Real>(s: &Conv2dShape, dy: &[T], w: &[T], dx: &mut [T]) {
    s.check(
        "conv2d::backward_input",
        Some(dx.len()),
        Some(w.len()),
        Some(dy.len()),
    );
    if let (Some(dy), Some(w)) = (T::as_f32s(dy), T::as_f32s(w))
        && let Some(dx) = T::as_f32s_mut(dx)
    {
        if depthwise::fits(s) {
            depthwise::backward_input(s, dy, w, dx);
        } else {
            fast::backward_input(s, dy, w, dx);
        }
        return;
    }
    naive::conv2d::backward_input(s, dy, w, dx);
}

/// Shape: x, dy → dw `[kh][kw][c / groups][o]`.
pub fn backward_weight<T: Real>(s: &Conv2dShape, x: &[T], dy: &[T], dw: &mut [T]) {
    s.check(
        "conv2d::backward_weight",
        Some(x.len()),
        Some(dw.len()),
        Some(dy.len()),
    );
    if let (Some(x), Some(dy)) = (T::as_f32s(x), T::as_f32s(dy))
        && let Some(dw) = T::as_f32s_mut(dw)
    {
        if depthwise::fits(s) {
            depthwise::backward_weight(s, x, dy, dw);
        } else {
            fast::backward_weight(s, x, dy, dw);
        }
        return;
    }
    naive::conv2d::backward_weight(s, x, dy, dw);
}

/// Shape: dy `[n][oh][ow][o]` → db `[o]`.
pub fn backward_bias<T: Real>(s: &Conv2dShape, dy: &[T], db: &mut [T]) {
    s.check("conv2d::backward_bias", None, None, Some(dy.len()));
    bias::backward(s.n * s.oh() * s.ow(), s.o, dy, db);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close, dot};

    fn depthwise(
        (n, h, w, c): (usize, usize, usize, usize),
        o: usize,
        pad: [usize; 4],
    ) -> Conv2dShape {
        let groups = c;
        Conv2dShape {
            groups,
            pad,
            ..Conv2dShape::valid((n, h, w, c), (3, 3), o)
        }
    }

    /// The shapes that every convolution test walks: odd sizes, one of each kind of window.
    fn shapes() -> Vec<Conv2dShape> {
        let v = Conv2dShape::valid;
        vec![
            v((1, 1, 1, 1), (1, 1), 1),
            v((2, 5, 7, 1), (3, 3), 5),
            v((1, 9, 6, 3), (2, 3), 7),
            v((2, 6, 13, 8), (3, 3), 16),
            v((3, 4, 5, 5), (1, 1), 9),
            v((1, 16, 11, 2), (5, 5), 4),
            Conv2dShape {
                pad: [1, 1, 1, 1],
                ..v((2, 7, 7, 3), (3, 3), 8)
            },
            Conv2dShape {
                pad: [4, 5, 3, 0],
                ..v((2, 3, 5, 6), (3, 4), 9)
            },
            Conv2dShape {
                pad: [2, 1, 0, 3],
                ..v((2, 5, 6, 13), (3, 4), 11)
            },
            v((1, 14, 9, 260), (3, 2), 9),
            v((1, 3, 4, 521), (1, 1), 17),
            Conv2dShape {
                pad: [0, 1, 2, 0],
                stride: (2, 3),
                ..v((2, 8, 11, 3), (3, 2), 4)
            },
            Conv2dShape {
                dilation: (2, 3),
                pad: [2, 2, 3, 3],
                ..v((1, 9, 10, 2), (3, 3), 3)
            },
            Conv2dShape {
                dilation: (1, 2),
                pad: [0, 0, 4, 0],
                ..v((2, 1, 11, 4), (1, 3), 6)
            },
            Conv2dShape {
                groups: 2,
                pad: [0, 1, 1, 1],
                ..v((2, 3, 9, 4), (1, 3), 6)
            },
            Conv2dShape {
                groups: 2,
                ..v((2, 6, 5, 4), (3, 3), 6)
            },
            Conv2dShape {
                groups: 3,
                pad: [1; 4],
                stride: (2, 2),
                ..v((1, 7, 6, 3), (3, 3), 6)
            },
            // More rows than are taken at once, and not a multiple of those.
            v((1, 19, 19, 4), (3, 3), 9),
            v((1, 33, 66, 1), (3, 3), 5),
            Conv2dShape {
                stride: (2, 2),
                ..v((1, 35, 61, 11), (3, 3), 97)
            },
            depthwise((2, 7, 11, 4), 4, [1; 4]),
            depthwise((1, 5, 13, 19), 19, [0; 4]),
            depthwise((2, 4, 9, 8), 8, [0, 2, 1, 2]),
            depthwise((1, 6, 5, 3), 9, [1, 1, 2, 0]),
            depthwise((1, 6, 4, 13), 26, [3, 0, 0, 4]),
            depthwise((1, 2, 2, 5), 5, [2; 4]),
            Conv2dShape {
                stride: (2, 3),
                ..depthwise((2, 9, 17, 11), 11, [1, 1, 0, 2])
            },
            Conv2dShape {
                dilation: (2, 3),
                ..depthwise((1, 9, 21, 6), 12, [2, 2, 3, 3])
            },
            Conv2dShape {
                dilation: (3, 1),
                stride: (1, 2),
                ..depthwise((1, 8, 12, 8), 8, [6, 1, 1, 0])
            },
        ]
    }

    fn check_forward(s: &Conv2dShape) {
        let mut numbers = Numbers::new(s.x_len() as u64);
        let (x, w): (Vec<f32>, Vec<f32>) = (numbers.vec(s.x_len()), numbers.vec(s.w_len()));
        let bias: Vec<f32> = numbers.vec(s.o);
        let widen = |v: &[f32]| v.iter().map(|&v| v as f64).collect::<Vec<f64>>();
        for bias in [None, Some(&bias[..])] {
            let (mut y, mut expected) = (vec![9f32; s.y_len()], vec![0f64; s.y_len()]);
            forward(s, &x, &w, bias, &mut y);
            let wide_bias = bias.map(widen);
            naive::conv2d::forward(
                s,
                &widen(&x),
                &widen(&w),
                wide_bias.as_deref(),
                &mut expected,
            );
            // The rounding of a long sum grows as the root of its terms.
            let terms = (s.w_len() / s.o) as f64;
            check_close(
                &format!("{s:?}"),
                &y,
                &expected,
                1e-5,
                1e-6 * terms.sqrt().max(10.0),
            );
        }
    }

    /// Forward is linear in x and in w, so `<dy, y(x, w)> = <dx, x> = <dw, w>` exactly.
    fn check_backward(s: &Conv2dShape) {
        let mut numbers = Numbers::new(7 + s.x_len() as u64);
        let (x, w): (Vec<f32>, Vec<f32>) = (numbers.vec(s.x_len()), numbers.vec(s.w_len()));
        let dy: Vec<f32> = numbers.vec(s.y_len());
        let widen = |v: &[f32]| v.iter().map(|&v| v as f64).collect::<Vec<f64>>();
        let (wx, ww, wdy) = (widen(&x), widen(&w), widen(&dy));
        let (mut y, mut wdx, mut wdw) = (
            vec![0f64; s.y_len()],
            vec![0f64; s.x_len()],
            vec![0f64; s.w_len()],
        );
        naive::conv2d::forward(s, &wx, &ww, None, &mut y);
        naive::conv2d::backward_input(s, &wdy, &ww, &mut wdx);
        naive::conv2d::backward_weight(s, &wx, &wdy, &mut wdw);
        let pairing = [dot(&wdy, &y)];
        check_close(
            &format!("<dx, x> of {s:?}"),
            &[dot(&wdx, &wx)],
            &pairing,
            1e-10,
            1e-10,
        );
        check_close(
            &format!("<dw, w> of {s:?}"),
            &[dot(&wdw, &ww)],
            &pairing,
            1e-10,
            1e-10,
        );

        let (mut dx, mut dw) = (vec![9f32; s.x_len()], vec![9f32; s.w_len()]);
        backward_input(s, &dy, &w, &mut dx);
        backward_weight(s, &x, &dy, &mut dw);
        check_close(&format!("dx of {s:?}"), &dx, &wdx, 1e-5, 2e-5);
        check_close(&format!("dw of {s:?}"), &dw, &wdw, 1e-5, 2e-5);
    }

    #[test]
    fn forward_equals_the_naive_twin_on_odd_shapes() {
        shapes().iter().for_each(check_forward);
    }

    #[test]
    fn both_gradients_equal_the_naive_twins_on_odd_shapes() {
        shapes().iter().for_each(check_backward);
    }

    #[test]
    fn a_single_tap_by_hand() {
        let s = Conv2dShape {
            pad: [1, 0, 0, 0],
            ..Conv2dShape::valid((1, 2, 2, 1), (2, 2), 1)
        };
        let mut y = [0f64; 2];
        forward(
            &s,
            &[1., 2., 3., 4.],
            &[10., 100., 1000., 10000.],
            Some(&[0.5]),
            &mut y,
        );
        assert_eq!(y, [21000.5, 43210.5]);
    }

    #[test]
    #[should_panic(expected = "conv2d::forward: w of 8 elements")]
    fn a_wrong_weight_length_is_named() {
        let s = Conv2dShape::valid((1, 3, 3, 1), (3, 3), 1);
        forward(&s, &[0f32; 9], &[0f32; 8], None, &mut [0f32; 1]);
    }
}
