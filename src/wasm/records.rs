//! One op at a time, as Python's `danlu.tape` calls it: forward on numpy's arrays, and the way back.
//!
//! The graph is Python's. What is kept here of an op is a record: its result, and leaves that share
//! their storage with numpy's arrays; whoever writes into one of these before the way back is to be
//! refused by Python, which counts versions. float32 stays float32, everything else is float64.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use super::array;
use crate::array::{Array, DType, NdArray};
use crate::autograd::{Scalar, Tensor, no_grad, vjp};
use crate::error::{Error, Result};
use crate::ops;

/// Values by number; a number is the place plus one, so that 0 is none.
struct Slots<T> {
    slots: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Slots<T> {
    const fn new() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }

    fn put(&mut self, value: T) -> u32 {
        let at = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[at] = Some(value);
        at as u32 + 1
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.slots.get((number as usize).checked_sub(1)?)?.as_ref()
    }

    fn take(&mut self, number: u32) -> Option<T> {
        let at = (number as usize).checked_sub(1)?;
        let taken = self.slots.get_mut(at)?.take()?;
        self.free.push(at);
        Some(taken)
    }
}

struct Prepared {
    name: String,
    settings: ops::Settings,
}

struct Typed<T: Scalar> {
    y: Tensor<T>,
    inputs: Vec<Tensor<T>>,
}

enum Record {
    F32(Typed<f32>),
    F64(Typed<f64>),
}

thread_local! {
    static PREPARED: RefCell<Slots<Prepared>> = const { RefCell::new(Slots::new()) };
    static RECORDS: RefCell<Slots<Record>> = const { RefCell::new(Slots::new()) };
    static LATEST: Cell<u32> = const { Cell::new(0) };
    /// What the last pull gave, an array for each input.
    static PULLED: RefCell<Vec<Option<Array>>> = const { RefCell::new(Vec::new()) };
}

fn missing(argument: &str, number: u32) -> Error {
    Error::InvalidArgument {
        place: "tape".into(),
        argument: argument.into(),
        expected: "one that is alive".into(),
        got: number.to_string(),
    }
}

/// Reads an op's settings, a JSON object, once for all calls with them.
#[wasm_bindgen]
pub fn ag_prepare(name: &str, settings: &str) -> Result<u32> {
    let settings = serde_json::from_str(settings).map_err(|error| Error::InvalidArgument {
        place: name.into(),
        argument: "settings".into(),
        expected: "a JSON object".into(),
        got: error.to_string(),
    })?;
    let name = name.to_string();
    Ok(PREPARED.with_borrow_mut(|prepared| prepared.put(Prepared { name, settings })))
}

/// Forgets settings.
#[wasm_bindgen]
pub fn ag_unprepare(prepared: u32) {
    PREPARED.with_borrow_mut(|all| all.take(prepared));
}

fn run<T: Scalar>(
    of: &Prepared,
    inputs: Vec<NdArray<T>>,
    wanted: u32,
    wrap: impl Fn(NdArray<T>) -> Array,
    keep: impl Fn(Typed<T>) -> Record,
) -> Result<Array> {
    let leaf = |(at, value)| match wanted >> at & 1 {
        1 => Tensor::parameter(value),
        _ => Tensor::constant(value),
    };
    let inputs: Vec<_> = inputs.into_iter().enumerate().map(leaf).collect();
    if wanted == 0 {
        let y = no_grad(|| ops::call(&of.name, &inputs, &of.settings))?;
        LATEST.set(0);
        return Ok(wrap(y.value()));
    }
    let y = ops::call(&of.name, &inputs, &of.settings)?;
    let value = wrap(y.value());
    let record = keep(Typed { y, inputs });
    LATEST.set(RECORDS.with_borrow_mut(|records| records.put(record)));
    Ok(value)
}

/// Calls an op on the arrays whose handles `np_numbers` listed, and gives its result's handle. The
/// bits of `wanted` say by which of them it will be differentiated; with any, `ag_record` is the
/// record to pull through.
#[wasm_bindgen]
pub fn ag_run(prepared: u32, wanted: u32) -> std::result::Result<u32, JsValue> {
    let handles = array::numbers();
    let arrays: Vec<Array> = handles.iter().map(|&h| array::array(h as u32)).collect();
    let value = PREPARED.with_borrow(|all| {
        let of = all
            .get(prepared)
            .ok_or_else(|| missing("settings", prepared))?;
        let single = arrays.iter().any(|a| a.dtype() == DType::F32);
        if single && arrays.iter().all(|a| a.dtype() != DType::F64) {
            let inputs = arrays.iter().map(Array::typed::<f32>).collect();
            run(of, inputs, wanted, Array::F32, Record::F32)
        } else {
            let inputs = arrays.iter().map(Array::typed::<f64>).collect();
            run(of, inputs, wanted, Array::F64, Record::F64)
        }
    })?;
    array::handle(value)
}

/// The record of the last `ag_run`; 0 where nothing was wanted.
#[wasm_bindgen]
pub fn ag_record() -> u32 {
    LATEST.get()
}

fn pull<T: Scalar>(
    of: &Typed<T>,
    dy: &NdArray<T>,
    wrap: impl Fn(NdArray<T>) -> Array,
) -> Result<Vec<Option<Array>>> {
    if dy.shape() != of.y.shape() {
        return Err(Error::ShapeMismatch {
            place: of.y.op().into(),
            expected: of.y.shape(),
            got: dy.shape().to_vec(),
        });
    }
    let wanted: Vec<_> = of.inputs.iter().filter(|x| x.requires_grad()).collect();
    let leaves: Vec<_> = wanted.iter().map(|&x| x.clone()).collect();
    let mut gradients = vjp(&of.y, dy, &leaves).into_iter();
    let gradient = |x: &Tensor<T>| {
        x.requires_grad()
            .then(|| wrap(gradients.next().expect("one for each that is wanted")))
    };
    Ok(of.inputs.iter().map(gradient).collect())
}

/// Pulls dy, of the result's shape, back to the inputs; `ag_pulled` gives each one's gradient.
#[wasm_bindgen]
pub fn ag_pull(record: u32, dy: u32) -> Result<()> {
    let dy = array::array(dy);
    let pulled = RECORDS.with_borrow(|records| {
        match records
            .get(record)
            .ok_or_else(|| missing("record", record))?
        {
            Record::F32(of) => pull(of, &dy.typed::<f32>(), Array::F32),
            Record::F64(of) => pull(of, &dy.typed::<f64>(), Array::F64),
        }
    })?;
    PULLED.set(pulled);
    Ok(())
}

/// The handle of the gradient by one input, which is taken; 0 where it was not wanted.
#[wasm_bindgen]
pub fn ag_pulled(input: usize) -> std::result::Result<u32, JsValue> {
    let taken = PULLED.with_borrow_mut(|pulled| pulled.get_mut(input).and_then(Option::take));
    taken.map_or(Ok(0), array::handle)
}

/// Forgets a record and what it holds.
#[wasm_bindgen]
pub fn ag_forget(record: u32) {
    let forgotten = RECORDS.with_borrow_mut(|records| records.take(record));
    drop(forgotten);
}

/// How many records are alive.
#[wasm_bindgen]
pub fn ag_records_live() -> u32 {
    RECORDS.with_borrow(|records| (records.slots.len() - records.free.len()) as u32)
}
