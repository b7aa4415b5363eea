//! The only place that names wasm_bindgen, js_sys, web_sys and serde_wasm_bindgen.
//!
//! A mistake crosses as a JavaScript `Error` with `code` and `fields`: every binding may return
//! `crate::error::Result`. A panic traps; its message waits in [`take_panic`].
//!
//! The package holds three modules, so that nobody downloads what they don't use: `train` for the
//! page's training workers, `compression` for its compression room, `python` for its Python. A new
//! file here belongs to one feature, or to `session`, which the first two have in common.

#[cfg(feature = "python")]
pub mod array;
#[cfg(feature = "python")]
mod autograd;
#[cfg(feature = "compression")]
mod compression;
#[cfg(feature = "session")]
mod decoder;
#[cfg(feature = "session")]
mod files;
#[cfg(feature = "python")]
mod records;
#[cfg(feature = "session")]
mod session;
#[cfg(feature = "session")]
mod shards;
#[cfg(feature = "train")]
mod team;

use std::cell::RefCell;

use js_sys::{JSON, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::Error;

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs when the module is instantiated.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.to_string();
        LAST_PANIC.with(|last| *last.borrow_mut() = Some(message));
    }));
}

/// The message of the panic that made the last call trap. After a trap nothing else may be called.
#[wasm_bindgen(js_name = takePanic)]
pub fn take_panic() -> Option<String> {
    LAST_PANIC.with(|last| last.borrow_mut().take())
}

/// Panics, so that a test can see that a panic reaches the page as a sentence.
#[wasm_bindgen]
pub fn panic(message: &str) {
    panic!("{message}");
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let js = js_sys::Error::new(&error.to_string());
        js.set_name("DanluError");
        let fields = serde_json::Value::Object(error.fields()).to_string();
        let fields = JSON::parse(&fields).expect("serde_json writes what JSON.parse reads");
        for (key, value) in [
            ("code", JsValue::from_str(error.code())),
            ("fields", fields),
        ] {
            Reflect::set(&js, &JsValue::from_str(key), &value).expect("an Error takes properties");
        }
        js.into()
    }
}
