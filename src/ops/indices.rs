//! Indices as ops take them: whole numbers in a tensor or in lists, each within its axis.

use serde_json::Value;

use crate::array::NdArray;
use crate::autograd::Scalar;
use crate::error::{Error, Result};

/// The integers that a tensor holds. Errs on a value that is none.
pub fn integers<T: Scalar>(op: &str, values: &NdArray<T>) -> Result<NdArray<i64>> {
    let whole = values
        .to_vec()
        .into_iter()
        .map(|value| whole(op, value.to_f64()));
    let whole: Vec<i64> = whole.collect::<Result<_>>()?;
    Ok(NdArray::from_vec(whole, values.shape()))
}

fn whole(op: &str, value: f64) -> Result<i64> {
    // Beyond 2⁵³ not every integer is a number.
    if value == libm::trunc(value) && value.abs() <= 9_007_199_254_740_992.0 {
        return Ok(value as i64);
    }
    Err(Error::InvalidArgument {
        place: op.into(),
        argument: "indices".into(),
        expected: "integers".into(),
        got: value.to_string(),
    })
}

/// Integers in lists of equal length, as deep as they stand.
pub fn nested(value: &Value) -> Option<NdArray<i64>> {
    let Value::Array(parts) = value else {
        return Some(NdArray::scalar(value.as_i64()?));
    };
    let parts: Vec<NdArray<i64>> = parts.iter().map(nested).collect::<Option<_>>()?;
    let inner = parts.first().map_or(vec![], |part| part.shape().to_vec());
    if parts.iter().any(|part| part.shape() != inner) {
        return None;
    }
    let values = parts.iter().flat_map(NdArray::to_vec).collect();
    Some(NdArray::from_vec(
        values,
        &[&[parts.len()], &inner[..]].concat(),
    ))
}

/// Indices of an axis of `size`, none of them negative. Errs on one outside.
pub fn within(op: &str, indices: &[i64], size: usize) -> Result<Vec<usize>> {
    let inside = |&index: &i64| {
        let inside = usize::try_from(index).ok().filter(|&index| index < size);
        inside.ok_or_else(|| Error::IndexOutOfRange {
            place: op.into(),
            index,
            size,
        })
    };
    indices.iter().map(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_indices_and_nothing_else_is() {
        let of = |values: &[f64]| integers("gather", &NdArray::from_vec(values.to_vec(), &[1]));
        assert_eq!(of(&[-3.0]).unwrap().item(), -3);
        for wrong in [0.5, f64::NAN, f64::INFINITY, 1e300] {
            let error = of(&[wrong]).unwrap_err();
            assert_eq!(error.fields()["got"], wrong.to_string());
        }
    }

    #[test]
    fn what_leaves_the_axis_is_refused() {
        assert_eq!(within("gather", &[0, 2, 1], 3).unwrap(), [0, 2, 1]);
        for outside in [3, -1, i64::MIN] {
            let error = within("gather", &[0, outside], 3).unwrap_err();
            assert_eq!(error.fields()["index"], outside);
        }
    }
}
