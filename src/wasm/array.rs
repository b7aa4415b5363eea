//! The engine's arrays as the learner's numpy calls them: flat functions of handles and numbers.
//!
//! A handle is `slot << 7 | ndim << 2 | dtype`, so Python reads dtype and number of axes without a
//! call. A function that makes an array returns its handle, negated when there are warnings to
//! take. A mistake throws an `Error` whose `name` is Python's exception, with `code` and `fields`.

mod elements;
mod elementwise;
mod key;
mod layout;
mod linalg;
mod making;
mod random;

use std::cell::{Cell, RefCell};

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::array::error::{ArrayError, Result};
use crate::array::storage::room;
use crate::array::{Array, DType, warn};

pub(super) type Answer<T> = std::result::Result<T, JsValue>;

struct Entry {
    array: Array,
    read_only: bool,
}

#[derive(Default)]
struct Table {
    slots: Vec<Option<Entry>>,
    free: Vec<u32>,
    live: u32,
}

/// More axes than a handle can name.
const MAX_AXES: usize = 31;

thread_local! {
    /// Whether the last NaN that crossed stands for -0.
    static NEGATIVE_ZERO: Cell<bool> = const { Cell::new(false) };
    static TABLE: RefCell<Table> = RefCell::new(Table::default());
    /// The numbers of the list that the next call takes.
    static NUMBERS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

fn slot(handle: u32) -> usize {
    (handle >> 7) as usize - 1
}

impl Table {
    fn entry(&self, handle: u32) -> &Entry {
        self.slots[slot(handle)]
            .as_ref()
            .expect("a handle that was not freed")
    }

    fn put(&mut self, array: Array, read_only: bool) -> Result<u32> {
        let ndim = array.ndim();
        if ndim > MAX_AXES {
            return Err(ArrayError::value(
                "array_axes_limit",
                format!("maximum supported dimension for an ndarray is {MAX_AXES}, found {ndim}"),
            ));
        }
        let dtype = array.dtype().code();
        let entry = Some(Entry { array, read_only });
        let at = match self.free.pop() {
            Some(at) => {
                self.slots[at as usize] = entry;
                at
            }
            None => {
                self.slots.push(entry);
                self.slots.len() as u32 - 1
            }
        };
        self.live += 1;
        Ok((at + 1) << 7 | (ndim as u32) << 2 | dtype)
    }

    fn free(&mut self, handle: u32) {
        let at = slot(handle);
        if self.slots[at].take().is_some() {
            self.free.push(at as u32);
            self.live -= 1;
        }
    }
}

/// The array of a handle, as a view.
pub fn array(handle: u32) -> Array {
    TABLE.with_borrow(|table| table.entry(handle).array.clone())
}

/// A handle of its own for `array`.
pub fn handle(array: Array) -> Answer<u32> {
    TABLE
        .with_borrow_mut(|table| table.put(array, false))
        .map_err(thrown)
}

/// `f` of an array, without cloning it.
fn with<R>(handle: u32, f: impl FnOnce(&Array) -> R) -> R {
    TABLE.with_borrow(|table| f(&table.entry(handle).array))
}

fn with_two<R>(a: u32, b: u32, f: impl FnOnce(&Array, &Array) -> R) -> R {
    TABLE.with_borrow(|table| f(&table.entry(a).array, &table.entry(b).array))
}

/// Errs when the array was made read-only.
fn writeable(handle: u32) -> Answer<()> {
    if TABLE.with_borrow(|table| table.entry(handle).read_only) {
        return Err(thrown(ArrayError::ReadOnly));
    }
    Ok(())
}

/// The handle of a new array, negated when there is a warning to take.
fn made(result: Result<Array>) -> Answer<i32> {
    let handle = result
        .and_then(|array| TABLE.with_borrow_mut(|table| table.put(array, false)))
        .map_err(thrown)? as i32;
    Ok(if warn::pending() { -handle } else { handle })
}

/// The handle of a view of `of`, read-only when that is.
fn viewed(of: u32, result: Result<Array>) -> Answer<i32> {
    result
        .and_then(|array| {
            TABLE.with_borrow_mut(|table| {
                let read_only = table.entry(of).read_only;
                table.put(array, read_only)
            })
        })
        .map(|handle| handle as i32)
        .map_err(thrown)
}

/// The JavaScript error of a mistake.
fn thrown(error: ArrayError) -> JsValue {
    let js = js_sys::Error::new(&error.to_string());
    js.set_name(error.kind().name());
    let fields = js_sys::Object::new();
    let set = |object: &JsValue, key: &str, value: &JsValue| {
        Reflect::set(object, &JsValue::from_str(key), value).expect("an object takes properties");
    };
    for (key, value) in error.fields() {
        set(&fields, key, &JsValue::from_str(&value));
    }
    set(&js, "code", &JsValue::from_str(error.code()));
    set(&js, "fields", &fields);
    js.into()
}

/// The list given by `np_numbers`.
pub(super) fn numbers() -> Vec<f64> {
    NUMBERS.take()
}

/// The shape that `np_numbers` gave, for a new array of elements of `item` bytes, which finds room; 0
/// where nothing new is made.
fn sizes(item: usize) -> Answer<Vec<usize>> {
    let list = numbers();
    if list.iter().any(|&n| n < 0.0) {
        return Err(thrown(ArrayError::value(
            "array_negative_size",
            "negative dimensions are not allowed",
        )));
    }
    let list: Vec<usize> = list.into_iter().map(|n| n as usize).collect();
    room(&list, item, 1).map_err(thrown)?;
    Ok(list)
}

/// Errs when `copies` of an array would find no room.
fn room_for(a: u32, item: usize, copies: usize) -> Answer<()> {
    with(a, |a| room(a.shape(), item, copies)).map_err(thrown)
}

/// A number on its way to Python. JavaScript's -0 arrives there as the int 0, without its sign;
/// it therefore crosses as NaN, and whoever gets a NaN asks `np_negative_zero`.
fn crossing(value: f64) -> f64 {
    if value == 0.0 && value.is_sign_negative() {
        NEGATIVE_ZERO.set(true);
        return f64::NAN;
    }
    if value.is_nan() {
        NEGATIVE_ZERO.set(false);
    }
    value
}

/// Whether the NaN that the last call gave stands for -0.
#[wasm_bindgen]
pub fn np_negative_zero() -> bool {
    NEGATIVE_ZERO.get()
}

/// Begins the list of numbers that the next call takes, with the first `count` of six.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn np_numbers(count: usize, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) {
    NUMBERS.with_borrow_mut(|list| {
        list.clear();
        list.extend_from_slice(&[a, b, c, d, e, f][..count.min(6)]);
    });
}

/// Goes on with the list.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn np_more(count: usize, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64) {
    NUMBERS.with_borrow_mut(|list| list.extend_from_slice(&[a, b, c, d, e, f][..count.min(6)]));
}

#[wasm_bindgen]
pub fn np_free(handle: u32) {
    TABLE.with_borrow_mut(|table| table.free(handle));
}

/// How many handles are alive.
#[wasm_bindgen]
pub fn np_live() -> u32 {
    TABLE.with_borrow(|table| table.live)
}

/// The warnings since the last call: 1 divide, 2 overflow, 4 invalid.
#[wasm_bindgen]
pub fn np_warnings() -> u32 {
    u32::from(warn::take())
}

#[wasm_bindgen]
pub fn np_read_only(handle: u32) -> bool {
    TABLE.with_borrow(|table| table.entry(handle).read_only)
}

#[wasm_bindgen]
pub fn np_set_read_only(handle: u32, read_only: bool) {
    TABLE.with_borrow_mut(|table| {
        if let Some(entry) = &mut table.slots[slot(handle)] {
            entry.read_only = read_only;
        }
    });
}

/// The names of the operations in the order of their codes: binary, unary, reductions.
#[wasm_bindgen]
pub fn np_operations() -> String {
    use crate::array::{binary::BinaryOp, reduce::ReduceOp, unary::UnaryOp};
    let names = [
        BinaryOp::ALL
            .iter()
            .map(|op| op.name())
            .collect::<Vec<_>>()
            .join(" "),
        UnaryOp::ALL
            .iter()
            .map(|op| op.name())
            .collect::<Vec<_>>()
            .join(" "),
        ReduceOp::ALL
            .iter()
            .map(|op| op.name())
            .collect::<Vec<_>>()
            .join(" "),
    ];
    names.join("\n")
}

/// A number as an array without axes. `kind` is a dtype's code, 4 for a plain Python int, 5 for a
/// plain Python float.
fn number(value: f64, kind: u32) -> (Array, Option<crate::array::dtype::Weak>) {
    use crate::array::NdArray;
    use crate::array::dtype::Weak;
    match kind & 7 {
        4 => (NdArray::scalar(value as i64).into(), Some(Weak::Int)),
        5 => (NdArray::scalar(value).into(), Some(Weak::Float)),
        code => {
            let array: Array = match DType::from_code(code) {
                DType::Bool => NdArray::scalar(value != 0.0).into(),
                DType::I64 => NdArray::scalar(value as i64).into(),
                DType::F32 => NdArray::scalar(value as f32).into(),
                DType::F64 => NdArray::scalar(value).into(),
            };
            (array, None)
        }
    }
}
