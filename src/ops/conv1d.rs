//! One-dimensional convolution over sequences.

use super::{Args, Conv2dOptions, Padding, conv2d, reshape, shapes};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// Zeros around a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding1d {
    /// None.
    #[default]
    Valid,
    /// As many as make the output ⌈L / stride⌉; the odd one goes behind.
    Same,
    /// All in front, so that no output sees what comes after it (Keras's `causal`).
    Causal,
    /// In front, behind.
    Explicit(usize, usize),
}

/// How the window of a convolution moves along a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv1dOptions {
    /// At least 1.
    pub stride: usize,
    /// Zeros around the sequence.
    pub padding: Padding1d,
    /// Distance between the kernel's taps; 1 is a dense kernel.
    pub dilation: usize,
    /// Divides the channels in and out.
    pub groups: usize,
}

impl Default for Conv1dOptions {
    fn default() -> Self {
        Self {
            stride: 1,
            padding: Padding1d::Valid,
            dilation: 1,
            groups: 1,
        }
    }
}

/// y[p][o] = b[o] + Σ x[p + tap][c] · w[tap][c][o]: [`conv2d`] of an image one row high, which costs
/// as much.
///
/// Shape: x [N, L, C], w [K, C / groups, O], b [O] → [N, OL, O], Keras's layout. Errs as `conv2d` does.
pub fn conv1d<T: Scalar>(
    x: &Tensor<T>,
    w: &Tensor<T>,
    b: Option<&Tensor<T>>,
    options: &Conv1dOptions,
) -> Result<Tensor<T>> {
    let [n, length, c] = shapes::sizes("conv1d x", x)?;
    let [k, c_group, o] = shapes::sizes("conv1d w", w)?;
    let padding = match options.padding {
        Padding1d::Valid => Padding::Valid,
        Padding1d::Same => Padding::Same,
        Padding1d::Causal => {
            let before = k.saturating_sub(1).saturating_mul(options.dilation);
            Padding::Explicit([0, 0, before, 0])
        }
        Padding1d::Explicit(before, behind) => Padding::Explicit([0, 0, before, behind]),
    };
    let options = Conv2dOptions {
        stride: (1, options.stride),
        padding,
        dilation: (1, options.dilation),
        groups: options.groups,
    };
    let x = reshape(x, &[n, 1, length, c])?;
    let w = reshape(w, &[1, k, c_group, o])?;
    let y = conv2d(&x, &w, b, &options)?;
    let shape = y.shape();
    reshape(&y, &[n, shape[2], o])
}

/// By name: x, w and, if there is one, b; `stride`, `padding` ("valid", "same", "causal", sizes),
/// `dilation`, `groups`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let padding = match args.json("padding") {
        None => Padding1d::Valid,
        Some(serde_json::Value::String(name)) => match name.as_str() {
            "valid" => Padding1d::Valid,
            "same" => Padding1d::Same,
            "causal" => Padding1d::Causal,
            _ => return Err(args.refused("padding", "valid, same, causal, sizes")),
        },
        Some(_) => {
            let (before, behind) = args.pair("padding")?.unwrap_or((0, 0));
            Padding1d::Explicit(before, behind)
        }
    };
    let options = Conv1dOptions {
        stride: args.size("stride")?.unwrap_or(1),
        padding,
        dilation: args.size("dilation")?.unwrap_or(1),
        groups: args.size("groups")?.unwrap_or(1),
    };
    conv1d(
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

    fn check_conv1d(x: [usize; 3], w: [usize; 3], options: Conv1dOptions) {
        check(&[&x, &w, &[w[2]]], |inputs| {
            conv1d(&inputs[0], &inputs[1], Some(&inputs[2]), &options)
        });
    }

    const PLAIN: Conv1dOptions = Conv1dOptions {
        stride: 1,
        padding: Padding1d::Valid,
        dilation: 1,
        groups: 1,
    };

    #[test]
    fn gradients_are_the_slopes_for_every_kind_of_window() {
        check_conv1d([2, 7, 3], [3, 3, 4], PLAIN);
        check_conv1d([1, 1, 1], [1, 1, 1], PLAIN);
        for padding in [
            Padding1d::Same,
            Padding1d::Causal,
            Padding1d::Explicit(0, 2),
        ] {
            let options = Conv1dOptions {
                stride: 2,
                padding,
                ..PLAIN
            };
            check_conv1d([2, 8, 2], [3, 2, 3], options);
        }
        let wide = Conv1dOptions {
            dilation: 3,
            groups: 2,
            ..PLAIN
        };
        check_conv1d([1, 11, 4], [3, 2, 6], wide);
    }

    #[test]
    fn a_causal_output_sees_nothing_that_comes_after_it() {
        let options = Conv1dOptions {
            padding: Padding1d::Causal,
            dilation: 2,
            ..PLAIN
        };
        let x = Tensor::parameter(input(1, &[1, 9, 1]).value());
        let y = conv1d(&x, &input(2, &[3, 1, 1]), None, &options).unwrap();
        assert_eq!(y.shape(), [1, 9, 1]);
        let mut dy = vec![0.0; 9];
        dy[5] = 1.0;
        y.backward(&crate::array::NdArray::from_vec(dy, &[1, 9, 1]));
        let seen: Vec<bool> = x
            .grad()
            .unwrap()
            .to_vec()
            .iter()
            .map(|&d| d != 0.0)
            .collect();
        assert_eq!(
            seen,
            [false, true, false, true, false, true, false, false, false]
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |x: &[usize], w: &[usize], options| {
            conv1d(&input(1, x), &input(2, w), None, &options)
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[4, 2], &[3, 2, 2], PLAIN), "dimension_count");
        assert_eq!(code(&[1, 4, 3], &[3, 2, 2], PLAIN), "shape_mismatch");
        assert_eq!(code(&[1, 2, 2], &[3, 2, 2], PLAIN), "invalid_argument");
        let endless = Conv1dOptions {
            padding: Padding1d::Causal,
            dilation: usize::MAX,
            ..PLAIN
        };
        assert_eq!(code(&[1, 4, 2], &[3, 2, 2], endless), "invalid_argument");
    }
}
