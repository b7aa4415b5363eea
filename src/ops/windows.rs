//! Pooling over any windows: what average and adaptive pooling share.

use std::ops::Range;

use super::Args;
use super::shapes::{require, sizes};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::{Windows, max_pool2d, window_mean};

/// The windows of an adaptive pooling to `size` rows and columns: output i covers
/// ⌊i · H / OH⌋ .. ⌈(i + 1) · H / OH⌉.
pub fn adaptive<T: Scalar>(op: &str, x: &Tensor<T>, size: (usize, usize)) -> Result<Windows> {
    let [n, h, w, c] = sizes(op, x)?;
    let fits = |out: usize, size: usize| out >= 1 && size >= 1 && out <= 1 << 14;
    let expected = format!(">= 1, <= {}", 1 << 14);
    let got = format!("{size:?} of ({h}, {w})");
    require(
        fits(size.0, h) && fits(size.1, w),
        op,
        "size",
        expected,
        got,
    )?;
    let share = |out: usize, size: usize| -> Vec<Range<usize>> {
        let end = |i: usize| ((i as u64 + 1) * size as u64).div_ceil(out as u64) as usize;
        let start = |i: usize| (i as u64 * size as u64 / out as u64) as usize;
        (0..out).map(|i| start(i)..end(i)).collect()
    };
    Ok(Windows {
        n,
        h,
        w,
        c,
        rows: share(size.0, h),
        cols: share(size.1, w),
    })
}

/// The setting `size` of an adaptive pooling.
pub fn required_size<T: Scalar>(args: &Args<T>) -> Result<(usize, usize)> {
    args.pair("size")?
        .ok_or_else(|| args.refused("size", "1 or 2 integers"))
}

/// y[p][c] = Σ x[..][c] / count over the window; dx = Σ dy / count of the windows over it.
///
/// `divisor` is the count, or else each window has its own.
pub fn mean<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    windows: Windows,
    divisor: Option<usize>,
) -> Tensor<T> {
    let x_shape = x.shape();
    let x_value = x.value().contiguous();
    let mut y = vec![T::ZERO; windows.y_len()];
    let values = x_value.as_slice().expect("contiguous");
    window_mean::forward(&windows, divisor, values, &mut y);
    Tensor::record(op, NdArray::from_vec(y, &y_shape(&windows)))
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; windows.x_len()];
            let dy = dy.as_slice().expect("contiguous");
            window_mean::backward(&windows, divisor, dy, &mut dx);
            NdArray::from_vec(dx, &x_shape)
        })
        .done()
}

/// y[p][c] = max x[..][c] over the window; dx = Σ dy of the windows that x won.
pub fn max<T: Scalar>(op: &'static str, x: &Tensor<T>, windows: Windows) -> Tensor<T> {
    let x_shape = x.shape();
    let x_value = x.value().contiguous();
    let mut y = vec![T::ZERO; windows.y_len()];
    let mut winner = vec![0; windows.y_len()];
    let values = x_value.as_slice().expect("contiguous");
    max_pool2d::forward_windows(&windows, values, &mut y, &mut winner);
    Tensor::record(op, NdArray::from_vec(y, &y_shape(&windows)))
        .input(x, move |dy| {
            let dy = dy.contiguous();
            let mut dx = vec![T::ZERO; windows.x_len()];
            let dy = dy.as_slice().expect("contiguous");
            max_pool2d::backward_windows(&windows, dy, &winner, &mut dx);
            NdArray::from_vec(dx, &x_shape)
        })
        .done()
}

fn y_shape(windows: &Windows) -> [usize; 4] {
    [windows.n, windows.rows.len(), windows.cols.len(), windows.c]
}
