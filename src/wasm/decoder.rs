//! A trained language model, token by token, as the package's `Decoder` calls it.

use js_sys::{Array, Float32Array};
use wasm_bindgen::prelude::*;

use super::session::{Session, object};
use crate::error::Result;
use crate::train;

#[wasm_bindgen]
pub struct Decoder(train::Decoder);

#[wasm_bindgen]
impl Session {
    /// The model as it stands, to be asked token by token.
    pub fn decoder(&self) -> Result<Decoder> {
        Ok(Decoder(self.0.decoder()?))
    }
}

#[wasm_bindgen]
impl Decoder {
    /// What the model answers after one more token `[classes]`.
    pub fn step(&mut self, token: u32) -> Result<Vec<f32>> {
        self.0.step(token)
    }

    pub fn truncate(&mut self, len: usize) -> Result<()> {
        self.0.truncate(len)
    }

    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }

    #[wasm_bindgen(getter)]
    pub fn context(&self) -> usize {
        self.0.context()
    }

    /// `[{name, shares}]`, shares `[heads][length]`.
    pub fn attention(&self) -> Array {
        let told = |(name, shares): (String, Vec<f32>)| {
            object([
                ("name", JsValue::from_str(&name)),
                ("shares", Float32Array::from(&shares[..]).into()),
            ])
        };
        self.0.attention().into_iter().map(told).collect()
    }
}
