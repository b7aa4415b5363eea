//! Padding of a window that slides over an image.

use super::Args;
use crate::autograd::Scalar;
use crate::error::{Error, Result};

/// How many zeros surround the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// None: windows lie inside the input.
    #[default]
    Valid,
    /// As many as make the output ⌈input / stride⌉; the odd one goes below and to the right, as
    /// Keras and TensorFlow do.
    Same,
    /// Top, bottom, left, right.
    Explicit([usize; 4]),
}

impl Padding {
    /// Top, bottom, left, right for an input of (H, W). `kernel` counts without dilation.
    pub fn resolve(
        self,
        (h, w): (usize, usize),
        kernel: (usize, usize),
        stride: (usize, usize),
        dilation: (usize, usize),
    ) -> [usize; 4] {
        let same = |size: usize, kernel: usize, stride: usize, dilation: usize| {
            let reach = (kernel - 1) * dilation + 1;
            let total = ((size.div_ceil(stride).max(1) - 1) * stride + reach).saturating_sub(size);
            (total / 2, total - total / 2)
        };
        match self {
            Self::Valid => [0; 4],
            Self::Explicit(sizes) => sizes,
            Self::Same => {
                let (top, bottom) = same(h, kernel.0, stride.0, dilation.0);
                let (left, right) = same(w, kernel.1, stride.1, dilation.1);
                [top, bottom, left, right]
            }
        }
    }

    /// The setting `padding`: "valid", "same", one size, (down, across) or four.
    pub(super) fn from_args<T: Scalar>(args: &Args<T>) -> Result<Self> {
        match args.json("padding") {
            None => Ok(Self::Valid),
            Some(serde_json::Value::String(name)) => match name.as_str() {
                "valid" => Ok(Self::Valid),
                "same" => Ok(Self::Same),
                _ => Err(args.refused("padding", "valid, same, sizes")),
            },
            Some(_) => match args.sizes("padding")?.as_deref() {
                Some(&[all]) => Ok(Self::Explicit([all; 4])),
                Some(&[down, across]) => Ok(Self::Explicit([down, down, across, across])),
                Some(&[top, bottom, left, right]) => Ok(Self::Explicit([top, bottom, left, right])),
                _ => Err(args.refused("padding", "1, 2 or 4 sizes")),
            },
        }
    }
}

/// No number of a window may be greater: sums and products of them stay far from overflow.
const LIMIT: usize = 1 << 14;

/// Errs where a number of a window is 0, or the window fits nowhere.
pub fn check_window(
    op: &str,
    (h, w): (usize, usize),
    kernel: (usize, usize),
    stride: (usize, usize),
    dilation: (usize, usize),
    padding: Padding,
) -> Result<[usize; 4]> {
    let refuse = |argument: &str, expected: String, got: String| {
        Err(Error::InvalidArgument {
            place: op.into(),
            argument: argument.into(),
            expected,
            got,
        })
    };
    for (name, pair) in [
        ("kernel", kernel),
        ("stride", stride),
        ("dilation", dilation),
    ] {
        if pair.0 == 0 || pair.1 == 0 {
            return refuse(name, ">= 1".into(), format!("{pair:?}"));
        }
        if pair.0.max(pair.1) > LIMIT {
            return refuse(name, format!("<= {LIMIT}"), format!("{pair:?}"));
        }
    }
    if let Padding::Explicit(sizes) = padding
        && sizes.iter().any(|&size| size > LIMIT)
    {
        return refuse("padding", format!("<= {LIMIT}"), format!("{sizes:?}"));
    }
    let pad = padding.resolve((h, w), kernel, stride, dilation);
    for (size, around, kernel, dilation) in [
        (h, pad[0] + pad[1], kernel.0, dilation.0),
        (w, pad[2] + pad[3], kernel.1, dilation.1),
    ] {
        let reach = (kernel - 1) * dilation + 1;
        if reach > size + around {
            return refuse("kernel", format!("<= {}", size + around), reach.to_string());
        }
    }
    Ok(pad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_gives_the_sizes_that_keras_gives() {
        let same = |h, k, s, d| {
            let pad = Padding::Same.resolve((h, h), (k, k), (s, s), (d, d));
            (pad[0], pad[1])
        };
        assert_eq!(same(28, 3, 1, 1), (1, 1));
        assert_eq!(same(28, 2, 1, 1), (0, 1));
        assert_eq!(same(28, 3, 2, 1), (0, 1));
        assert_eq!(same(7, 3, 2, 1), (1, 1));
        assert_eq!(same(7, 3, 1, 2), (2, 2));
        assert_eq!(same(8, 1, 4, 1), (0, 0));
    }

    #[test]
    fn windows_that_fit_nowhere_are_refused() {
        let check = |k, s, pad| check_window("conv2d", (4, 4), (k, k), (s, s), (1, 1), pad);
        assert!(check(4, 1, Padding::Valid).is_ok());
        assert_eq!(
            check(5, 1, Padding::Valid).unwrap_err().fields()["expected"],
            "<= 4"
        );
        assert!(check(5, 1, Padding::Explicit([1, 0, 0, 1])).is_ok());
        assert_eq!(
            check(0, 1, Padding::Same).unwrap_err().fields()["argument"],
            "kernel"
        );
        assert_eq!(
            check(1, 0, Padding::Same).unwrap_err().fields()["argument"],
            "stride"
        );
    }
}
