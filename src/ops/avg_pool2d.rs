//! Means over windows of NHWC images.

use super::padding::check_window;
use super::shapes::{require, sizes};
use super::{Args, Padding, windows};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::{Windows, max_pool2d::window};

/// How the window of a pooling moves, and what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvgPool2dOptions {
    /// Height and width of the window.
    pub size: (usize, usize),
    /// Down, across; `None` is the size of the window, so that windows don't overlap.
    pub stride: Option<(usize, usize)>,
    /// Around the input; less than the window on each side.
    pub padding: Padding,
    /// Whether padding counts, as zeros. `None` is each framework's own way: PyTorch counts the sizes
    /// it was given, Keras doesn't count what "same" adds.
    pub count_include_pad: Option<bool>,
}

/// y[p][c] = Σ x[..][c] / count over the window; dx = Σ dy / count of the windows over it.
///
/// Shape: [N, H, W, C] → [N, OH, OW, C]; rows and columns that fill no window are left out.
pub fn avg_pool2d<T: Scalar>(x: &Tensor<T>, options: &AvgPool2dOptions) -> Result<Tensor<T>> {
    const OP: &str = "avg_pool2d";
    let [n, h, w, c] = sizes(OP, x)?;
    let size = options.size;
    let stride = options.stride.unwrap_or(size);
    let pad = check_window(OP, (h, w), size, stride, (1, 1), options.padding)?;
    require(
        pad[0].max(pad[1]) < size.0 && pad[2].max(pad[3]) < size.1,
        OP,
        "padding",
        format!("< {size:?}"),
        format!("{pad:?}"),
    )?;
    let places = |len: usize, around: usize, size: usize, stride: usize| {
        0..(len + around - size) / stride + 1
    };
    let rows = places(h, pad[0] + pad[1], size.0, stride.0);
    let cols = places(w, pad[2] + pad[3], size.1, stride.1);
    let windows = Windows {
        n,
        h,
        w,
        c,
        rows: rows
            .map(|o| window(o, stride.0, size.0, pad[0], h))
            .collect(),
        cols: cols
            .map(|o| window(o, stride.1, size.1, pad[2], w))
            .collect(),
    };
    let include = options
        .count_include_pad
        .unwrap_or(options.padding != Padding::Same);
    let divisor = include.then_some(size.0 * size.1);
    Ok(windows::mean(OP, x, windows, divisor))
}

/// By name: one tensor; `size`, `stride`, `padding` ("valid", "same", sizes), `count_include_pad`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let count_include_pad = match args.json("count_include_pad") {
        None => None,
        Some(_) => Some(args.flag("count_include_pad")?),
    };
    let options = AvgPool2dOptions {
        size: windows::required_size(args)?,
        stride: args.pair("stride")?,
        padding: Padding::from_args(args)?,
        count_include_pad,
    };
    avg_pool2d(args.tensor(0)?, &options)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    const TWO: AvgPool2dOptions = AvgPool2dOptions {
        size: (2, 2),
        stride: None,
        padding: Padding::Valid,
        count_include_pad: None,
    };

    #[test]
    fn gradient_is_the_slope_for_every_kind_of_window() {
        for count_include_pad in [None, Some(false), Some(true)] {
            for options in [
                TWO,
                AvgPool2dOptions {
                    size: (3, 2),
                    stride: Some((1, 2)),
                    ..TWO
                },
                AvgPool2dOptions {
                    size: (3, 3),
                    stride: Some((2, 2)),
                    padding: Padding::Same,
                    ..TWO
                },
                AvgPool2dOptions {
                    padding: Padding::Explicit([1, 0, 0, 1]),
                    ..TWO
                },
            ] {
                let options = AvgPool2dOptions {
                    count_include_pad,
                    ..options
                };
                check(&[&[2, 5, 7, 3]], |x| avg_pool2d(&x[0], &options));
            }
        }
    }

    #[test]
    fn sizes_count_as_zeros_and_same_counts_what_is_there() {
        let x = tensor(&[1., 2., 3.], &[1, 1, 3, 1]);
        let pool = |padding, count_include_pad| {
            let options = AvgPool2dOptions {
                size: (1, 2),
                padding,
                count_include_pad,
                ..TWO
            };
            avg_pool2d(&x, &options).unwrap().value().to_vec()
        };
        let one = Padding::Explicit([0, 0, 1, 0]);
        assert_eq!(pool(one, None), [0.5, 2.5]);
        assert_eq!(pool(one, Some(false)), [1.0, 2.5]);
        assert_eq!(pool(Padding::Same, None), [1.5, 3.0]);
        assert_eq!(pool(Padding::Same, Some(true)), [1.5, 1.5]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code =
            |shape: &[usize], options| avg_pool2d(&input(1, shape), &options).unwrap_err().code();
        assert_eq!(code(&[2, 4, 4], TWO), "dimension_count");
        assert_eq!(code(&[1, 1, 4, 1], TWO), "invalid_argument");
        let wide = AvgPool2dOptions {
            padding: Padding::Explicit([2, 0, 0, 0]),
            ..TWO
        };
        assert_eq!(code(&[1, 4, 4, 1], wide), "invalid_argument");
    }
}
