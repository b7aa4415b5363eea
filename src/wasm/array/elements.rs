//! Single elements and bytes, in and out.

use wasm_bindgen::prelude::*;

use super::{Answer, crossing, made, room_for, sizes, thrown, with, writeable};
use crate::array::error::ArrayError;
use crate::array::storage::Element;
use crate::array::{Array, DType, NdArray};

/// Where an index of one entry an axis points, negative ones counted from the end.
fn place<const K: usize>(shape: &[usize], index: [f64; K]) -> Result<[usize; K], ArrayError> {
    let mut out = [0; K];
    for axis in 0..K {
        let (n, i) = (shape[axis] as f64, index[axis]);
        if i < -n || i >= n {
            return Err(ArrayError::Index {
                index: i as isize,
                axis,
                size: shape[axis],
            });
        }
        out[axis] = (if i < 0.0 { i + n } else { i }) as usize;
    }
    Ok(out)
}

fn get<const K: usize>(a: u32, index: [f64; K]) -> Answer<f64> {
    with(a, |a| {
        place(a.shape(), index).map(|index| crossing(a.number(&index)))
    })
    .map_err(thrown)
}

fn set<const K: usize>(a: u32, value: f64, index: [f64; K]) -> Answer<()> {
    writeable(a)?;
    with(a, |a| {
        let index = place(a.shape(), index)?;
        match a {
            Array::Bool(x) => x.set(&index, value != 0.0),
            Array::I64(x) => x.set(&index, value as i64),
            Array::F32(x) => x.set(&index, value as f32),
            Array::F64(x) => x.set(&index, value),
        }
        Ok(())
    })
    .map_err(thrown)
}

#[wasm_bindgen]
pub fn np_get0(a: u32) -> Answer<f64> {
    get(a, [])
}

#[wasm_bindgen]
pub fn np_get1(a: u32, i: f64) -> Answer<f64> {
    get(a, [i])
}

#[wasm_bindgen]
pub fn np_get2(a: u32, i: f64, j: f64) -> Answer<f64> {
    get(a, [i, j])
}

#[wasm_bindgen]
pub fn np_get3(a: u32, i: f64, j: f64, k: f64) -> Answer<f64> {
    get(a, [i, j, k])
}

#[wasm_bindgen]
pub fn np_get4(a: u32, i: f64, j: f64, k: f64, l: f64) -> Answer<f64> {
    get(a, [i, j, k, l])
}

#[wasm_bindgen]
pub fn np_set1(a: u32, value: f64, i: f64) -> Answer<()> {
    set(a, value, [i])
}

#[wasm_bindgen]
pub fn np_set2(a: u32, value: f64, i: f64, j: f64) -> Answer<()> {
    set(a, value, [i, j])
}

#[wasm_bindgen]
pub fn np_set3(a: u32, value: f64, i: f64, j: f64, k: f64) -> Answer<()> {
    set(a, value, [i, j, k])
}

#[wasm_bindgen]
pub fn np_set4(a: u32, value: f64, i: f64, j: f64, k: f64, l: f64) -> Answer<()> {
    set(a, value, [i, j, k, l])
}

/// The only element of an int64 array, whole: a float64 holds 53 bits.
#[wasm_bindgen]
pub fn np_item_int(a: u32) -> i64 {
    with(a, |a| a.typed::<i64>().item())
}

/// An int64 of two halves, as an array without axes.
#[wasm_bindgen]
pub fn np_int(high: f64, low: f64) -> Answer<i32> {
    let value = ((high as i64) << 32) | low as i64;
    made(Ok(NdArray::scalar(value).into()))
}

/// The elements in C order, little-endian.
#[wasm_bindgen]
pub fn np_bytes(a: u32) -> Answer<Vec<u8>> {
    // The elements in C order, and their bytes.
    room_for(a, 8, 2)?;
    Ok(with(a, |a| match a {
        Array::Bool(x) => x.to_vec().into_iter().map(u8::from).collect(),
        Array::I64(x) => x.to_vec().into_iter().flat_map(i64::to_le_bytes).collect(),
        Array::F32(x) => x.to_vec().into_iter().flat_map(f32::to_le_bytes).collect(),
        Array::F64(x) => x.to_vec().into_iter().flat_map(f64::to_le_bytes).collect(),
    }))
}

fn parse<T: Element, const K: usize>(
    bytes: &[u8],
    shape: &[usize],
    read: impl Fn([u8; K]) -> T,
) -> Result<NdArray<T>, ArrayError> {
    let (cells, _) = bytes.as_chunks::<K>();
    NdArray::try_from_vec(cells.iter().map(|&cell| read(cell)).collect(), shape)
}

/// An array of the shape of `np_numbers` from its elements' bytes, little-endian, in C order.
#[wasm_bindgen]
pub fn np_from_bytes(dtype: u32, bytes: &[u8]) -> Answer<i32> {
    let dtype = DType::from_code(dtype);
    let shape = sizes(dtype.item_bytes())?;
    made(match dtype {
        DType::Bool => parse(bytes, &shape, |[b]| b != 0).map(Array::from),
        DType::I64 => parse(bytes, &shape, i64::from_le_bytes).map(Array::from),
        DType::F32 => parse(bytes, &shape, f32::from_le_bytes).map(Array::from),
        DType::F64 => parse(bytes, &shape, f64::from_le_bytes).map(Array::from),
    })
}

/// Writes the bytes of as many elements over the array's, in C order.
#[wasm_bindgen]
pub fn np_fill_bytes(a: u32, bytes: &[u8]) -> Answer<()> {
    writeable(a)?;
    let shape = with(a, |a| a.shape().to_vec());
    super::NUMBERS.set(shape.iter().map(|&n| n as f64).collect());
    let source = np_from_bytes(a & 3, bytes)?;
    let filled = super::with_two(a, source as u32, |a, source| a.assign(source)).map_err(thrown);
    super::np_free(source as u32);
    filled
}

/// The fewest digits that read back as this float32.
#[wasm_bindgen]
pub fn np_float32_text(value: f32) -> String {
    format!("{value:e}")
}
