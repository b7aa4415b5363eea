//! Arrays made from nothing, and conversions.

use wasm_bindgen::prelude::*;

use super::{Answer, made, number, numbers, room_for, sizes, thrown, with, with_two, writeable};
use crate::array::{Array, DType, NdArray, combine};

/// Zeros of the shape of `np_numbers`.
#[wasm_bindgen]
pub fn np_zeros(dtype: u32) -> Answer<i32> {
    let dtype = DType::from_code(dtype);
    let shape = sizes(dtype.item_bytes())?;
    made(Ok(Array::zeros(&shape, dtype)))
}

/// One value throughout the shape of `np_numbers`; `kind` is a dtype's code.
#[wasm_bindgen]
pub fn np_full(value: f64, kind: u32) -> Answer<i32> {
    let (scalar, _) = number(value, kind);
    let shape = sizes(scalar.dtype().item_bytes())?;
    made(
        scalar
            .broadcast_to(&shape)
            .map(|stretched| stretched.to_owned_array()),
    )
}

/// The numbers of `np_numbers` as a vector.
#[wasm_bindgen]
pub fn np_vector(dtype: u32) -> Answer<i32> {
    let values = numbers();
    let n = values.len();
    made(Ok(
        Array::from(NdArray::from_vec(values, &[n])).cast(DType::from_code(dtype))
    ))
}

/// An array without axes.
#[wasm_bindgen]
pub fn np_scalar(value: f64, dtype: u32) -> Answer<i32> {
    made(Ok(number(value, dtype).0))
}

#[wasm_bindgen]
pub fn np_arange(start: f64, step: f64, count: usize, dtype: u32) -> Answer<i32> {
    made(Ok(combine::arange(
        start,
        step,
        count,
        DType::from_code(dtype),
    )))
}

/// A copy in another dtype; the same array again when `copy` is false and the dtype is its own.
#[wasm_bindgen]
pub fn np_cast(a: u32, dtype: u32, copy: bool) -> Answer<i32> {
    let dtype = DType::from_code(dtype);
    room_for(a, dtype.item_bytes(), 1)?;
    made(Ok(with(a, |a| {
        let cast = a.cast(dtype);
        if copy && cast.shares_storage(a) {
            cast.to_owned_array()
        } else {
            cast
        }
    })))
}

/// Writes `source`, cast and stretched, through `a`.
#[wasm_bindgen]
pub fn np_assign(a: u32, source: u32) -> Answer<()> {
    writeable(a)?;
    with_two(a, source, |a, source| a.assign(source)).map_err(thrown)
}
