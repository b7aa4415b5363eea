//! Convolution by its definition: one loop an axis, each tap visited once.

use crate::kernels::{Conv2dShape, Real};

/// Calls `f(output pixel, input pixel, tap)` for every output pixel and every tap of its window
/// that lies inside the image. Pixels count over the batch, taps over `[kh][kw]`.
fn for_each_tap(s: &Conv2dShape, mut f: impl FnMut(usize, usize, usize)) {
    for n in 0..s.n {
        for oy in 0..s.oh() {
            for ox in 0..s.ow() {
                let pixel = (n * s.oh() + oy) * s.ow() + ox;
                for r in 0..s.kh {
                    for t in 0..s.kw {
                        let y = oy * s.stride.0 + r * s.dilation.0;
                        let x = ox * s.stride.1 + t * s.dilation.1;
                        let inside = y >= s.pad[0]
                            && x >= s.pad[2]
                            && y - s.pad[0] < s.h
                            && x - s.pad[2] < s.w;
                        if inside {
                            let source = (n * s.h + y - s.pad[0]) * s.w + x - s.pad[2];
                            f(pixel, source, r * s.kw + t);
                        }
                    }
                }
            }
        }
    }
}

/// `y[p][o] = bias[o] + Σ_tap Σ_c x[p + tap][c] · w[tap][c][o]`
pub fn forward<T: Real>(s: &Conv2dShape, x: &[T], w: &[T], bias: Option<&[T]>, y: &mut [T]) {
    for pixel in y.chunks_exact_mut(s.o) {
        match bias {
            Some(bias) => pixel.copy_from_slice(bias),
            None => pixel.fill(T::ZERO),
        }
    }
    let (cg, og) = (s.c / s.groups, s.o / s.groups);
    for_each_tap(s, |pixel, source, tap| {
        for g in 0..s.groups {
            for c in 0..cg {
                let value = x[source * s.c + g * cg + c];
                let weights = &w[(tap * cg + c) * s.o + g * og..][..og];
                let out = &mut y[pixel * s.o + g * og..][..og];
                for (out, &weight) in out.iter_mut().zip(weights) {
                    *out += value * weight;
                }
            }
        }
    });
}

/// `dx[p + tap][c] = Σ_(p, tap) Σ_o dy[p][o] · w[tap][c][o]`
pub fn backward_input<T: Real>(s: &Conv2dShape, dy: &[T], w: &[T], dx: &mut [T]) {
    dx.fill(T::ZERO);
    let (cg, og) = (s.c / s.groups, s.o / s.groups);
    for_each_tap(s, |pixel, source, tap| {
        for g in 0..s.groups {
            for c in 0..cg {
                let weights = &w[(tap * cg + c) * s.o + g * og..][..og];
                let grads = &dy[pixel * s.o + g * og..][..og];
                let mut sum = T::ZERO;
                for (&weight, &grad) in weights.iter().zip(grads) {
                    sum += weight * grad;
                }
                dx[source * s.c + g * cg + c] += sum;
            }
        }
    });
}

/// `dw[tap][c][o] = Σ_p x[p + tap][c] · dy[p][o]`
pub fn backward_weight<T: Real>(s: &Conv2dShape, x: &[T], dy: &[T], dw: &mut [T]) {
    dw.fill(T::ZERO);
    let (cg, og) = (s.c / s.groups, s.o / s.groups);
    for_each_tap(s, |pixel, source, tap| {
        for g in 0..s.groups {
            for c in 0..cg {
                let value = x[source * s.c + g * cg + c];
                let grads = &dy[pixel * s.o + g * og..][..og];
                let out = &mut dw[(tap * cg + c) * s.o + g * og..][..og];
                for (out, &grad) in out.iter_mut().zip(grads) {
                    *out += value * grad;
                }
            }
        }
    });
}
