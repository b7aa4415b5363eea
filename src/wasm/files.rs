//! Readers of data files.

use js_sys::{Array, Float32Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::session::{object, to_js};
use crate::data::gzip::Source;
use crate::data::npy::Numbers;
use crate::data::{cifar, idx, npy, tar};
use crate::error::Result;

fn array(shape: &[usize], numbers: &Numbers) -> Object {
    let data = match numbers {
        Numbers::U8(bytes) => Uint8Array::from(&bytes[..]).into(),
        Numbers::F32(values) => Float32Array::from(&values[..]).into(),
    };
    object([("shape", to_js(&shape)), ("data", data)])
}

/// `{shape, data}` of an IDX file; bytes stay bytes, all else becomes f32.
#[wasm_bindgen(js_name = readIdx)]
pub fn read_idx(file: &[u8]) -> Result<Object> {
    let idx::Idx { shape, values } = idx::parse(file)?;
    Ok(array(&shape, &values.into_numbers()))
}

/// `{shape, data}` of an npy file, in C order.
#[wasm_bindgen(js_name = readNpy)]
pub fn read_npy(file: &[u8]) -> Result<Object> {
    let npy::Npy { shape, numbers, .. } = npy::parse(file)?;
    Ok(array(&shape, &numbers))
}

/// `{pixels, labels}` of a binary file of CIFAR-10, or of CIFAR-100.
#[wasm_bindgen(js_name = readCifar)]
pub fn read_cifar(file: &[u8], hundred: bool) -> Result<Object> {
    let set = if hundred {
        cifar::Set::Hundred
    } else {
        cifar::Set::Ten
    };
    let read = cifar::parse(set, file)?;
    Ok(object([
        ("pixels", Uint8Array::from(&read.pixels[..]).into()),
        ("labels", Uint8Array::from(&read.labels[..]).into()),
    ]))
}

/// What a gzip holds.
#[wasm_bindgen]
pub fn gunzip(file: &[u8]) -> Result<Uint8Array> {
    let bytes = Source::new("gzip", file).rest(idx::LIMIT_BYTES)?;
    Ok(Uint8Array::from(&bytes[..]))
}

/// `{name, from, to}` of each plain file of a tar.
#[wasm_bindgen(js_name = listTar)]
pub fn list_tar(archive: &[u8]) -> Result<Array> {
    let entry = |entry: tar::Entry| {
        object([
            ("name", JsValue::from_str(&entry.name)),
            ("from", JsValue::from(entry.bytes.start)),
            ("to", JsValue::from(entry.bytes.end)),
        ])
    };
    Ok(tar::list(archive)?.into_iter().map(entry).collect())
}
