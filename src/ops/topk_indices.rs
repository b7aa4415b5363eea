//! The places of the largest values.

use super::args::{Args, answer};
use super::argsort;
use super::axes::normal_axis;
use super::shapes::require;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// The indices along `axis` of the k largest values, the largest first, or of the k smallest, the
/// smallest first. There is no gradient.
///
/// Of equals the first comes first (PyTorch leaves that open), and NaN counts as larger than every
/// number. Shape: that of x, `axis` of size k. Errs where k is larger than the axis.
pub fn topk_indices<T: Scalar>(
    x: &Tensor<T>,
    k: usize,
    axis: i64,
    largest: bool,
) -> Result<NdArray<i64>> {
    let shape = x.shape();
    let along = normal_axis("topk", axis, shape.len())?;
    let most = shape[along];
    require(k <= most, "topk", "k", format!("<= {most}"), k)?;
    Ok(argsort(x, axis, largest)?.slice_axis(along, 0, k))
}

/// By name: one tensor; `k`, `axis` (the last where it is left out), `largest` (true where it is
/// left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let (k, axis, largest) = settings(args)?;
    Ok(answer(&topk_indices(args.tensor(0)?, k, axis, largest)?))
}

/// What `topk` and `topk_indices` are called with by name.
pub fn settings<T: Scalar>(args: &Args<T>) -> Result<(usize, i64, bool)> {
    let k = args.size("k")?;
    let k = k.ok_or_else(|| args.refused("k", "an integer >= 0"))?;
    let axis = args.integer("axis")?.unwrap_or(-1);
    let largest = args.json("largest").is_none() || args.flag("largest")?;
    Ok((k, axis, largest))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{input, tensor};
    use super::*;

    #[test]
    fn the_best_come_first() {
        let x = tensor(&[2., 5., 2., f64::NAN, -1.], &[5]);
        let of = |k, largest| topk_indices(&x, k, 0, largest).unwrap().to_vec();
        assert_eq!(of(3, true), [3, 1, 0]);
        assert_eq!(of(3, false), [4, 0, 2]);
        assert!(of(0, true).is_empty());
        assert_eq!(
            topk_indices(&input(1, &[3, 4]), 2, 0, true)
                .unwrap()
                .shape(),
            [2, 4]
        );
    }

    #[test]
    fn more_than_there_are_is_refused() {
        let error = topk_indices(&input(1, &[3, 2]), 3, 1, true).unwrap_err();
        assert_eq!(error.fields()["argument"], "k");
    }
}
