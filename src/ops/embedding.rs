//! Rows of a table, looked up by their numbers.

use super::indices::within;
use super::{Args, shapes};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = table[index] for each index; dtable[row] = Σ dy of the indices that name it.
///
/// Shape: table [V, D], indices of any shape → [..., D]. The row `padding_index` gets no gradient,
/// as in PyTorch; it is looked up like any other. Errs on an index that names no row.
pub fn embedding<T: Scalar>(
    table: &Tensor<T>,
    indices: &NdArray<i64>,
    padding_index: Option<usize>,
) -> Result<Tensor<T>> {
    const OP: &str = "embedding";
    let [rows, width] = shapes::sizes(OP, table)?;
    let places = within(OP, &indices.to_vec(), rows)?;
    if let Some(padding) = padding_index {
        within(OP, &[padding as i64], rows)?;
    }
    let table_value = table.value().contiguous();
    let values = table_value.as_slice().expect("contiguous");
    let mut y = Vec::with_capacity(places.len() * width);
    for &place in &places {
        y.extend_from_slice(&values[place * width..][..width]);
    }
    let y = NdArray::from_vec(y, &[indices.shape(), &[width]].concat());
    Ok(Tensor::record(OP, y)
        .input(table, move |dy| {
            let dy = dy.contiguous();
            let dy = dy.as_slice().expect("contiguous");
            let mut dtable = vec![T::ZERO; rows * width];
            for (index, &place) in places.iter().enumerate() {
                if Some(place) != padding_index {
                    let row = &mut dtable[place * width..][..width];
                    for (sum, &dy) in row.iter_mut().zip(&dy[index * width..][..width]) {
                        *sum += dy;
                    }
                }
            }
            NdArray::from_vec(dtable, &[rows, width])
        })
        .done())
}

/// By name: the table and the indices; `padding_index`. The indices may stand in the setting
/// `indices` instead: an integer, or lists of them to any depth.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let padding_index = args.size("padding_index")?;
    embedding(args.tensor(0)?, &args.indices(1)?, padding_index)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn the_gradient_adds_up_where_an_index_repeats() {
        let indices = NdArray::from_vec(vec![1, 3, 1, 0, 1, 4], &[2, 3]);
        check(&[&[5, 3]], |x| embedding(&x[0], &indices, None));
        let table = Tensor::parameter(tensor(&[0.0; 4], &[4, 1]).value());
        let twice = NdArray::from_vec(vec![2, 0, 2], &[3]);
        embedding(&table, &twice, Some(0))
            .unwrap()
            .backward(&tensor(&[1., 10., 100.], &[3, 1]).value());
        assert_eq!(table.grad().unwrap().to_vec(), [0., 0., 101., 0.]);
    }

    #[test]
    fn by_name_indices_stand_in_lists() {
        let shape = |indices: Value| {
            let settings = json!({"indices": indices});
            let table = input(1, &[5, 3]);
            super::super::call("embedding", &[table], settings.as_object().unwrap())
                .map(|y| y.shape())
        };
        assert_eq!(shape(json!(2)).unwrap(), [3]);
        assert_eq!(shape(json!([2, 0])).unwrap(), [2, 3]);
        assert_eq!(shape(json!([[2, 0], [1, 4], [0, 0]])).unwrap(), [3, 2, 3]);
        assert_eq!(shape(json!([])).unwrap(), [0, 3]);
        for wrong in [
            json!([[2, 0], [1]]),
            json!("two"),
            json!([0.5]),
            Value::Null,
        ] {
            assert_eq!(shape(wrong).unwrap_err().code(), "invalid_argument");
        }
        for outside in [5, -1] {
            assert_eq!(
                shape(json!([0, outside])).unwrap_err().fields()["index"],
                outside
            );
        }
    }
}
