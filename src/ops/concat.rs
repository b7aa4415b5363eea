//! Tensors joined along an axis.

use super::Args;
use super::axes::normal_axis;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// y = the tensors one after another along `axis`; each dx is its part of dy.
///
/// All sizes but that of `axis` must agree.
pub fn concat<T: Scalar>(tensors: &[Tensor<T>], axis: i64) -> Result<Tensor<T>> {
    let Some(first) = tensors.first() else {
        return Err(Error::InvalidArgument {
            place: "concat".into(),
            argument: "tensors".into(),
            expected: ">= 1".into(),
            got: "0".into(),
        });
    };
    let mut shape = first.shape();
    let axis = normal_axis("concat", axis, shape.len())?;
    let mut sizes = Vec::with_capacity(tensors.len());
    for tensor in tensors {
        let got = tensor.shape();
        let size = got.get(axis).copied().unwrap_or(0);
        let mut expected = shape.clone();
        expected[axis] = size;
        if got != expected {
            return Err(Error::ShapeMismatch {
                place: "concat".into(),
                expected,
                got,
            });
        }
        sizes.push(size);
    }
    shape[axis] = sizes.iter().sum();
    let y = NdArray::zeros(&shape);
    let mut start = 0;
    let mut starts = Vec::with_capacity(tensors.len());
    for (tensor, &size) in tensors.iter().zip(&sizes) {
        y.slice_axis(axis, start, start + size)
            .assign(&tensor.value())?;
        starts.push(start);
        start += size;
    }
    let mut recorder = Tensor::record("concat", y);
    for ((tensor, start), size) in tensors.iter().zip(starts).zip(sizes) {
        recorder = recorder.input(tensor, move |dy| dy.slice_axis(axis, start, start + size));
    }
    Ok(recorder.done())
}

/// By name: any number of tensors; `axis` (0 where it is left out).
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    concat(args.tensors(), args.integer("axis")?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_also_of_a_tensor_joined_to_itself() {
        check(&[&[2, 3], &[2, 1], &[2, 0]], |x| concat(x, -1));
        check(&[&[2, 3], &[1, 3]], |x| {
            concat(&[x[0].clone(), x[1].clone(), x[0].clone()], 0)
        });
    }

    #[test]
    fn sizes_that_differ_elsewhere_are_refused() {
        let error = concat(&[input(1, &[2, 3]), input(2, &[3, 3])], 1).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
        assert_eq!(
            concat::<f64>(&[], 0).unwrap_err().code(),
            "invalid_argument"
        );
    }
}
