//! Maxima over windows of NHWC images.

use super::padding::check_window;
use super::{Args, Padding};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::{Pool2dShape, max_pool2d as kernel};

/// How the window of a pooling moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxPool2dOptions {
    /// Height and width of the window.
    pub size: (usize, usize),
    /// Down, across; `None` is the size of the window, so that windows don't overlap.
    pub stride: Option<(usize, usize)>,
    /// Around the input, of −∞: padding never wins. Less than the window on each side.
    pub padding: Padding,
}

/// y[p][c] = max of x[..][c] under the window; dx = Σ dy of the windows that x won.
///
/// Shape: [N, H, W, C] → [N, OH, OW, C]; rows and columns that fill no window are left out. The
/// first of equal maxima wins, as in PyTorch and TensorFlow; NaN wins over every number.
pub fn max_pool2d<T: Scalar>(x: &Tensor<T>, options: &MaxPool2dOptions) -> Result<Tensor<T>> {
    let x_shape = x.shape();
    let shape = shape_of(&x_shape, options)?;
    let mut y = vec![T::ZERO; shape.y_len()];
    let mut winner = vec![0; shape.y_len()];
    let x_value = x.value().contiguous();
    kernel::forward(
        &shape,
        x_value.as_slice().expect("contiguous"),
        &mut y,
        &mut winner,
    );
    let y = NdArray::from_vec(y, &[shape.n, shape.oh(), shape.ow(), shape.c]);
    Ok(Tensor::record("max_pool2d", y)
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; shape.x_len()];
            kernel::backward(&shape, dy.as_slice().expect("contiguous"), &winner, &mut dx);
            NdArray::from_vec(dx, &x_shape)
        })
        .done())
}

/// The sizes of a pooling; errs where they don't fit.
pub(super) fn shape_of(x: &[usize], options: &MaxPool2dOptions) -> Result<Pool2dShape> {
    let [n, h, w, c] = x[..] else {
        return Err(Error::DimensionCount {
            place: "max_pool2d".into(),
            expected: "4".into(),
            got: x.to_vec(),
        });
    };
    let size = options.size;
    let stride = options.stride.unwrap_or(size);
    let pad = check_window("max_pool2d", (h, w), size, stride, (1, 1), options.padding)?;
    if pad[0].max(pad[1]) >= size.0 || pad[2].max(pad[3]) >= size.1 {
        return Err(Error::InvalidArgument {
            place: "max_pool2d".into(),
            argument: "padding".into(),
            expected: format!("< {size:?}"),
            got: format!("{pad:?}"),
        });
    }
    Ok(Pool2dShape {
        n,
        h,
        w,
        c,
        size,
        stride,
        pad,
    })
}

/// By name: one tensor; `size`, `stride`, `padding` ("valid", "same", sizes).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let Some(size) = args.pair("size")? else {
        return Err(args.refused("size", "1 or 2 integers"));
    };
    let options = MaxPool2dOptions {
        size,
        stride: args.pair("stride")?,
        padding: Padding::from_args(args)?,
    };
    max_pool2d(args.tensor(0)?, &options)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    const TWO: MaxPool2dOptions = MaxPool2dOptions {
        size: (2, 2),
        stride: None,
        padding: Padding::Valid,
    };

    #[test]
    fn gradient_is_the_slope_for_every_kind_of_window() {
        for options in [
            TWO,
            MaxPool2dOptions {
                size: (3, 2),
                stride: Some((1, 2)),
                ..TWO
            },
            MaxPool2dOptions {
                size: (3, 3),
                stride: Some((2, 2)),
                padding: Padding::Same,
            },
            MaxPool2dOptions {
                padding: Padding::Explicit([1, 0, 0, 1]),
                ..TWO
            },
        ] {
            check(&[&[2, 5, 7, 3]], |x| max_pool2d(&x[0], &options));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |shape: &[usize], options: MaxPool2dOptions| {
            max_pool2d(&input(1, shape), &options).unwrap_err().code()
        };
        assert_eq!(code(&[2, 4, 4], TWO), "dimension_count");
        assert_eq!(code(&[1, 1, 4, 1], TWO), "invalid_argument");
        assert_eq!(
            code(
                &[1, 4, 4, 1],
                MaxPool2dOptions {
                    size: (0, 2),
                    ..TWO
                }
            ),
            "invalid_argument"
        );
        let wide = MaxPool2dOptions {
            padding: Padding::Explicit([2, 0, 0, 0]),
            ..TWO
        };
        assert_eq!(code(&[1, 4, 4, 1], wide), "invalid_argument");
    }
}
