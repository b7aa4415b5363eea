//! Values picked along an axis, each by an index of its own.

use super::Args;
use super::places::{along, take};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y[i, j, …] = x[indices[i, j, …], j, …] for axis 0, alike for others; dx is dy added up at the
/// places it came from.
///
/// Shape: that of `indices`, which have as many axes as x, none but `axis` longer. Errs on an index
/// outside, which a negative one is (PyTorch).
pub fn gather<T: Scalar>(x: &Tensor<T>, axis: i64, indices: &NdArray<i64>) -> Result<Tensor<T>> {
    let places = along("gather", &x.shape(), axis, indices)?;
    Ok(take("gather", x, places, indices.shape(), T::ZERO))
}

/// By name: x, the indices; `axis`. The indices may stand in the setting `indices` instead.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    gather(
        args.tensor(0)?,
        args.required_integer("axis")?,
        &args.indices(1)?,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn the_gradient_adds_up_where_an_index_repeats() {
        let indices = NdArray::from_vec(vec![2, 0, 2, 1, 1, 1], &[2, 3]);
        check(&[&[3, 4]], |x| gather(&x[0], 0, &indices));
        check(&[&[2, 3]], |x| gather(&x[0], -1, &indices));
        let x = Tensor::parameter(tensor(&[1., 2., 3.], &[3]).value());
        let twice = NdArray::from_vec(vec![2, 0, 2], &[3]);
        let y = gather(&x, 0, &twice).unwrap();
        assert_eq!(y.value().to_vec(), [3., 1., 3.]);
        y.backward(&tensor(&[1., 10., 100.], &[3]).value());
        assert_eq!(x.grad().unwrap().to_vec(), [10., 0., 101.]);
    }

    #[test]
    fn by_name_indices_are_whole_numbers_in_a_tensor_or_in_lists() {
        let called = |tensors: &[Tensor<f64>], settings: serde_json::Value| {
            super::super::call("gather", tensors, settings.as_object().unwrap())
        };
        let x = input(1, &[3, 2]);
        let inside = tensor(&[2., 0.], &[1, 2]);
        let y = called(&[x.clone(), inside], json!({"axis": 0})).unwrap();
        let listed = json!({"axis": 0, "indices": [[2, 0]]});
        assert_eq!(
            called(std::slice::from_ref(&x), listed).unwrap().value(),
            y.value()
        );
        let half = called(
            &[x.clone(), tensor(&[0.5, 0.], &[1, 2])],
            json!({"axis": 0}),
        );
        assert_eq!(half.unwrap_err().fields()["got"], "0.5");
        let outside = called(&[x, tensor(&[0., 3.], &[1, 2])], json!({"axis": 0}));
        assert_eq!(outside.unwrap_err().fields()["index"], 3);
    }
}
