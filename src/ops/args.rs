//! What an op is called with by name: tensors, and settings as JSON.

use std::cell::RefCell;

use serde_json::Value;

use super::indices::{integers, nested};
use crate::array::NdArray;
use crate::array::dtype::{Cast, Held};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// Settings by name.
pub type Settings = serde_json::Map<String, Value>;

/// The arguments of one call; remembers which settings were read, so that a misspelt one is told.
pub struct Args<'a, T: Scalar> {
    op: &'a str,
    tensors: &'a [Tensor<T>],
    settings: &'a Settings,
    read: RefCell<Vec<String>>,
}

impl<'a, T: Scalar> Args<'a, T> {
    pub(super) fn new(op: &'a str, tensors: &'a [Tensor<T>], settings: &'a Settings) -> Self {
        Self {
            op,
            tensors,
            settings,
            read: RefCell::new(Vec::new()),
        }
    }

    fn error(&self, argument: &str, expected: &str, got: impl ToString) -> Error {
        Error::InvalidArgument {
            place: self.op.into(),
            argument: argument.into(),
            expected: expected.into(),
            got: got.to_string(),
        }
    }

    /// All tensors.
    pub fn tensors(&self) -> &'a [Tensor<T>] {
        self.tensors
    }

    /// A tensor that must be there, counted from 0.
    pub fn tensor(&self, index: usize) -> Result<&'a Tensor<T>> {
        self.tensors
            .get(index)
            .ok_or_else(|| self.error(&format!("tensor {index}"), "an array", "none"))
    }

    /// A tensor that may be left out.
    pub fn optional_tensor(&self, index: usize) -> Option<&'a Tensor<T>> {
        self.tensors.get(index)
    }

    /// Indices: integers in the tensor at a place or, where there is none, in the setting
    /// `indices`, an integer or lists of them to any depth.
    pub fn indices(&self, index: usize) -> Result<NdArray<i64>> {
        if let Some(tensor) = self.optional_tensor(index) {
            return integers(self.op, &tensor.value());
        }
        let listed = self.json("indices").and_then(nested);
        listed.ok_or_else(|| self.refused("indices", "integers, [integers], ..."))
    }

    /// A mask: it holds where the tensor at a place is not 0.
    pub fn mask(&self, index: usize) -> Result<NdArray<bool>> {
        Ok(self.tensor(index)?.value().map(|mask| mask != T::ZERO))
    }

    /// The setting unless it is left out or null.
    fn setting(&self, name: &str) -> Option<&'a Value> {
        let mut read = self.read.borrow_mut();
        if !read.iter().any(|known| known == name) {
            read.push(name.to_string());
        }
        self.settings.get(name).filter(|value| !value.is_null())
    }

    fn required<R>(&self, name: &str, expected: &str, value: Option<R>) -> Result<R> {
        value.ok_or_else(|| self.error(name, expected, "none"))
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<Option<f64>> {
        self.parsed(name, "a number", Value::as_f64)
    }

    /// A list of numbers.
    pub fn numbers(&self, name: &str) -> Result<Option<Vec<f64>>> {
        self.parsed(name, "a list of numbers", |value| {
            value.as_array()?.iter().map(Value::as_f64).collect()
        })
    }

    /// A number that must be there.
    pub fn required_number(&self, name: &str) -> Result<f64> {
        let value = self.number(name)?;
        self.required(name, "a number", value)
    }

    /// true or false; false where it is left out.
    pub fn flag(&self, name: &str) -> Result<bool> {
        Ok(self
            .parsed(name, "true, false", Value::as_bool)?
            .unwrap_or(false))
    }

    /// A name, which is left to the op to understand.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>> {
        match self.setting(name) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .map(Some)
                .ok_or_else(|| self.error(name, "a name", value)),
        }
    }

    /// An integer or a list of them.
    pub fn integers(&self, name: &str) -> Result<Option<Vec<i64>>> {
        self.parsed(name, "an integer or a list of them", |value| match value {
            Value::Array(values) => values.iter().map(Value::as_i64).collect(),
            value => Some(vec![value.as_i64()?]),
        })
    }

    /// One integer.
    pub fn integer(&self, name: &str) -> Result<Option<i64>> {
        self.parsed(name, "an integer", Value::as_i64)
    }

    /// One integer that must be there.
    pub fn required_integer(&self, name: &str) -> Result<i64> {
        let value = self.integer(name)?;
        self.required(name, "an integer", value)
    }

    /// Sizes that must be there: an integer or a list of them, none negative.
    pub fn required_sizes(&self, name: &str) -> Result<Vec<usize>> {
        let sizes = self.sizes(name)?;
        self.required(name, "integers >= 0", sizes)
    }

    /// Sizes: an integer or a list of them, none negative.
    pub fn sizes(&self, name: &str) -> Result<Option<Vec<usize>>> {
        let size = |value: i64| {
            usize::try_from(value).map_err(|_| self.error(name, "integers >= 0", value))
        };
        match self.integers(name)? {
            None => Ok(None),
            Some(values) => values
                .into_iter()
                .map(size)
                .collect::<Result<_>>()
                .map(Some),
        }
    }

    /// One size.
    pub fn size(&self, name: &str) -> Result<Option<usize>> {
        match self.sizes(name)?.as_deref() {
            None => Ok(None),
            Some(&[size]) => Ok(Some(size)),
            Some(other) => Err(self.error(name, "an integer", format!("{other:?}"))),
        }
    }

    /// Two sizes, down and across; one integer means both.
    pub fn pair(&self, name: &str) -> Result<Option<(usize, usize)>> {
        match self.sizes(name)?.as_deref() {
            None => Ok(None),
            Some(&[both]) => Ok(Some((both, both))),
            Some(&[down, across]) => Ok(Some((down, across))),
            Some(other) => Err(self.error(name, "1 or 2 integers", format!("{other:?}"))),
        }
    }

    /// Any JSON, which is left to the op to understand.
    pub fn json(&self, name: &str) -> Option<&'a Value> {
        self.setting(name)
    }

    /// What the op answers when it cannot understand a setting.
    pub fn refused(&self, name: &str, expected: &str) -> Error {
        let got = self.settings.get(name).cloned().unwrap_or(Value::Null);
        self.error(name, expected, got)
    }

    fn parsed<R>(
        &self,
        name: &str,
        expected: &str,
        parse: impl Fn(&Value) -> Option<R>,
    ) -> Result<Option<R>> {
        match self.setting(name) {
            None => Ok(None),
            Some(value) => parse(value)
                .map(Some)
                .ok_or_else(|| self.error(name, expected, value)),
        }
    }

    pub(super) fn refuse_unread(&self) -> Result<()> {
        let read = self.read.borrow();
        match self.settings.keys().find(|name| !read.contains(*name)) {
            None => Ok(()),
            Some(name) => Err(self.error("setting", &read.join(", "), name)),
        }
    }
}

/// Booleans and indices as ops give them by name: numbers, without a gradient.
///
/// f32 holds indices below 2²⁴ exactly.
pub fn answer<T: Scalar, A: Held>(values: &NdArray<A>) -> Tensor<T> {
    Tensor::constant(values.map(|value| T::from_f64(Cast::<f64>::cast(value))))
}
