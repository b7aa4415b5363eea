//! Two-dimensional convolution over NHWC images.

use super::padding::check_window;
use super::{Args, Padding};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::{Conv2dShape, conv2d as kernel};

/// How the window of a convolution moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2dOptions {
    /// Down, across; at least 1.
    pub stride: (usize, usize),
    /// Zeros around the input.
    pub padding: Padding,
    /// Distance between the kernel's taps, down and across; 1 is a dense kernel.
    pub dilation: (usize, usize),
    /// Divides the channels in and out; as many as channels in is a depthwise convolution.
    pub groups: usize,
}

impl Default for Conv2dOptions {
    fn default() -> Self {
        Self {
            stride: (1, 1),
            padding: Padding::Valid,
            dilation: (1, 1),
            groups: 1,
        }
    }
}

/// y[p][o] = b[o] + Σ x[p + tap][c] · w[tap][c][o], the kernel not flipped;
/// dx[p + tap][c] = Σ dy[p][o] · w[tap][c][o], dw[tap][c][o] = Σ x[p + tap][c] · dy[p][o],
/// db[o] = Σ dy[p][o].
///
/// Shape: x [N, H, W, C], w [K, K, C / groups, O], b [O] → [N, OH, OW, O]: Keras's layout; the
/// output sizes are ⌊(H + padding − reach) / stride⌋ + 1 with reach = (K − 1) · dilation + 1.
/// Errs where shapes or options don't fit.
pub fn conv2d<T: Scalar>(
    x: &Tensor<T>,
    w: &Tensor<T>,
    b: Option<&Tensor<T>>,
    options: &Conv2dOptions,
) -> Result<Tensor<T>> {
    let shape = shape_of(&x.shape(), &w.shape(), b.map(Tensor::shape), options)?;
    let (x_value, w_value) = (x.value().contiguous(), w.value().contiguous());
    let b_value = b.map(|b| b.value().contiguous());
    let mut y = vec![T::ZERO; shape.y_len()];
    kernel::forward(
        &shape,
        x_value.as_slice().expect("contiguous"),
        w_value.as_slice().expect("contiguous"),
        b_value.as_ref().map(|b| b.as_slice().expect("contiguous")),
        &mut y,
    );
    let y = NdArray::from_vec(y, &[shape.n, shape.oh(), shape.ow(), shape.o]);
    let (x_shape, w_shape) = (x.shape(), w.shape());
    let mut recorder = Tensor::record("conv2d", y)
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; shape.x_len()];
            let w = w_value.as_slice().expect("contiguous");
            kernel::backward_input(&shape, dy.as_slice().expect("contiguous"), w, &mut dx);
            NdArray::from_vec(dx, &x_shape)
        })
        .input(w, move |dy| {
            let dy = dy.contiguous();
            let mut dw = vec![T::ZERO; shape.w_len()];
            let x = x_value.as_slice().expect("contiguous");
            kernel::backward_weight(&shape, x, dy.as_slice().expect("contiguous"), &mut dw);
            NdArray::from_vec(dw, &w_shape)
        });
    if let Some(b) = b {
        recorder = recorder.input(b, move |dy| {
            let dy = dy.contiguous();
            let mut db = vec![T::ZERO; shape.o];
            kernel::backward_bias(&shape, dy.as_slice().expect("contiguous"), &mut db);
            NdArray::from_vec(db, &[shape.o])
        });
    }
    Ok(recorder.done())
}

/// The sizes of a convolution; errs where they don't fit.
pub(super) fn shape_of(
    x: &[usize],
    w: &[usize],
    b: Option<Vec<usize>>,
    options: &Conv2dOptions,
) -> Result<Conv2dShape> {
    let four = |what: &str, shape: &[usize]| match shape {
        &[a, b, c, d] => Ok((a, b, c, d)),
        _ => Err(Error::DimensionCount {
            place: format!("conv2d {what}"),
            expected: "4".into(),
            got: shape.to_vec(),
        }),
    };
    let (n, h, width, c) = four("x", x)?;
    let (kh, kw, c_group, o) = four("w", w)?;
    let Conv2dOptions {
        stride,
        padding,
        dilation,
        groups,
    } = *options;
    if groups == 0 || !c.is_multiple_of(groups) || !o.is_multiple_of(groups) {
        return Err(Error::InvalidArgument {
            place: "conv2d".into(),
            argument: "groups".into(),
            expected: format!("a divisor of {c} and {o}"),
            got: groups.to_string(),
        });
    }
    if c_group != c / groups {
        return Err(Error::ShapeMismatch {
            place: "conv2d w".into(),
            expected: vec![kh, kw, c / groups, o],
            got: w.to_vec(),
        });
    }
    if let Some(got) = b.filter(|b| b[..] != [o]) {
        return Err(Error::ShapeMismatch {
            place: "conv2d b".into(),
            expected: vec![o],
            got,
        });
    }
    let pad = check_window("conv2d", (h, width), (kh, kw), stride, dilation, padding)?;
    Ok(Conv2dShape {
        n,
        h,
        w: width,
        c,
        kh,
        kw,
        o,
        stride,
        pad,
        dilation,
        groups,
    })
}

/// By name: x, w and, if there is one, b; `stride`, `padding` ("valid", "same", sizes),
/// `dilation`, `groups`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let groups = match args.sizes("groups")?.as_deref() {
        None => 1,
        Some(&[groups]) => groups,
        Some(_) => return Err(args.refused("groups", "an integer")),
    };
    let options = Conv2dOptions {
        stride: args.pair("stride")?.unwrap_or((1, 1)),
        padding: Padding::from_args(args)?,
        dilation: args.pair("dilation")?.unwrap_or((1, 1)),
        groups,
    };
    conv2d(
        args.tensor(0)?,
        args.tensor(1)?,
        args.optional_tensor(2),
        &options,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    fn check_conv2d(x: [usize; 4], w: [usize; 4], options: Conv2dOptions) {
        check(&[&x, &w, &[w[3]]], |inputs| {
            conv2d(&inputs[0], &inputs[1], Some(&inputs[2]), &options)
        });
    }

    #[test]
    fn gradients_are_the_slopes_for_every_kind_of_window() {
        let plain = Conv2dOptions::default();
        check_conv2d([2, 5, 6, 3], [3, 2, 3, 4], plain);
        check_conv2d([1, 1, 1, 1], [1, 1, 1, 1], plain);
        check_conv2d(
            [2, 7, 6, 2],
            [3, 3, 2, 3],
            Conv2dOptions {
                stride: (2, 3),
                ..plain
            },
        );
        check_conv2d(
            [1, 5, 4, 2],
            [3, 3, 2, 3],
            Conv2dOptions {
                padding: Padding::Same,
                ..plain
            },
        );
        let uneven = Padding::Explicit([0, 2, 1, 3]);
        check_conv2d(
            [1, 4, 3, 2],
            [3, 2, 2, 3],
            Conv2dOptions {
                padding: uneven,
                ..plain
            },
        );
        check_conv2d(
            [1, 6, 7, 2],
            [2, 3, 2, 3],
            Conv2dOptions {
                dilation: (3, 2),
                ..plain
            },
        );
        check_conv2d(
            [1, 5, 5, 4],
            [3, 3, 2, 6],
            Conv2dOptions { groups: 2, ..plain },
        );
        check_conv2d(
            [1, 5, 5, 3],
            [3, 3, 1, 3],
            Conv2dOptions { groups: 3, ..plain },
        );
    }

    #[test]
    fn gradients_are_the_slopes_without_bias() {
        check(&[&[1, 4, 4, 2], &[3, 3, 2, 2]], |x| {
            conv2d(&x[0], &x[1], None, &Conv2dOptions::default())
        });
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |x: &[usize], w: &[usize], options: Conv2dOptions| {
            conv2d(&input(1, x), &input(2, w), None, &options)
                .unwrap_err()
                .code()
        };
        let plain = Conv2dOptions::default();
        assert_eq!(code(&[4, 4, 2], &[3, 3, 2, 2], plain), "dimension_count");
        assert_eq!(code(&[1, 4, 4, 3], &[3, 3, 2, 2], plain), "shape_mismatch");
        assert_eq!(
            code(&[1, 2, 4, 2], &[3, 3, 2, 2], plain),
            "invalid_argument"
        );
        for groups in [0, 3] {
            let options = Conv2dOptions { groups, ..plain };
            assert_eq!(
                code(&[1, 4, 4, 2], &[3, 3, 2, 2], options),
                "invalid_argument"
            );
        }
        let bias = Some(input(3, &[5]));
        let error = conv2d(
            &input(1, &[1, 4, 4, 2]),
            &input(2, &[3, 3, 2, 2]),
            bias.as_ref(),
            &plain,
        );
        assert_eq!(error.unwrap_err().code(), "shape_mismatch");
    }
}
