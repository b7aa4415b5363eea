//! Reductions over any set of axes: sums, products, extremes, means, variances.
//!
//! Sums add pairwise along a run and in order across runs, as NumPy's do, so that they agree with
//! NumPy's to the last bits.

use std::ops::{Add, Div, Mul, Sub};

use super::binary::named_operations;
use super::dtype::DType;
use super::dynamic::Array;
use super::error::{ArrayError, Result};
use super::float::FloatMath;
use super::storage::Element;
use super::storage::room;
use super::typed::NdArray;
use super::warn::{self, Warning};
use crate::each_dtype;

named_operations! {
    /// In the order of the codes that Python uses.
    ReduceOp {
        Sum = "add", Product = "multiply", Maximum = "maximum", Minimum = "minimum",
        Any = "logical_or", All = "logical_and",
        Mean = "mean", Variance = "var", Deviation = "std",
    }
}

/// `op` over the axes whose bit is set in `axes`. `keep` leaves them with size one; `ddof` is what
/// variances take off the count.
pub fn reduce(op: ReduceOp, x: &Array, axes: u32, keep: bool, ddof: f64) -> Result<Array> {
    use ReduceOp::*;
    // Converted or laid out anew, at worst.
    room(x.shape(), 8, 2)?;
    let axes: Vec<bool> = (0..x.ndim()).map(|axis| axes >> axis & 1 == 1).collect();
    let out: Array = match op {
        Any => fold(&x.typed::<bool>(), &axes, false, |acc, v| acc | v).into(),
        All => fold(&x.typed::<bool>(), &axes, true, |acc, v| acc & v).into(),
        _ => match x {
            Array::F32(x) => float_reduce(op, x, &axes, ddof)?.into(),
            Array::F64(x) => float_reduce(op, x, &axes, ddof)?.into(),
            Array::Bool(flags) => match op {
                Maximum | Minimum => {
                    refuse_empty(op, x, &axes)?;
                    if op == Maximum {
                        fold(flags, &axes, false, |acc, v| acc | v).into()
                    } else {
                        fold(flags, &axes, true, |acc, v| acc & v).into()
                    }
                }
                Mean | Variance | Deviation => {
                    float_reduce(op, &x.typed::<f64>(), &axes, ddof)?.into()
                }
                _ => int_reduce(op, &x.typed::<i64>(), &axes)?.into(),
            },
            Array::I64(ints) => match op {
                Mean | Variance | Deviation => {
                    float_reduce(op, &x.typed::<f64>(), &axes, ddof)?.into()
                }
                _ => int_reduce(op, ints, &axes)?.into(),
            },
        },
    };
    if keep {
        return Ok(out);
    }
    let shape: Vec<isize> = x
        .shape()
        .iter()
        .zip(&axes)
        .filter(|&(_, &reduced)| !reduced)
        .map(|(&n, _)| n as isize)
        .collect();
    out.reshape(&shape)
}

fn refuse_empty(op: ReduceOp, x: &Array, axes: &[bool]) -> Result<()> {
    let empty = x
        .shape()
        .iter()
        .zip(axes)
        .any(|(&n, &reduced)| reduced && n == 0);
    if empty {
        Err(ArrayError::EmptyReduction {
            operation: op.name(),
        })
    } else {
        Ok(())
    }
}

fn kept_shape(shape: &[usize], axes: &[bool]) -> Vec<usize> {
    shape
        .iter()
        .zip(axes)
        .map(|(&n, &reduced)| if reduced { 1 } else { n })
        .collect()
}

/// The array as `before × reduced × after` in C order, copied only when the axes do not stand so.
struct Blocks<T: Element> {
    cells: NdArray<T>,
    reduced: usize,
    after: usize,
    shape: Vec<usize>,
}

fn blocks<T: Element>(x: &NdArray<T>, axes: &[bool]) -> Blocks<T> {
    let ndim = x.ndim();
    let first = axes.iter().position(|&r| r).unwrap_or(ndim);
    let last = axes.iter().rposition(|&r| r).map_or(first, |at| at + 1);
    let count = |range: std::ops::Range<usize>| x.shape()[range].iter().product::<usize>();
    let shape = kept_shape(x.shape(), axes);
    if axes[first..last].iter().all(|&r| r) {
        return Blocks {
            cells: x.contiguous(),
            reduced: count(first..last),
            after: count(last..ndim),
            shape,
        };
    }
    let mut order: Vec<usize> = (0..ndim).filter(|&axis| !axes[axis]).collect();
    order.extend((0..ndim).filter(|&axis| axes[axis]));
    let cells = x.permute(&order).expect("a permutation").contiguous();
    let reduced = (0..ndim)
        .filter(|&axis| axes[axis])
        .map(|axis| x.shape()[axis])
        .product();
    Blocks {
        cells,
        reduced,
        after: 1,
        shape,
    }
}

/// Folds each element into its place of the result, in order.
fn fold<T: Element, A: Element>(
    x: &NdArray<T>,
    axes: &[bool],
    start: A,
    each: fn(A, T) -> A,
) -> NdArray<A> {
    let Blocks {
        cells,
        reduced,
        after,
        shape,
    } = blocks(x, axes);
    let cells = cells.cells();
    let mut out = vec![start; shape.iter().product()];
    for (row, places) in out.chunks_mut(after.max(1)).enumerate() {
        let block = &cells[row * reduced * after..(row + 1) * reduced * after];
        if let [place] = places {
            *place = block.iter().fold(*place, |acc, &v| each(acc, v));
            continue;
        }
        for run in block.chunks(after.max(1)) {
            for (place, &v) in places.iter_mut().zip(run) {
                *place = each(*place, v);
            }
        }
    }
    NdArray::from_vec(out, &shape)
}

/// As `fold` with addition, but pairwise where elements of one sum stand together.
fn sum<T: Element + Add<Output = T>>(x: &NdArray<T>, axes: &[bool]) -> NdArray<T> {
    let Blocks {
        cells,
        reduced,
        after,
        shape,
    } = blocks(x, axes);
    let cells = cells.cells();
    let rows: usize = shape.iter().product();
    if after != 1 {
        let mut out = vec![T::default(); rows];
        for (row, places) in out.chunks_mut(after.max(1)).enumerate() {
            let block = &cells[row * reduced * after..(row + 1) * reduced * after];
            for run in block.chunks(after.max(1)) {
                for (place, &v) in places.iter_mut().zip(run) {
                    *place = *place + v;
                }
            }
        }
        return NdArray::from_vec(out, &shape);
    }
    let out =
        (0..rows).map(|row| T::default() + pairwise(&cells[row * reduced..(row + 1) * reduced]));
    NdArray::from_vec(out.collect(), &shape)
}

/// The sum of a run: eight running sums up to 128 elements, halves beyond.
fn pairwise<T: Element + Add<Output = T>>(run: &[T]) -> T {
    let add = |sum: T, &v: &T| sum + v;
    if run.len() < 8 {
        return run.iter().fold(T::default(), add);
    }
    if run.len() > 128 {
        let half = run.len() / 2 - run.len() / 2 % 8;
        return pairwise(&run[..half]) + pairwise(&run[half..]);
    }
    let (eights, rest) = run.as_chunks::<8>();
    let mut lanes = eights[0];
    for eight in &eights[1..] {
        for (lane, &v) in lanes.iter_mut().zip(eight) {
            *lane = *lane + v;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    rest.iter()
        .fold(((a + b) + (c + d)) + ((e + f) + (g + h)), add)
}

fn int_reduce(op: ReduceOp, x: &NdArray<i64>, axes: &[bool]) -> Result<NdArray<i64>> {
    Ok(match op {
        ReduceOp::Sum => fold(x, axes, 0, i64::wrapping_add),
        ReduceOp::Product => fold(x, axes, 1, i64::wrapping_mul),
        ReduceOp::Maximum | ReduceOp::Minimum => {
            refuse_empty(op, &x.clone().into(), axes)?;
            if op == ReduceOp::Maximum {
                fold(x, axes, i64::MIN, i64::max)
            } else {
                fold(x, axes, i64::MAX, i64::min)
            }
        }
        _ => unreachable!("int_reduce: {op:?}"),
    })
}

fn float_reduce<T>(op: ReduceOp, x: &NdArray<T>, axes: &[bool], ddof: f64) -> Result<NdArray<T>>
where
    T: FloatMath + Add<Output = T> + Sub<Output = T> + Mul<Output = T> + Div<Output = T>,
    NdArray<T>: Into<Array>,
{
    let count = || -> f64 {
        x.shape()
            .iter()
            .zip(axes)
            .filter(|&(_, &r)| r)
            .map(|(&n, _)| n as f64)
            .product()
    };
    Ok(match op {
        ReduceOp::Sum => {
            let out = sum(x, axes);
            warn_of_sum(x, &out);
            out
        }
        ReduceOp::Product => fold(x, axes, T::of(1.0), |acc, v| acc * v),
        ReduceOp::Maximum | ReduceOp::Minimum => {
            refuse_empty(op, &x.clone().into(), axes)?;
            if op == ReduceOp::Maximum {
                let start = T::of(f64::NEG_INFINITY);
                fold(x, axes, start, |acc, v| {
                    if acc >= v || acc.is_nan_value() {
                        acc
                    } else {
                        v
                    }
                })
            } else {
                let start = T::of(f64::INFINITY);
                fold(x, axes, start, |acc, v| {
                    if acc <= v || acc.is_nan_value() {
                        acc
                    } else {
                        v
                    }
                })
            }
        }
        ReduceOp::Mean => {
            let out = sum(x, axes);
            warn_of_sum(x, &out);
            let n = T::of(count());
            out.map(|v| v / n)
        }
        ReduceOp::Variance | ReduceOp::Deviation => {
            let n = T::of(count());
            let mean = sum(x, axes).map(|v| v / n);
            let squares = x.zip_broadcast(&mean, |v, m| {
                let gap = v - m;
                gap * gap
            })?;
            let free = T::of((count() - ddof).max(0.0));
            let variance = sum(&squares, axes).map(|v| v / free);
            if op == ReduceOp::Variance {
                variance
            } else {
                variance.map(|v| v.m_sqrt())
            }
        }
        ReduceOp::Any | ReduceOp::All => unreachable!("float_reduce: {op:?}"),
    })
}

fn warn_of_sum<T: FloatMath>(x: &NdArray<T>, out: &NdArray<T>) {
    let finite = |v: &NdArray<T>| v.to_vec().iter().all(|v| v.to().is_finite());
    if !finite(out) {
        if finite(x) {
            warn::raise(Warning::Overflow);
        } else if out.to_vec().iter().any(|v| v.to().is_nan())
            && !x.to_vec().iter().any(|v| v.to().is_nan())
        {
            warn::raise(Warning::Invalid);
        }
    }
}

/// The place of the largest (or smallest) element along `axis`, the first of equals; NaN wins.
pub fn arg_extreme(x: &Array, axis: usize, largest: bool) -> Result<NdArray<i64>> {
    if x.shape()[axis] == 0 {
        let name = if largest { "argmax" } else { "argmin" };
        return Err(ArrayError::value(
            "array_empty_reduction",
            format!("attempt to get {name} of an empty sequence"),
        ));
    }
    Ok(each_dtype!(x, x => extreme_places(x, axis, largest)))
}

fn extreme_places<T: Element + PartialOrd>(
    x: &NdArray<T>,
    axis: usize,
    largest: bool,
) -> NdArray<i64> {
    let n = x.shape()[axis];
    let inner: usize = x.shape()[axis + 1..].iter().product();
    let mut shape = x.shape().to_vec();
    shape.remove(axis);
    let cells = x.to_vec();
    let mut out = Vec::with_capacity(shape.iter().product());
    for block in cells.chunks((n * inner).max(1)) {
        for lane in 0..inner {
            let (mut best, mut place) = (block[lane], 0);
            for i in 1..n {
                let v = block[i * inner + lane];
                if best.partial_cmp(&best).is_none() {
                    break;
                }
                let better = if largest { v > best } else { v < best };
                if better || v.partial_cmp(&v).is_none() {
                    (best, place) = (v, i);
                }
            }
            out.push(place as i64);
        }
    }
    NdArray::from_vec(out, &shape)
}

/// Running sums or products along `axis`.
pub fn accumulate(op: ReduceOp, x: &Array, axis: usize) -> Array {
    let multiply = op == ReduceOp::Product;
    match x {
        Array::Bool(_) => accumulate(op, &x.cast(DType::I64), axis),
        Array::I64(x) if multiply => running(x, axis, i64::wrapping_mul).into(),
        Array::I64(x) => running(x, axis, i64::wrapping_add).into(),
        Array::F32(x) if multiply => running(x, axis, |a, v| a * v).into(),
        Array::F32(x) => running(x, axis, |a, v| a + v).into(),
        Array::F64(x) if multiply => running(x, axis, |a, v| a * v).into(),
        Array::F64(x) => running(x, axis, |a, v| a + v).into(),
    }
}

fn running<T: Element>(x: &NdArray<T>, axis: usize, f: impl Fn(T, T) -> T) -> NdArray<T> {
    let shape = x.shape().to_vec();
    let (n, inner) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
    let mut out = x.to_vec();
    for block in out.chunks_mut((n * inner).max(1)) {
        for i in inner..block.len() {
            block[i] = f(block[i - inner], block[i]);
        }
    }
    NdArray::from_vec(out, &shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::shape::size_of;

    fn counting(shape: &[usize]) -> NdArray<f64> {
        NdArray::from_vec((0..size_of(shape)).map(|i| i as f64).collect(), shape)
    }

    fn check_sum(x: NdArray<f64>, axes: u32, shape: &[usize], expected: &[f64]) {
        let out = reduce(ReduceOp::Sum, &x.into(), axes, false, 0.0).unwrap();
        assert_eq!(out, NdArray::from_vec(expected.to_vec(), shape).into());
    }

    #[test]
    fn sums_run_over_any_axes() {
        check_sum(counting(&[2, 3]), 0b01, &[3], &[3.0, 5.0, 7.0]);
        check_sum(counting(&[2, 3]), 0b10, &[2], &[3.0, 12.0]);
        check_sum(counting(&[2, 3]), 0b11, &[], &[15.0]);
        check_sum(counting(&[2, 3]).transpose(), 0b01, &[2], &[3.0, 12.0]);
        check_sum(counting(&[2, 2, 2]), 0b101, &[2], &[10.0, 18.0]);
        check_sum(counting(&[0, 2]), 0b01, &[2], &[0.0, 0.0]);
    }

    #[test]
    fn long_sums_add_pairwise() {
        let x = NdArray::full(&[100_000], 0.1f32);
        let Array::F32(sum) = reduce(ReduceOp::Sum, &x.into(), 1, false, 0.0).unwrap() else {
            panic!("float32 sums to float32")
        };
        assert!((sum.item() - 10_000.0).abs() < 0.01, "{sum:?}");
    }

    #[test]
    fn extremes_carry_nan_and_refuse_nothing_at_all() {
        let x = Array::from(NdArray::from_vec(vec![1.0, f64::NAN, 3.0], &[3]));
        let max = reduce(ReduceOp::Maximum, &x, 1, false, 0.0).unwrap();
        assert!(max.number(&[]).is_nan());
        assert_eq!(arg_extreme(&x, 0, true).unwrap().item(), 1);
        let nothing = Array::zeros(&[0], DType::F64);
        assert_eq!(
            reduce(ReduceOp::Maximum, &nothing, 1, false, 0.0)
                .unwrap_err()
                .to_string(),
            "zero-size array to reduction operation maximum which has no identity"
        );
    }

    #[test]
    fn variances_take_ddof_off_the_count() {
        let x = Array::from(counting(&[4]));
        assert_eq!(
            reduce(ReduceOp::Variance, &x, 1, false, 0.0)
                .unwrap()
                .number(&[]),
            1.25
        );
        assert_eq!(
            reduce(ReduceOp::Variance, &x, 1, false, 1.0)
                .unwrap()
                .number(&[]),
            5.0 / 3.0
        );
    }

    #[test]
    fn running_sums_follow_their_axis() {
        let out = accumulate(ReduceOp::Sum, &counting(&[2, 3]).into(), 0);
        assert_eq!(
            out,
            NdArray::from_vec(vec![0.0, 1.0, 2.0, 3.0, 5.0, 7.0], &[2, 3]).into()
        );
        let out = accumulate(ReduceOp::Sum, &counting(&[2, 3]).into(), 1);
        assert_eq!(
            out,
            NdArray::from_vec(vec![0.0, 1.0, 3.0, 3.0, 7.0, 12.0], &[2, 3]).into()
        );
    }
}
