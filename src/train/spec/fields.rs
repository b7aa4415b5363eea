//! Reading an object of a run field by field.
//!
//! What is left out is written in with its default, so that the object then tells the whole layer.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::spec_error;
use crate::error::{Error, Result};

/// An object being read. The first mistake is kept for [`Fields::finish`], after which nobody sees
/// the values that stood in for what was missing.
pub(in crate::train) struct Fields {
    place: String,
    given: Map<String, Value>,
    known: Vec<&'static str>,
    mistake: Option<Error>,
}

impl Fields {
    /// `place` says in errors where the object stands.
    pub fn new(place: String, given: Map<String, Value>) -> Fields {
        Fields {
            place,
            given,
            known: Vec::new(),
            mistake: None,
        }
    }

    /// A field that must be there.
    pub fn required<T: DeserializeOwned + Default>(&mut self, name: &'static str) -> T {
        self.known.push(name);
        match self.given.get(name) {
            Some(value) => {
                let read = T::deserialize(value);
                self.or_mistake(name, read)
            }
            None => {
                let (place, field) = (self.place.clone(), name.into());
                self.mistake
                    .get_or_insert(Error::MissingField { place, field });
                T::default()
            }
        }
    }

    /// A field with a default.
    pub fn or<T: DeserializeOwned + Serialize + Default>(
        &mut self,
        name: &'static str,
        default: T,
    ) -> T {
        if !self.given.contains_key(name) {
            let value = serde_json::to_value(&default).expect("a default is plain data");
            self.given.insert(name.into(), value);
        }
        self.required(name)
    }

    /// A field that may be left out.
    pub fn optional<T: DeserializeOwned + Default>(&mut self, name: &'static str) -> Option<T> {
        if self.given.contains_key(name) {
            return self.required(name);
        }
        self.known.push(name);
        None
    }

    fn or_mistake<T: Default>(&mut self, name: &str, read: serde_json::Result<T>) -> T {
        read.unwrap_or_else(|error| {
            let mistake = match spec_error(&self.place, &error) {
                Error::MalformedSpec { place, reason } => Error::MalformedSpec {
                    place,
                    reason: format!("{name}: {reason}"),
                },
                other => other,
            };
            self.mistake.get_or_insert(mistake);
            T::default()
        })
    }

    /// The object with its defaults.
    ///
    /// Errs on a field that nobody asked for, and else on the first mistake.
    pub fn finish(self) -> Result<Map<String, Value>> {
        if let Some(field) = self
            .given
            .keys()
            .find(|key| !self.known.contains(&&key[..]))
        {
            return Err(Error::UnknownField {
                place: self.place,
                field: field.clone(),
                expected: self.known.join(", "),
            });
        }
        match self.mistake {
            Some(mistake) => Err(mistake),
            None => Ok(self.given),
        }
    }
}
