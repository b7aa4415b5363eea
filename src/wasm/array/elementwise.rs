//! Functions of whole arrays: elementwise, reductions, products, sorting.

use wasm_bindgen::prelude::*;

use super::{Answer, crossing, made, number, numbers, room_for, thrown, with, with_two, writeable};
use crate::array::binary::{BinaryOp, binary};
use crate::array::dtype::Weak;
use crate::array::error::{ArrayError, Result, tight};
use crate::array::reduce::{self, ReduceOp};
use crate::array::unary::{UnaryOp, unary};
use crate::array::{Array, DType, combine, index, matmul, order, warn};

fn binary_op(code: u32) -> BinaryOp {
    BinaryOp::from_code(code).expect("a code of np_operations")
}

fn unary_op(code: u32) -> UnaryOp {
    UnaryOp::from_code(code).expect("a code of np_operations")
}

fn reduce_op(code: u32) -> ReduceOp {
    ReduceOp::from_code(code).expect("a code of np_operations")
}

fn weak(bits: u32) -> Option<Weak> {
    match bits {
        1 => Some(Weak::Int),
        2 => Some(Weak::Float),
        _ => None,
    }
}

/// Writes `result` into `out` where the `same_kind` rule lets it, and says whether to warn.
fn into_out(result: Result<Array>, out: u32, name: &str) -> Answer<bool> {
    let result = result.map_err(thrown)?;
    writeable(out)?;
    with(out, |out| {
        let kind = |dtype: DType| match dtype {
            DType::F32 | DType::F64 => 2,
            other => other.code(),
        };
        if kind(result.dtype()) > kind(out.dtype()) {
            return Err(ArrayError::Cast {
                operation: format!("ufunc '{name}' output"),
                from: result.dtype().name(),
                into: out.dtype().name(),
            });
        }
        let fits = crate::array::broadcast_shapes(result.shape(), out.shape());
        match fits {
            Ok(shape) if shape == out.shape() => out.assign(&result),
            Ok(shape) => Err(ArrayError::OutputShape {
                output: out.shape().to_vec(),
                result: shape,
            }),
            Err(_) => Err(ArrayError::value(
                "array_output_shape",
                format!(
                    "operands could not be broadcast together with shapes {} {} ",
                    tight(out.shape()),
                    tight(result.shape())
                ),
            )),
        }
    })
    .map_err(thrown)?;
    Ok(warn::pending())
}

#[wasm_bindgen]
pub fn np_binary(op: u32, a: u32, b: u32) -> Answer<i32> {
    made(with_two(a, b, |a, b| {
        binary(binary_op(op), a, b, [None, None])
    }))
}

/// As `np_binary`; bits 0-1 and 2-3 of `flags` mark plain Python ints (1) and floats (2).
#[wasm_bindgen]
pub fn np_binary_weak(op: u32, a: u32, b: u32, flags: u32) -> Answer<i32> {
    let flags = [weak(flags & 3), weak(flags >> 2 & 3)];
    made(with_two(a, b, |a, b| binary(binary_op(op), a, b, flags)))
}

fn with_number(op: u32, a: u32, value: f64, kind: u32) -> Result<Array> {
    let (scalar, weak) = number(value, kind);
    with(a, |a| {
        if kind & 8 == 0 {
            binary(binary_op(op), a, &scalar, [None, weak])
        } else {
            binary(binary_op(op), &scalar, a, [weak, None])
        }
    })
}

/// An array and a number; 8 in `kind` puts the number on the left.
#[wasm_bindgen]
pub fn np_binary_number(op: u32, a: u32, value: f64, kind: u32) -> Answer<i32> {
    made(with_number(op, a, value, kind))
}

#[wasm_bindgen]
pub fn np_binary_into(op: u32, a: u32, b: u32, out: u32) -> Answer<bool> {
    let result = with_two(a, b, |a, b| binary(binary_op(op), a, b, [None, None]));
    into_out(result, out, binary_op(op).name())
}

#[wasm_bindgen]
pub fn np_binary_number_into(op: u32, a: u32, value: f64, kind: u32, out: u32) -> Answer<bool> {
    into_out(with_number(op, a, value, kind), out, binary_op(op).name())
}

#[wasm_bindgen]
pub fn np_unary(op: u32, a: u32) -> Answer<i32> {
    made(with(a, |a| unary(unary_op(op), a)))
}

#[wasm_bindgen]
pub fn np_unary_into(op: u32, a: u32, out: u32) -> Answer<bool> {
    into_out(
        with(a, |a| unary(unary_op(op), a)),
        out,
        unary_op(op).name(),
    )
}

/// `op` of one number, as a ufunc of a scalar gives it; the dtype of the answer is Python's to know.
#[wasm_bindgen]
pub fn np_unary_number(op: u32, value: f64, kind: u32) -> Answer<f64> {
    let (scalar, _) = number(value, kind);
    unary(unary_op(op), &scalar)
        .map(|out| crossing(out.number(&[])))
        .map_err(thrown)
}

#[wasm_bindgen]
pub fn np_reduce(op: u32, a: u32, axes: u32, keep: bool, ddof: f64) -> Answer<i32> {
    made(with(a, |a| {
        reduce::reduce(reduce_op(op), a, axes, keep, ddof)
    }))
}

/// A reduction over all axes, as a number.
#[wasm_bindgen]
pub fn np_reduce_all(op: u32, a: u32, ddof: f64) -> Answer<f64> {
    with(a, |a| {
        reduce::reduce(reduce_op(op), a, u32::MAX, false, ddof)
    })
    .map(|out| crossing(out.number(&[])))
    .map_err(thrown)
}

#[wasm_bindgen]
pub fn np_arg(a: u32, axis: usize, largest: bool) -> Answer<i32> {
    made(with(a, |a| {
        reduce::arg_extreme(a, axis, largest).map(Array::from)
    }))
}

/// The flat place of the extreme of all elements.
#[wasm_bindgen]
pub fn np_arg_all(a: u32, largest: bool) -> Answer<f64> {
    with(a, |a| reduce::arg_extreme(&a.reshape(&[-1])?, 0, largest))
        .map(|out| out.item() as f64)
        .map_err(thrown)
}

#[wasm_bindgen]
pub fn np_accumulate(op: u32, a: u32, axis: usize) -> Answer<i32> {
    room_for(a, 8, 2)?;
    made(Ok(with(a, |a| reduce::accumulate(reduce_op(op), a, axis))))
}

#[wasm_bindgen]
pub fn np_matmul(a: u32, b: u32) -> Answer<i32> {
    made(with_two(a, b, matmul::matmul))
}

/// `a` where `condition`, else `b`; `flags` as in `np_binary_weak`.
#[wasm_bindgen]
pub fn np_choose(condition: u32, a: u32, b: u32, flags: u32) -> Answer<i32> {
    let flags = [weak(flags & 3), weak(flags >> 2 & 3)];
    let condition = super::array(condition);
    made(with_two(a, b, |a, b| {
        combine::choose(&condition, a, b, flags)
    }))
}

/// The arrays whose handles `np_numbers` listed, one after another along `axis`.
#[wasm_bindgen]
pub fn np_concatenate(axis: usize) -> Answer<i32> {
    let arrays: Vec<Array> = numbers()
        .into_iter()
        .map(|h| super::array(h as u32))
        .collect();
    made(combine::concatenate(&arrays, axis))
}

/// The places of the elements that are not zero: one row an axis.
#[wasm_bindgen]
pub fn np_nonzero(a: u32) -> Answer<i32> {
    let rows = with(a, |a| index::nonzero(&a.typed::<bool>()));
    let count = rows.first().map_or(0, |row| row.len());
    let values: Vec<i64> = rows.iter().flat_map(|row| row.to_vec()).collect();
    made(Ok(crate::array::NdArray::from_vec(
        values,
        &[rows.len(), count],
    )
    .into()))
}

#[wasm_bindgen]
pub fn np_sort(a: u32, axis: usize) -> Answer<i32> {
    room_for(a, 8, 4)?;
    made(Ok(with(a, |a| order::sort(a, axis))))
}

#[wasm_bindgen]
pub fn np_argsort(a: u32, axis: usize) -> Answer<i32> {
    room_for(a, 8, 4)?;
    made(Ok(with(a, |a| order::argsort(a, axis, false)).into()))
}

#[wasm_bindgen]
pub fn np_searchsorted(sorted: u32, values: u32, after: bool) -> Answer<i32> {
    made(with_two(sorted, values, |s, v| {
        order::search_sorted(s, v, after).map(Array::from)
    }))
}
