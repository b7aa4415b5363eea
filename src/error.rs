//! Every mistake a user can make.
//!
//! A variant carries what was expected, what came and where. The page builds the reader's sentence
//! from `strings/<lang>/errors.json`: the key is [`Error::code`], the placeholders are the names of
//! [`Error::fields`]. `Display` is the English sentence for developers. A field therefore holds
//! numbers, shapes, names or symbols (`">= 1"`, `"gzip header"`), never a sentence of its own.
//!
//! To add a mistake, add one entry to the table below.

use std::fmt;

use serde_json::{Map, Value};

/// What a fallible function of the engine returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Declares the variants, their stable codes and their developer sentences in one place.
macro_rules! errors {
    ($(
        $(#[$doc:meta])*
        $variant:ident { $($field:ident : $kind:ty),* $(,)? } = $code:literal, $message:literal;
    )*) => {
        /// A mistake a user can make, as a value.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Error {
            $( $(#[$doc])* #[allow(missing_docs)] $variant { $($field: $kind),* }, )*
            /// A mistake that the `array` room named in its own table, in NumPy's words.
            #[allow(missing_docs)]
            Array { code: &'static str, fields: Vec<(&'static str, String)>, message: String },
        }

        impl Error {
            /// The stable name of the mistake, in snake case.
            pub fn code(&self) -> &'static str {
                match self {
                    $( Self::$variant { .. } => $code, )*
                    Self::Array { code, .. } => code,
                }
            }

            /// The fields by name, for the reader's sentence.
            pub fn fields(&self) -> Map<String, Value> {
                let mut fields = Map::new();
                match self {
                    $( Self::$variant { $($field),* } => {
                        $( fields.insert(stringify!($field).to_string(), serde_json::json!($field)); )*
                    } )*
                    Self::Array { fields: named, .. } => {
                        fields.extend(named.iter().map(|(name, value)| {
                            (name.to_string(), Value::from(value.as_str()))
                        }));
                    }
                }
                fields
            }

            /// All codes of this table, so that a test can hold the translations to them.
            pub fn codes() -> &'static [&'static str] {
                &[$($code),*]
            }
        }

        impl fmt::Display for Error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                #[allow(unused_variables)]
                match self {
                    $( Self::$variant { $($field),* } => write!(f, $message), )*
                    Self::Array { message, .. } => f.write_str(message),
                }
            }
        }
    };
}

errors! {
    /// Two shapes that do not broadcast together.
    BroadcastShapes { place: String, left: Vec<usize>, right: Vec<usize> }
        = "broadcast_shapes", "{place}: shapes {left:?} and {right:?} do not broadcast together";
    /// A shape other than the one wanted.
    ShapeMismatch { place: String, expected: Vec<usize>, got: Vec<usize> }
        = "shape_mismatch", "{place}: expected shape {expected:?}, got {got:?}";
    /// The wrong number of dimensions.
    DimensionCount { place: String, expected: String, got: Vec<usize> }
        = "dimension_count", "{place}: expected {expected} dimensions, got shape {got:?}";
    /// The wrong number of values.
    LengthMismatch { place: String, expected: usize, got: usize }
        = "length_mismatch", "{place}: expected {expected} values, got {got}";
    /// An axis that the array does not have.
    AxisOutOfRange { place: String, axis: i64, dimensions: usize }
        = "axis_out_of_range", "{place}: axis {axis} is out of range for {dimensions} dimensions";
    /// An index outside its axis.
    IndexOutOfRange { place: String, index: i64, size: usize }
        = "index_out_of_range", "{place}: index {index} is out of range for size {size}";
    /// An element type other than the one wanted.
    DtypeMismatch { place: String, expected: String, got: String }
        = "dtype_mismatch", "{place}: expected dtype {expected}, got {got}";
    /// A label that names no class.
    LabelOutOfRange { position: usize, label: u64, classes: usize }
        = "label_out_of_range", "label {label} at position {position} names none of {classes} classes";
    /// An argument outside its range; `expected` is a symbol such as `>= 1`.
    InvalidArgument { place: String, argument: String, expected: String, got: String }
        = "invalid_argument", "{place}: {argument} must be {expected}, got {got}";
    /// A file that is not what its format says; `offset` counts decompressed bytes.
    MalformedFile { format: String, offset: usize, expected: String, got: String }
        = "malformed_file", "{format} file: at byte {offset} expected {expected}, got {got}";
    /// An array of Python objects: only pickle reads it, and pickle runs what the file says.
    ObjectArray { descr: String }
        = "object_array", "npy file: an array of type {descr} holds pickled Python objects, which are not read";
    /// A file whose contents would exceed the limit.
    FileTooLarge { format: String, limit_bytes: u64, got_bytes: u64 }
        = "file_too_large", "{format} file: {got_bytes} bytes exceed the limit of {limit_bytes}";
    /// A weights file without a tensor that the model needs.
    MissingTensor { name: String }
        = "missing_tensor", "the weights hold no tensor named {name}";
    /// A weights file with a tensor that the model does not have.
    UnexpectedTensor { name: String }
        = "unexpected_tensor", "the weights hold a tensor named {name}, which the model does not have";
    /// A run whose JSON cannot be read; `reason` is the reader's own.
    MalformedSpec { place: String, reason: String }
        = "malformed_spec", "{place}: {reason}";
    /// A field that a run's JSON may not have.
    UnknownField { place: String, field: String, expected: String }
        = "unknown_field", "{place}: there is no field {field}; the fields are {expected}";
    /// A field that a run's JSON must have.
    MissingField { place: String, field: String }
        = "missing_field", "{place}: the field {field} is missing";
    /// A name that is none of those known.
    UnknownName { place: String, expected: String, got: String }
        = "unknown_name", "{place}: expected one of {expected}, got {got}";
    /// A model whose input shape no layer could take.
    ModelInput { expected: String, got: Vec<usize> }
        = "model_input", "model input: expected {expected}, got {got:?}";
    /// A layer that cannot take the shape before it.
    LayerInput { layer: String, kind: String, expected: String, got: Vec<usize> }
        = "layer_input", "layer {layer} ({kind}): expected input {expected}, got {got:?}";
    /// A layer with an argument outside its range.
    LayerArgument { layer: String, kind: String, argument: String, expected: String, got: String }
        = "layer_argument", "layer {layer} ({kind}): {argument} must be {expected}, got {got}";
    /// A name that stands for two inputs or layers, or for nothing.
    DuplicateName { name: String }
        = "duplicate_name", "{name:?} must name one input or layer";
    /// Layers that wait for one another; each is taken by the next, the last by the first.
    GraphCycle { layers: Vec<String> }
        = "graph_cycle", "the layers {layers:?} form a cycle";
    /// An input or a layer that nobody takes on the way to the output.
    UnusedNode { name: String }
        = "unused_node", "no way leads from {name} to the output";
    /// A model that does not end in what its loss needs.
    LastLayer { expected: String, got: String }
        = "last_layer", "the last layer must be {expected}, got {got}";
    /// A model with an array larger than a run may use; counted in elements.
    ModelTooLarge { place: String, limit: usize, got: u64 }
        = "model_too_large", "{place}: {got} elements exceed the limit of {limit}";
    /// A run asked to train or to evaluate without the data for it.
    NoData { split: String }
        = "no_data", "the {split} data were not set";
    /// The platform has no source of randomness.
    NoEntropy { reason: String }
        = "no_entropy", "the platform gave no random bytes: {reason}";
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_gives_its_code_its_fields_and_a_sentence() {
        let error = Error::ShapeMismatch {
            place: "dense".into(),
            expected: vec![3, 4],
            got: vec![4, 3],
        };
        assert_eq!(error.code(), "shape_mismatch");
        assert_eq!(
            Value::Object(error.fields()),
            serde_json::json!({"place": "dense", "expected": [3, 4], "got": [4, 3]})
        );
        assert_eq!(
            error.to_string(),
            "dense: expected shape [3, 4], got [4, 3]"
        );
    }

    #[test]
    fn codes_are_snake_case_and_different() {
        let mut codes = Error::codes().to_vec();
        assert!(
            codes
                .iter()
                .all(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Error::codes().len());
    }
}
