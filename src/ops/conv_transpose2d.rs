//! The transpose of a convolution: it makes images larger.

use super::padding::check_window;
use super::shapes::{expect, require, sizes};
use super::{Args, Padding, add};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::{Conv2dShape, conv2d as kernel};

/// How the window of the transposed convolution moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTranspose2dOptions {
    /// Down, across; at least 1.
    pub stride: (usize, usize),
    /// Rows and columns taken off the output; `Same` makes it H · stride, as Keras does.
    pub padding: Padding,
    /// Rows below and columns to the right that a strided convolution would have ignored; less than
    /// the stride. Goes with padding in sizes only.
    pub output_padding: (usize, usize),
    /// Distance between the kernel's taps, down and across.
    pub dilation: (usize, usize),
    /// Divides the channels in and out.
    pub groups: usize,
}

impl Default for ConvTranspose2dOptions {
    fn default() -> Self {
        Self {
            stride: (1, 1),
            padding: Padding::Valid,
            output_padding: (0, 0),
            dilation: (1, 1),
            groups: 1,
        }
    }
}

/// No output may have more elements: a stride multiplies sizes.
const ELEMENTS_MAX: u64 = 1 << 30;

/// y[p + tap][o] = b[o] + Σ x[p][c] · w[tap][o][c], what `conv2d` does to gradients; so dx is the
/// convolution of dy with w, and dw[tap][o][c] = Σ dy[p + tap][o] · x[p][c].
///
/// Shape: x [N, H, W, C], w [K, K, O / groups, C], b [O] → [N, OH, OW, O], Keras's layout (PyTorch's w
/// is [C, O / groups, K, K]); OH = (H − 1) · stride + (K − 1) · dilation + 1 − padding + output padding,
/// PyTorch's rule, also for `Valid` (where Keras adds rows if the stride is longer than the kernel).
/// Errs where shapes or options don't fit.
pub fn conv_transpose2d<T: Scalar>(
    x: &Tensor<T>,
    w: &Tensor<T>,
    b: Option<&Tensor<T>>,
    options: &ConvTranspose2dOptions,
) -> Result<Tensor<T>> {
    let shape = shape_of(x, w, options)?;
    if let Some(b) = b {
        expect("conv_transpose2d b", b, &[shape.c])?;
    }
    let (x_value, w_value) = (x.value().contiguous(), w.value().contiguous());
    let mut y = vec![T::ZERO; shape.x_len()];
    kernel::backward_input(
        &shape,
        x_value.as_slice().expect("contiguous"),
        w_value.as_slice().expect("contiguous"),
        &mut y,
    );
    let y = NdArray::from_vec(y, &[shape.n, shape.h, shape.w, shape.c]);
    let (x_shape, w_shape) = (x.shape(), w.shape());
    let y = Tensor::record("conv_transpose2d", y)
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; shape.y_len()];
            let w = w_value.as_slice().expect("contiguous");
            kernel::forward(&shape, dy.as_slice().expect("contiguous"), w, None, &mut dx);
            NdArray::from_vec(dx, &x_shape)
        })
        .input(w, move |dy| {
            let dy = dy.contiguous();
            let mut dw = vec![T::ZERO; shape.w_len()];
            let x = x_value.as_slice().expect("contiguous");
            kernel::backward_weight(&shape, dy.as_slice().expect("contiguous"), x, &mut dw);
            NdArray::from_vec(dw, &w_shape)
        })
        .done();
    match b {
        Some(b) => add(&y, b),
        None => Ok(y),
    }
}

/// The convolution, from y to x, whose transpose this is.
fn shape_of<T: Scalar>(
    x: &Tensor<T>,
    w: &Tensor<T>,
    options: &ConvTranspose2dOptions,
) -> Result<Conv2dShape> {
    const OP: &str = "conv_transpose2d";
    let [n, h, width, c] = sizes("conv_transpose2d x", x)?;
    let [kh, kw, o_group, _] = sizes("conv_transpose2d w", w)?;
    let ConvTranspose2dOptions {
        stride,
        padding,
        output_padding,
        dilation,
        groups,
    } = *options;
    expect("conv_transpose2d w", w, &[kh, kw, o_group, c])?;
    require(
        groups > 0 && c.is_multiple_of(groups),
        OP,
        "groups",
        format!("a divisor of {c}"),
        groups,
    )?;
    let limit = match padding {
        Padding::Same => (1, 1),
        // A stride of 0 is refused below.
        _ => (stride.0.max(1), stride.1.max(1)),
    };
    require(
        output_padding.0 < limit.0 && output_padding.1 < limit.1,
        OP,
        "output_padding",
        format!("< {limit:?}"),
        format!("{output_padding:?}"),
    )?;
    // In u64: what could overflow here is refused by the limits below and in `check_window`.
    let size =
        |size: usize, kernel: usize, stride: usize, dilation: usize, around, extra: usize| {
            let (size, stride) = (size as u64, stride as u64);
            if padding == Padding::Same {
                return size.saturating_mul(stride);
            }
            let taps = (kernel as u64).saturating_sub(1);
            let last = size.saturating_sub(1).saturating_mul(stride);
            last.saturating_add(taps.saturating_mul(dilation as u64))
                .saturating_add(extra as u64 + 1)
                .saturating_sub(around)
        };
    let explicit = match padding {
        Padding::Explicit(sizes) => sizes,
        _ => [0; 4],
    };
    let around = |a: usize, b: usize| (explicit[a] as u64).saturating_add(explicit[b] as u64);
    let rows = size(h, kh, stride.0, dilation.0, around(0, 1), output_padding.0);
    let columns = size(
        width,
        kw,
        stride.1,
        dilation.1,
        around(2, 3),
        output_padding.1,
    );
    require(
        h.min(width) > 0,
        OP,
        "x",
        "H, W >= 1",
        format!("{h}, {width}"),
    )?;
    let outputs = (o_group as u64).saturating_mul(groups as u64);
    let elements = [rows, columns, outputs]
        .into_iter()
        .fold(n as u64, u64::saturating_mul);
    if elements > ELEMENTS_MAX || rows.max(columns).max(outputs) > ELEMENTS_MAX {
        return Err(Error::ModelTooLarge {
            place: OP.into(),
            limit: ELEMENTS_MAX as usize,
            got: elements.max(rows).max(columns).max(outputs),
        });
    }
    let (rows, columns) = (rows as usize, columns as usize);
    let taken = format!("{explicit:?}");
    require(rows.min(columns) > 0, OP, "padding", "OH, OW >= 1", taken)?;
    let pad = check_window(OP, (rows, columns), (kh, kw), stride, dilation, padding)?;
    Ok(Conv2dShape {
        n,
        h: rows,
        w: columns,
        c: outputs as usize,
        kh,
        kw,
        o: c,
        stride,
        pad,
        dilation,
        groups,
    })
}

/// By name: x, w and, if there is one, b; `stride`, `padding` ("valid", "same", sizes),
/// `output_padding`, `dilation`, `groups`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let options = ConvTranspose2dOptions {
        stride: args.pair("stride")?.unwrap_or((1, 1)),
        padding: Padding::from_args(args)?,
        output_padding: args.pair("output_padding")?.unwrap_or((0, 0)),
        dilation: args.pair("dilation")?.unwrap_or((1, 1)),
        groups: args.size("groups")?.unwrap_or(1),
    };
    conv_transpose2d(
        args.tensor(0)?,
        args.tensor(1)?,
        args.optional_tensor(2),
        &options,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::super::{Conv2dOptions, conv2d};
    use super::*;

    const PLAIN: ConvTranspose2dOptions = ConvTranspose2dOptions {
        stride: (1, 1),
        padding: Padding::Valid,
        output_padding: (0, 0),
        dilation: (1, 1),
        groups: 1,
    };

    fn kinds() -> Vec<([usize; 4], [usize; 4], ConvTranspose2dOptions)> {
        let strided = ConvTranspose2dOptions {
            stride: (2, 3),
            ..PLAIN
        };
        vec![
            ([2, 3, 4, 3], [3, 2, 2, 3], PLAIN),
            ([1, 1, 1, 1], [1, 1, 1, 1], PLAIN),
            ([1, 3, 4, 2], [3, 2, 3, 2], strided),
            (
                [1, 3, 2, 2],
                [3, 3, 2, 2],
                ConvTranspose2dOptions {
                    padding: Padding::Explicit([0, 1, 2, 0]),
                    output_padding: (1, 2),
                    ..strided
                },
            ),
            (
                [1, 3, 2, 2],
                [3, 2, 2, 2],
                ConvTranspose2dOptions {
                    padding: Padding::Same,
                    ..strided
                },
            ),
            (
                [1, 3, 2, 4],
                [2, 3, 3, 4],
                ConvTranspose2dOptions {
                    dilation: (3, 2),
                    groups: 2,
                    ..PLAIN
                },
            ),
        ]
    }

    #[test]
    fn gradients_are_the_slopes_for_every_kind_of_window() {
        for (x, w, options) in kinds() {
            let o = w[2] * options.groups;
            check(&[&x, &w, &[o]], |inputs| {
                conv_transpose2d(&inputs[0], &inputs[1], Some(&inputs[2]), &options)
            });
            check(&[&x, &w], |inputs| {
                conv_transpose2d(&inputs[0], &inputs[1], None, &options)
            });
        }
    }

    #[test]
    fn it_is_the_gradient_of_a_convolution() {
        for (x, w, options) in kinds() {
            let (x, w) = (input(1, &x), input(2, &w));
            let y = conv_transpose2d(&x, &w, None, &options).unwrap();
            let image = Tensor::parameter(input(3, &y.shape()).value());
            let back = conv2d(
                &image,
                &w,
                None,
                &Conv2dOptions {
                    stride: options.stride,
                    padding: options.padding,
                    dilation: options.dilation,
                    groups: options.groups,
                },
            );
            let back = back.unwrap();
            assert_eq!(back.shape(), x.shape(), "{options:?}");
            back.backward(&x.value());
            assert_eq!(image.grad().unwrap().to_vec(), y.value().to_vec());
        }
    }

    #[test]
    fn same_multiplies_the_size_by_the_stride() {
        let same = ConvTranspose2dOptions {
            padding: Padding::Same,
            stride: (2, 4),
            ..PLAIN
        };
        let y = conv_transpose2d(
            &input(1, &[1, 3, 5, 2]),
            &input(2, &[3, 3, 1, 2]),
            None,
            &same,
        );
        assert_eq!(y.unwrap().shape(), [1, 6, 20, 1]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let error = |w: &[usize], options| {
            conv_transpose2d(&input(1, &[1, 3, 3, 2]), &input(2, w), None, &options).unwrap_err()
        };
        assert_eq!(error(&[3, 3, 2, 3], PLAIN).code(), "shape_mismatch");
        assert_eq!(error(&[3, 2], PLAIN).code(), "dimension_count");
        let field = |options| error(&[3, 3, 1, 2], options).fields()["argument"].clone();
        assert_eq!(
            field(ConvTranspose2dOptions { groups: 3, ..PLAIN }),
            "groups"
        );
        let stride = (0, 1);
        assert_eq!(field(ConvTranspose2dOptions { stride, ..PLAIN }), "stride");
        let output_padding = (1, 0);
        assert_eq!(
            field(ConvTranspose2dOptions {
                output_padding,
                ..PLAIN
            }),
            "output_padding"
        );
        let padding = Padding::Explicit([3, 2, 0, 0]);
        assert_eq!(
            field(ConvTranspose2dOptions { padding, ..PLAIN }),
            "padding"
        );
        let stride = (16_000, 16_000);
        let y = conv_transpose2d(
            &input(1, &[1, 30, 30, 1]),
            &input(2, &[1, 1, 1, 1]),
            None,
            &ConvTranspose2dOptions { stride, ..PLAIN },
        );
        assert_eq!(y.unwrap_err().code(), "model_too_large");
        let huge = ConvTranspose2dOptions {
            padding: Padding::Explicit([usize::MAX; 4]),
            ..PLAIN
        };
        assert_eq!(field(huge), "padding");
    }
}
