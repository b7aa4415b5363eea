//! Reductions over any set of axes: sums, products, extremes, means, variances.
//!
//! Sums add pairwise along a run and in order across runs, as NumPy's do, so that they agree with
//! NumPy's to the last bits.

use std::ops::{Add, Div, Mul, Sub};

use super::binary::named_operations;
use crate::each_dtype;
use super::dtype::DType;
use super::dynamic::Array;
use super::error::{ArrayError, Result};
use super::float::FloatMath;
use super::shape::c_strides;
use super::storage::Element;
use super::typed::NdArray;
use super::walk::walk;
use super::warn::{self, Warning};

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
                    let any = op == Maximum;
                    fold(flags, &axes, !any, |acc, v| if any { acc | v } else { acc & v }).into()
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
    let empty = x.shape().iter().zip(axes).any(|(&n, &reduced)| reduced && n == 0);
    if empty { Err(ArrayError::EmptyReduction { operation: op.name() }) } else { Ok(()) }
}

fn kept_shape(shape: &[usize], axes: &[bool]) -> Vec<usize> {
    shape.iter().zip(axes).map(|(&n, &reduced)| if reduced { 1 } else { n }).collect()
}

/// Folds each element into its place of the result, in C order.
fn fold<T: Element, A: Element>(
    x: &NdArray<T>,
    axes: &[bool],
    start: A,
    each: impl Fn(A, T) -> A,
) -> NdArray<A> {
    fold_runs(x, axes, start, &each, |cells, at, len, step, acc| {
        if step == 1 {
            return cells[at as usize..at as usize + len].iter().fold(acc, |acc, &v| each(acc, v));
        }
        (0..len as isize).fold(acc, |acc, i| each(acc, cells[(at + i * step) as usize]))
    })
}

/// As `fold`, with `whole` folding a run whose elements all land on one place.
fn fold_runs<T: Element, A: Element>(
    x: &NdArray<T>,
    axes: &[bool],
    start: A,
    each: impl Fn(A, T) -> A,
    whole: impl Fn(&[T], isize, usize, isize, A) -> A,
) -> NdArray<A> {
    let shape = kept_shape(x.shape(), axes);
    let mut out = vec![start; shape.iter().product()];
    let strides: Vec<isize> = c_strides(&shape)
        .into_iter()
        .zip(axes)
        .map(|(stride, &reduced)| if reduced { 0 } else { stride })
        .collect();
    let cells = x.storage.slice();
    walk(x.shape(), [x.strides(), &strides], [x.offset(), 0], |[at, to], len, steps| {
        let to = to as usize;
        match steps {
            [step, 0] => out[to] = whole(cells, at, len, step, out[to]),
            [1, 1] => {
                let run = &cells[at as usize..at as usize + len];
                for (acc, &v) in out[to..to + len].iter_mut().zip(run) {
                    *acc = each(*acc, v);
                }
            }
            [step, stride] => {
                for i in 0..len {
                    let place = &mut out[(to as isize + i as isize * stride) as usize];
                    *place = each(*place, cells[(at + i as isize * step) as usize]);
                }
            }
        }
    });
    NdArray::from_vec(out, &shape)
}

/// The sum of a run: eight running sums up to 128 elements, halves beyond.
fn pairwise<T: Element + Add<Output = T>>(cells: &[T], at: isize, len: usize, step: isize) -> T {
    let get = |i: usize| cells[(at + i as isize * step) as usize];
    if len < 8 {
        return (1..len).fold(if len == 0 { T::default() } else { get(0) }, |sum, i| sum + get(i));
    }
    if len <= 128 {
        let mut lanes: [T; 8] = std::array::from_fn(get);
        let whole = len - len % 8;
        for i in (8..whole).step_by(8) {
            for (lane, sum) in lanes.iter_mut().enumerate() {
                *sum = *sum + get(i + lane);
            }
        }
        let [a, b, c, d, e, f, g, h] = lanes;
        let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
        return (whole..len).fold(sum, |sum, i| sum + get(i));
    }
    let half = len / 2 - len / 2 % 8;
    pairwise(cells, at, half, step)
        + pairwise(cells, at + half as isize * step, len - half, step)
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
    let nan = |v: T| v.partial_cmp(&v).is_none();
    let count = || -> f64 {
        x.shape().iter().zip(axes).filter(|&(_, &r)| r).map(|(&n, _)| n as f64).product()
    };
    let sum = |x: &NdArray<T>| {
        fold_runs(x, axes, T::of(0.0), |acc, v| acc + v, |cells, at, len, step, acc| {
            acc + pairwise(cells, at, len, step)
        })
    };
    Ok(match op {
        ReduceOp::Sum => {
            let out = sum(x);
            warn_of_sum(x, &out);
            out
        }
        ReduceOp::Product => fold(x, axes, T::of(1.0), |acc, v| acc * v),
        ReduceOp::Maximum | ReduceOp::Minimum => {
            refuse_empty(op, &x.clone().into(), axes)?;
            if op == ReduceOp::Maximum {
                let start = T::of(f64::NEG_INFINITY);
                fold(x, axes, start, |acc, v| if acc >= v || nan(acc) { acc } else { v })
            } else {
                let start = T::of(f64::INFINITY);
                fold(x, axes, start, |acc, v| if acc <= v || nan(acc) { acc } else { v })
            }
        }
        ReduceOp::Mean => {
            let out = sum(x);
            warn_of_sum(x, &out);
            let n = T::of(count());
            out.map(|v| v / n)
        }
        ReduceOp::Variance | ReduceOp::Deviation => {
            let n = T::of(count());
            let mean = sum(x).map(|v| v / n);
            let squares = x
                .zip_broadcast(&mean, |v, m| {
                    let gap = v - m;
                    gap * gap
                })?;
            let free = T::of((count() - ddof).max(0.0));
            let variance = sum(&squares).map(|v| v / free);
            if op == ReduceOp::Variance { variance } else { variance.map(|v| v.m_sqrt()) }
        }
        ReduceOp::Any | ReduceOp::All => unreachable!("float_reduce: {op:?}"),
    })
}

fn warn_of_sum<T: FloatMath>(x: &NdArray<T>, out: &NdArray<T>)
where
    T: Sub<Output = T>,
{
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
            reduce(ReduceOp::Maximum, &nothing, 1, false, 0.0).unwrap_err().to_string(),
            "zero-size array to reduction operation maximum which has no identity"
        );
    }

    #[test]
    fn variances_take_ddof_off_the_count() {
        let x = Array::from(counting(&[4]));
        assert_eq!(reduce(ReduceOp::Variance, &x, 1, false, 0.0).unwrap().number(&[]), 1.25);
        assert_eq!(
            reduce(ReduceOp::Variance, &x, 1, false, 1.0).unwrap().number(&[]),
            5.0 / 3.0
        );
    }

    #[test]
    fn running_sums_follow_their_axis() {
        let out = accumulate(ReduceOp::Sum, &counting(&[2, 3]).into(), 0);
        assert_eq!(out, NdArray::from_vec(vec![0.0, 1.0, 2.0, 3.0, 5.0, 7.0], &[2, 3]).into());
        let out = accumulate(ReduceOp::Sum, &counting(&[2, 3]).into(), 1);
        assert_eq!(out, NdArray::from_vec(vec![0.0, 1.0, 3.0, 3.0, 7.0, 12.0], &[2, 3]).into());
    }
}
