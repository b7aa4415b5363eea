//! Numbers of classes as rows with a single one.

use super::Args;
use super::indices::within;
use super::shapes::require;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y[…, c] = 1 where the index is c, else 0. There is no gradient.
///
/// Shape: [...] → [..., classes]. Without `classes` there are as many as the largest index asks
/// for, as in PyTorch. Errs on an index that names no class, and where no index says how many there
/// are.
pub fn one_hot<T: Scalar>(indices: &NdArray<i64>, classes: Option<usize>) -> Result<Tensor<T>> {
    const OP: &str = "one_hot";
    let listed = indices.to_vec();
    let asked = listed
        .iter()
        .max()
        .map(|&largest| largest.max(0) as usize + 1);
    let classes = classes.or(asked);
    require(classes.is_some(), OP, "classes", ">= 1", "none")?;
    let classes = classes.unwrap_or_default();
    let places = within(OP, &listed, classes)?;
    let mut y = vec![T::ZERO; places.len() * classes];
    for (row, place) in places.into_iter().enumerate() {
        y[row * classes + place] = T::ONE;
    }
    let shape = [indices.shape(), &[classes]].concat();
    Ok(Tensor::constant(NdArray::from_vec(y, &shape)))
}

/// By name: the indices; `classes`. The indices may stand in the setting `indices` instead.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    one_hot(&args.indices(0)?, args.size("classes")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(indices: &[i64], shape: &[usize], classes: Option<usize>) -> Result<Tensor<f64>> {
        one_hot(&NdArray::from_vec(indices.to_vec(), shape), classes)
    }

    #[test]
    fn each_index_becomes_a_row() {
        let y = of(&[2, 0], &[2], Some(3)).unwrap();
        assert_eq!(
            y.value(),
            NdArray::from_vec(vec![0., 0., 1., 1., 0., 0.], &[2, 3])
        );
        assert_eq!(of(&[1, 0, 3, 2], &[2, 2], None).unwrap().shape(), [2, 2, 4]);
        assert_eq!(of(&[1], &[], Some(2)).unwrap().shape(), [2]);
        assert_eq!(of(&[], &[0], Some(5)).unwrap().shape(), [0, 5]);
    }

    #[test]
    fn what_names_no_class_is_refused() {
        assert_eq!(of(&[3], &[1], Some(3)).unwrap_err().fields()["index"], 3);
        assert_eq!(of(&[-1], &[1], None).unwrap_err().fields()["index"], -1);
        assert_eq!(
            of(&[], &[0], None).unwrap_err().fields()["argument"],
            "classes"
        );
    }
}
