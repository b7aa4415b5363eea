//! The tape as Python's `danlu.ops` calls it: handles of tensors beside numpy's handles of arrays.
//!
//! Everything is float64. Arrays are copied on their way in and out, so that nothing in Python
//! writes through a value that the tape remembers.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::array;
use crate::array::{Array, DType, NdArray};
use crate::autograd::{Tensor, vjp};
use crate::error::{Error, Result};
use crate::ops;

/// Tensors by handle; a handle is the place plus one, so that 0 is none.
#[derive(Default)]
struct Table {
    slots: Vec<Option<Tensor<f64>>>,
    free: Vec<u32>,
}

thread_local! {
    static TABLE: RefCell<Table> = RefCell::new(Table::default());
}

fn put(tensor: Tensor<f64>) -> u32 {
    TABLE.with_borrow_mut(|table| {
        if let Some(slot) = table.free.pop() {
            table.slots[slot as usize] = Some(tensor);
            return slot + 1;
        }
        table.slots.push(Some(tensor));
        table.slots.len() as u32
    })
}

fn tensor(handle: u32) -> Result<Tensor<f64>> {
    let found = TABLE.with_borrow(|table| {
        let slot = (handle as usize).checked_sub(1)?;
        table.slots.get(slot).cloned().flatten()
    });
    found.ok_or_else(|| Error::InvalidArgument {
        place: "tape".into(),
        argument: "handle".into(),
        expected: "a live tensor".into(),
        got: handle.to_string(),
    })
}

fn tensors(handles: &[u32]) -> Result<Vec<Tensor<f64>>> {
    handles.iter().map(|&handle| tensor(handle)).collect()
}

/// A copy of numpy's array in float64.
fn copied(handle: u32) -> NdArray<f64> {
    match array::array(handle).cast(DType::F64) {
        Array::F64(values) => values.to_owned_array(),
        _ => unreachable!("cast to float64"),
    }
}

/// A tensor to differentiate by, from numpy's array.
#[wasm_bindgen]
pub fn ag_parameter(array: u32) -> u32 {
    put(Tensor::parameter(copied(array)))
}

/// A tensor that takes part but is not differentiated by.
#[wasm_bindgen]
pub fn ag_constant(array: u32) -> u32 {
    put(Tensor::constant(copied(array)))
}

/// The names of all ops, separated by spaces.
#[wasm_bindgen]
pub fn ag_names() -> String {
    ops::NAMES.join(" ")
}

/// Calls an op: `settings` is a JSON object.
#[wasm_bindgen]
pub fn ag_call(name: &str, inputs: Vec<u32>, settings: &str) -> Result<u32> {
    let settings: ops::Settings =
        serde_json::from_str(settings).map_err(|error| Error::InvalidArgument {
            place: name.into(),
            argument: "settings".into(),
            expected: "a JSON object".into(),
            got: error.to_string(),
        })?;
    ops::call(name, &tensors(&inputs)?, &settings).map(put)
}

/// The value as a new array of numpy's.
#[wasm_bindgen]
pub fn ag_value(handle: u32) -> std::result::Result<u32, JsValue> {
    array::handle(Array::F64(tensor(handle)?.value().to_owned_array()))
}

/// The gradients of ⟨dy, y⟩ by `inputs`, as new arrays of numpy's; dy has the shape of y.
#[wasm_bindgen]
pub fn ag_vjp(y: u32, dy: u32, inputs: Vec<u32>) -> std::result::Result<Vec<u32>, JsValue> {
    let (y, dy) = (tensor(y)?, copied(dy));
    if dy.shape() != y.shape() {
        return Err(Error::ShapeMismatch {
            place: "dy".into(),
            expected: y.shape(),
            got: dy.shape().to_vec(),
        }
        .into());
    }
    let gradients = vjp(&y, &dy, &tensors(&inputs)?);
    gradients
        .into_iter()
        .map(|dx| array::handle(Array::F64(dx.to_owned_array())))
        .collect()
}

/// Forgets a tensor; its graph goes with the last handle that needs it.
#[wasm_bindgen]
pub fn ag_free(handle: u32) {
    let freed = TABLE.with_borrow_mut(|table| {
        let slot = (handle as usize).checked_sub(1)?;
        let freed = table.slots.get_mut(slot)?.take()?;
        table.free.push(slot as u32);
        Some(freed)
    });
    drop(freed);
}

/// How many handles are alive.
#[wasm_bindgen]
pub fn ag_live() -> u32 {
    TABLE.with_borrow(|table| (table.slots.len() - table.free.len()) as u32)
}
