//! Keys: `a[key]`, `a[key] = value`, `ufunc.at`.
//!
//! A key crosses as up to four entries of four numbers (tag, and three of its own); longer keys put
//! their first entries through `np_key`. Tags: 0 int, 1 slice (plus 8 with a start, 16 with a stop),
//! 2 new axis, 3 ellipsis, 4 index array by handle.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::{Answer, made, number, thrown, viewed, with, with_two, writeable};
use crate::array::Array;
use crate::array::binary::BinaryOp;
use crate::array::index::Item;

thread_local! {
    static KEY: RefCell<Vec<Item>> = const { RefCell::new(Vec::new()) };
}

fn entry(tag: u32, a: f64, b: f64, c: f64) -> Item {
    match tag & 7 {
        0 => Item::Int(a as i64),
        1 => Item::Slice {
            start: (tag & 8 != 0).then_some(a as i64),
            stop: (tag & 16 != 0).then_some(b as i64),
            step: c as i64,
        },
        2 => Item::NewAxis,
        3 => Item::Ellipsis,
        _ => match super::array(a as u32) {
            Array::Bool(mask) => Item::Mask(mask),
            ints => Item::Ints(ints.typed()),
        },
    }
}

/// Adds an entry to the next key.
#[wasm_bindgen]
pub fn np_key(tag: u32, a: f64, b: f64, c: f64) {
    KEY.with_borrow_mut(|key| key.push(entry(tag, a, b, c)));
}

/// Forgets a key that was begun.
#[wasm_bindgen]
pub fn np_key_clear() {
    KEY.with_borrow_mut(|key| key.clear());
}

macro_rules! with_key {
    ($(#[$doc:meta])* $name:ident($($arg:ident: $T:ty),*) -> $R:ty, $key:ident => $body:expr) => {
        $(#[$doc])*
        #[wasm_bindgen]
        #[allow(clippy::too_many_arguments)]
        pub fn $name(
            $($arg: $T,)* count: u32,
            tag_1: u32, a_1: f64, b_1: f64, c_1: f64,
            tag_2: u32, a_2: f64, b_2: f64, c_2: f64,
            tag_3: u32, a_3: f64, b_3: f64, c_3: f64,
            tag_4: u32, a_4: f64, b_4: f64, c_4: f64,
        ) -> $R {
            let mut $key = KEY.take();
            let entries = [
                (tag_1, a_1, b_1, c_1),
                (tag_2, a_2, b_2, c_2),
                (tag_3, a_3, b_3, c_3),
                (tag_4, a_4, b_4, c_4),
            ];
            for (tag, a, b, c) in &entries[..count as usize] {
                $key.push(entry(*tag, *a, *b, *c));
            }
            $body
        }
    };
}

with_key! {
    np_get_item(a: u32) -> Answer<i32>, key => {
        let (array, view) = with(a, |array| array.get_item(&key)).map_err(thrown)?;
        if view { viewed(a, Ok(array)) } else { made(Ok(array)) }
    }
}

with_key! {
    np_set_item(a: u32, value: u32) -> Answer<()>, key => {
        writeable(a)?;
        with_two(a, value, |a, value| a.set_item(&key, value)).map_err(thrown)
    }
}

with_key! {
    np_set_number(a: u32, value: f64, kind: u32) -> Answer<()>, key => {
        writeable(a)?;
        let (scalar, _) = number(value, kind);
        with(a, |a| a.set_item(&key, &scalar)).map_err(thrown)
    }
}

with_key! {
    np_update_at(op: u32, a: u32, value: u32) -> Answer<()>, key => {
        writeable(a)?;
        let op = BinaryOp::from_code(op).expect("a code of np_operations");
        with_two(a, value, |a, value| a.update_at(op, &key, value)).map_err(thrown)
    }
}

/// `a[i]` of an array with more than one axis.
#[wasm_bindgen]
pub fn np_row(a: u32, i: f64) -> Answer<i32> {
    let view = with(a, |a| {
        let n = a.shape()[0] as f64;
        if i < -n || i >= n {
            return Err(crate::array::ArrayError::Index {
                index: i as isize,
                axis: 0,
                size: n as usize,
            });
        }
        Ok(a.index_axis(0, (if i < 0.0 { i + n } else { i }) as usize))
    });
    viewed(a, view)
}

/// `a[start:stop:step]`; the tag is that of a slice.
#[wasm_bindgen]
pub fn np_slice(a: u32, tag: u32, start: f64, stop: f64, step: f64) -> Answer<i32> {
    let key = [entry(tag, start, stop, step)];
    viewed(a, with(a, |a| a.get_item(&key)).map(|(view, _)| view))
}
