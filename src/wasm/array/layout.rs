//! Shapes and views of arrays.

use wasm_bindgen::prelude::*;

use super::{Answer, made, numbers, sizes, thrown, viewed, with, with_two};
use crate::array::Array;
use crate::array::error::{ArrayError, tuple};
use crate::array::shape::{is_contiguous, reshape_strides};
use crate::array::storage::room;
use crate::each_dtype;

/// The size of one axis.
#[wasm_bindgen]
pub fn np_dim(a: u32, axis: usize) -> u32 {
    with(a, |a| a.shape()[axis] as u32)
}

/// The step along one axis, in elements.
#[wasm_bindgen]
pub fn np_stride(a: u32, axis: usize) -> i32 {
    with(a, |a| a.strides()[axis] as i32)
}

/// Where the first element stands in its storage.
#[wasm_bindgen]
pub fn np_offset(a: u32) -> u32 {
    with(a, |a| each_dtype!(a, x => x.offset()) as u32)
}

#[wasm_bindgen]
pub fn np_len(a: u32) -> u32 {
    with(a, |a| a.len() as u32)
}

#[wasm_bindgen]
pub fn np_is_contiguous(a: u32) -> bool {
    with(a, |a| each_dtype!(a, x => x.is_contiguous()))
}

#[wasm_bindgen]
pub fn np_shares_storage(a: u32, b: u32) -> bool {
    with_two(a, b, |a, b| a.shares_storage(b))
}

/// To the shape of `np_numbers`, one of which may be -1.
#[wasm_bindgen]
pub fn np_reshape(a: u32) -> Answer<i32> {
    let wanted: Vec<isize> = numbers().into_iter().map(|n| n as isize).collect();
    with(a, |a| {
        // In C order it becomes a view.
        let in_order = is_contiguous(a.shape(), a.strides());
        let item = if in_order { 0 } else { a.dtype().item_bytes() };
        room(a.shape(), item, 1)
    })
    .map_err(thrown)?;
    viewed(a, with(a, |a| a.reshape(&wanted)))
}

/// Whether a reshape to the shape of `np_numbers` is a view.
#[wasm_bindgen]
pub fn np_reshape_is_view(a: u32) -> Answer<bool> {
    let shape = sizes(0)?;
    Ok(with(a, |a| {
        reshape_strides(a.shape(), a.strides(), &shape).is_some()
    }))
}

/// Axes in the order of `np_numbers`.
#[wasm_bindgen]
pub fn np_permute(a: u32) -> Answer<i32> {
    let axes: Vec<usize> = numbers().into_iter().map(|n| n as usize).collect();
    viewed(a, with(a, |a| a.permute(&axes)))
}

#[wasm_bindgen]
pub fn np_transpose(a: u32) -> Answer<i32> {
    viewed(a, Ok(with(a, |a| a.transpose())))
}

/// A read-only view stretched to the shape of `np_numbers`.
#[wasm_bindgen]
pub fn np_broadcast_to(a: u32) -> Answer<i32> {
    let shape = sizes(0)?;
    let view = with(a, |a| {
        a.broadcast_to(&shape).map_err(|_| {
            ArrayError::value(
                "array_broadcast_into",
                format!(
                    "operands could not be broadcast together with remapped shapes [original->remapped]: {}  and requested shape {}",
                    crate::array::error::tight(a.shape()),
                    crate::array::error::tight(&shape)
                ),
            )
        })
    });
    let handle = viewed(a, view)?;
    super::np_set_read_only(handle as u32, true);
    Ok(handle)
}

/// A view of any layout inside the array's storage: `np_numbers` holds `ndim` sizes, then as many
/// steps in elements. Errs when an element would lie outside.
#[wasm_bindgen]
pub fn np_as_strided(a: u32, shift: i32) -> Answer<i32> {
    let list = numbers();
    let ndim = list.len() / 2;
    let shape: Vec<usize> = list[..ndim].iter().map(|&n| n as usize).collect();
    let strides: Vec<isize> = list[ndim..].iter().map(|&n| n as isize).collect();
    let view = with(
        a,
        |a| each_dtype!(a, x => x.strided(&shape, &strides, shift as isize).map(Array::from)),
    );
    let outside = || {
        ArrayError::value(
            "array_strided",
            format!("shape {} leaves the memory of the array", tuple(&shape)),
        )
    };
    viewed(a, view.ok_or_else(outside))
}

#[wasm_bindgen]
pub fn np_copy(a: u32) -> Answer<i32> {
    with(a, |a| room(a.shape(), a.dtype().item_bytes(), 1)).map_err(thrown)?;
    made(Ok(with(a, |a| a.to_owned_array())))
}

/// Another handle of the same view.
#[wasm_bindgen]
pub fn np_view(a: u32) -> Answer<i32> {
    viewed(a, Ok(super::array(a)))
}
