//! Sorting and searching: NaN stands last, equal elements keep their order.

use std::cmp::Ordering;

use super::dynamic::Array;
use super::error::Result;
use super::storage::Element;
use super::typed::NdArray;
use crate::each_dtype;

fn compare<T: PartialOrd>(a: &T, b: &T) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| {
        let nan = |v: &T| v.partial_cmp(v).is_none();
        nan(a).cmp(&nan(b))
    })
}

/// A copy sorted along `axis`.
pub fn sort(x: &Array, axis: usize) -> Array {
    each_dtype!(x, x => lanes(x, axis, |lane| {
        lane.sort_by(compare);
    }).into())
}

/// The order that sorts `x` along `axis`.
pub fn argsort(x: &Array, axis: usize) -> NdArray<i64> {
    each_dtype!(x, x => argsort_typed(x, axis))
}

fn argsort_typed<T: Element + PartialOrd>(x: &NdArray<T>, axis: usize) -> NdArray<i64> {
    let n = x.shape()[axis];
    let inner: usize = x.shape()[axis + 1..].iter().product();
    let cells = x.to_vec();
    let mut out = vec![0i64; cells.len()];
    let mut order: Vec<usize> = Vec::with_capacity(n);
    for start in (0..cells.len()).step_by((n * inner).max(1)) {
        for lane in start..start + inner {
            order.clear();
            order.extend(0..n);
            order.sort_by(|&i, &j| compare(&cells[lane + i * inner], &cells[lane + j * inner]));
            for (i, &place) in order.iter().enumerate() {
                out[lane + i * inner] = place as i64;
            }
        }
    }
    NdArray::from_vec(out, x.shape())
}

fn lanes<T: Element>(x: &NdArray<T>, axis: usize, f: impl Fn(&mut [T])) -> NdArray<T> {
    let n = x.shape()[axis];
    let inner: usize = x.shape()[axis + 1..].iter().product();
    let mut out = x.to_vec();
    let mut lane: Vec<T> = Vec::with_capacity(n);
    for block in out.chunks_mut((n * inner).max(1)) {
        if inner == 1 {
            f(block);
            continue;
        }
        for first in 0..inner {
            lane.clear();
            lane.extend((0..n).map(|i| block[first + i * inner]));
            f(&mut lane);
            for (i, &v) in lane.iter().enumerate() {
                block[first + i * inner] = v;
            }
        }
    }
    NdArray::from_vec(out, x.shape())
}

/// Where each of `values` would go into the ascending `sorted`: before its equals, or after them.
pub fn search_sorted(sorted: &Array, values: &Array, after: bool) -> Result<NdArray<i64>> {
    let (sorted, values) = (sorted.typed::<f64>().to_vec(), values.typed::<f64>());
    Ok(values.map(|v| {
        sorted.partition_point(|s| match compare(s, &v) {
            Ordering::Less => true,
            Ordering::Equal => after,
            Ordering::Greater => false,
        }) as i64
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(values: &[f64]) -> Array {
        NdArray::from_vec(values.to_vec(), &[values.len()]).into()
    }

    #[test]
    fn nan_sorts_last() {
        let Array::F64(out) = sort(&vector(&[2.0, f64::NAN, 1.0]), 0) else { panic!("float64") };
        assert_eq!(out.to_vec()[..2], [1.0, 2.0]);
        assert!(out.to_vec()[2].is_nan());
    }

    #[test]
    fn lanes_sort_along_any_axis_and_equals_keep_their_order() {
        let x = Array::from(NdArray::from_vec(vec![3i64, 1, 1, 1, 2, 0], &[2, 3]));
        assert_eq!(sort(&x, 0), NdArray::from_vec(vec![1i64, 1, 0, 3, 2, 1], &[2, 3]).into());
        assert_eq!(argsort(&x, 1).to_vec(), [1, 2, 0, 2, 0, 1]);
    }

    #[test]
    fn searches_stop_before_or_after_equals() {
        let sorted = vector(&[1.0, 2.0, 2.0, 3.0]);
        assert_eq!(search_sorted(&sorted, &vector(&[2.0]), false).unwrap().to_vec(), [1]);
        assert_eq!(search_sorted(&sorted, &vector(&[2.0]), true).unwrap().to_vec(), [3]);
    }
}
