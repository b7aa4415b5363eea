//! Sorting and searching: NaN stands last, equal elements keep their order.

use super::dtype::{Cast, Held};
use super::dynamic::Array;
use super::error::Result;
use super::typed::NdArray;
use crate::with_dtype;

/// Sorting goes through one kind of key for all dtypes: unsigned integers in the elements' order,
/// every NaN above infinity.
fn float_key(x: f64) -> u64 {
    if x.is_nan() {
        return u64::MAX;
    }
    // Adding zero turns minus zero into zero, which equals it.
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn float_of(key: u64) -> f64 {
    match key {
        u64::MAX => f64::NAN,
        _ if key >> 63 == 1 => f64::from_bits(key & !(1 << 63)),
        _ => f64::from_bits(!key),
    }
}

fn keys(x: &Array) -> Vec<u64> {
    match x {
        Array::F32(_) | Array::F64(_) => x
            .typed::<f64>()
            .cells()
            .iter()
            .map(|&v| float_key(v))
            .collect(),
        _ => x
            .typed::<i64>()
            .cells()
            .iter()
            .map(|&v| v as u64 ^ 1 << 63)
            .collect(),
    }
}

fn from_keys<T: Held>(keys: Vec<u64>, shape: &[usize]) -> NdArray<T>
where
    i64: Cast<T>,
    f64: Cast<T>,
{
    let value = |key: u64| -> T {
        if T::DTYPE.is_float() {
            float_of(key).cast()
        } else {
            ((key ^ 1 << 63) as i64).cast()
        }
    };
    NdArray::from_vec(keys.into_iter().map(value).collect(), shape)
}

/// Calls `f` with the first place of each lane along `axis`, its length and its step.
pub fn lanes(shape: &[usize], axis: usize, mut f: impl FnMut(usize, usize, usize)) {
    let n = shape[axis];
    let inner: usize = shape[axis + 1..].iter().product();
    let all: usize = shape.iter().product();
    if n == 0 {
        return;
    }
    for start in (0..all).step_by((n * inner).max(1)) {
        for lane in start..start + inner {
            f(lane, n, inner);
        }
    }
}

/// A copy sorted along `axis`.
pub fn sort(x: &Array, axis: usize) -> Array {
    let cells = keys(x);
    let mut sorted = vec![0; cells.len()];
    sort_lanes(&cells, x.shape(), axis, |at, key, _| sorted[at] = key);
    with_dtype!(x.dtype(), T => from_keys::<T>(sorted, x.shape()).into())
}

/// The order that sorts `x` along `axis`, the largest first where it is `descending`. Equals keep
/// their order either way.
pub fn argsort(x: &Array, axis: usize, descending: bool) -> NdArray<i64> {
    let mut cells = keys(x);
    if descending {
        cells.iter_mut().for_each(|key| *key = !*key);
    }
    let mut out = vec![0i64; cells.len()];
    sort_lanes(&cells, x.shape(), axis, |at, _, place| {
        out[at] = place as i64
    });
    NdArray::from_vec(out, x.shape())
}

/// The places of `values` in ascending order of them: NaN last, equals in their order.
pub fn ascending(values: impl Iterator<Item = f64>) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = values.map(float_key).zip(0..).collect();
    sort_keys(&mut keyed);
    keyed.into_iter().map(|(_, place)| place).collect()
}

/// The only sort in the engine: compiled for each type of element, sorting outweighs much else.
#[inline(never)]
fn sort_keys(keyed: &mut [(u64, usize)]) {
    keyed.sort_unstable();
}

/// Sorts each lane along `axis`; `put(at, key, place)` gets what belongs at `at`: the key, and its
/// place in the lane before. A key with its place behind it sorts equals in their order.
fn sort_lanes(cells: &[u64], shape: &[usize], axis: usize, mut put: impl FnMut(usize, u64, usize)) {
    let mut lane = Vec::new();
    lanes(shape, axis, |first, n, step| {
        lane.clear();
        lane.extend((0..n).map(|i| (cells[first + i * step], i)));
        sort_keys(&mut lane);
        for (i, &(key, place)) in lane.iter().enumerate() {
            put(first + i * step, key, place);
        }
    });
}

/// Where each of `values` would go into the ascending `sorted`: before its equals, or after them.
pub fn search_sorted(sorted: &Array, values: &Array, after: bool) -> Result<NdArray<i64>> {
    let places = |sorted: Vec<u64>, values: Vec<u64>| {
        values
            .into_iter()
            .map(|v| sorted.partition_point(|&s| s < v || after && s == v) as i64)
            .collect()
    };
    let dtype = sorted.dtype().promote(values.dtype());
    let found = places(keys(&sorted.cast(dtype)), keys(&values.cast(dtype)));
    Ok(NdArray::from_vec(found, values.shape()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(values: &[f64]) -> Array {
        NdArray::from_vec(values.to_vec(), &[values.len()]).into()
    }

    #[test]
    fn nan_sorts_last() {
        let Array::F64(out) = sort(&vector(&[2.0, f64::NAN, 1.0]), 0) else {
            panic!("float64")
        };
        assert_eq!(out.to_vec()[..2], [1.0, 2.0]);
        assert!(out.to_vec()[2].is_nan());
    }

    #[test]
    fn lanes_sort_along_any_axis_and_equals_keep_their_order() {
        let x = Array::from(NdArray::from_vec(vec![3i64, 1, 1, 1, 2, 0], &[2, 3]));
        assert_eq!(
            sort(&x, 0),
            NdArray::from_vec(vec![1i64, 1, 0, 3, 2, 1], &[2, 3]).into()
        );
        assert_eq!(argsort(&x, 1, false).to_vec(), [1, 2, 0, 2, 0, 1]);
        assert_eq!(argsort(&x, 1, true).to_vec(), [0, 1, 2, 1, 0, 2]);
    }

    #[test]
    fn places_ascend_by_value_and_equals_keep_their_order() {
        let values = [2.0, f64::NAN, -1.0, 2.0, -0.0, 0.0, f64::NEG_INFINITY];
        assert_eq!(ascending(values.into_iter()), [6, 2, 4, 5, 0, 3, 1]);
    }

    #[test]
    fn searches_stop_before_or_after_equals() {
        let sorted = vector(&[1.0, 2.0, 2.0, 3.0]);
        assert_eq!(
            search_sorted(&sorted, &vector(&[2.0]), false)
                .unwrap()
                .to_vec(),
            [1]
        );
        assert_eq!(
            search_sorted(&sorted, &vector(&[2.0]), true)
                .unwrap()
                .to_vec(),
            [3]
        );
    }
}
