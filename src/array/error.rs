//! What a caller of an array can get wrong. `Display` speaks NumPy's words, because that is what a
//! learner's traceback shows; `code` and `fields` are for a page that builds its own sentence.

use std::fmt;

/// The Python exception that an error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Value,
    Type,
    Index,
    Axis,
    Memory,
    ZeroDivision,
    NotImplemented,
    LinAlg,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Value => "ValueError",
            Kind::Type => "TypeError",
            Kind::Index => "IndexError",
            Kind::Axis => "AxisError",
            Kind::Memory => "MemoryError",
            Kind::ZeroDivision => "ZeroDivisionError",
            Kind::NotImplemented => "NotImplementedError",
            Kind::LinAlg => "LinAlgError",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArrayError {
    /// Shapes that do not broadcast together.
    Broadcast {
        shapes: Vec<Vec<usize>>,
    },
    /// A value that does not fit the place it is assigned to.
    BroadcastInto {
        from: Vec<usize>,
        into: Vec<usize>,
    },
    /// A result that does not fit `out` or the left side of an in-place operator.
    OutputShape {
        output: Vec<usize>,
        result: Vec<usize>,
    },
    Reshape {
        size: usize,
        shape: Vec<isize>,
    },
    /// The number of values does not fill the shape.
    Length {
        expected: usize,
        got: usize,
    },
    Axis {
        axis: isize,
        ndim: usize,
    },
    RepeatedAxis {
        what: &'static str,
    },
    AxesCount {
        expected: usize,
        got: usize,
    },
    Index {
        index: isize,
        axis: usize,
        size: usize,
    },
    TooManyIndices {
        ndim: usize,
        indexed: usize,
    },
    /// Index arrays that do not broadcast together.
    IndexShapes {
        shapes: Vec<Vec<usize>>,
    },
    BooleanIndex {
        axis: usize,
        size: usize,
        mask: usize,
    },
    /// A boolean-mask assignment with the wrong number of values.
    MaskAssign {
        values: usize,
        places: usize,
    },
    /// Matrix product with unequal inner sizes.
    Matmul {
        left: Vec<usize>,
        right: Vec<usize>,
        left_core: usize,
        right_core: usize,
    },
    /// An empty reduction that has no identity.
    EmptyReduction {
        operation: &'static str,
    },
    /// An operation that a dtype does not have.
    Unsupported {
        operation: String,
        dtypes: String,
    },
    /// A cast that NumPy's `same_kind` rule forbids.
    Cast {
        operation: String,
        from: &'static str,
        into: &'static str,
    },
    ReadOnly,
    /// Arrays of too many axes or elements.
    TooLarge {
        limit: usize,
        got: usize,
    },
    /// Everything that one operation says in its own words.
    Other {
        kind: Kind,
        code: &'static str,
        message: String,
    },
}

pub type Result<T> = std::result::Result<T, ArrayError>;

/// A shape as Python prints a tuple without spaces, which is how NumPy's ufuncs print it.
pub fn tight(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            shape
                .iter()
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .join(",")
        ),
    }
}

/// A shape as `repr` prints a tuple.
pub fn tuple(shape: &[usize]) -> String {
    match shape {
        [n] => format!("({n},)"),
        _ => format!(
            "({})",
            shape
                .iter()
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn several(shapes: &[Vec<usize>]) -> String {
    shapes.iter().map(|shape| tight(shape) + " ").collect()
}

impl ArrayError {
    pub fn value(code: &'static str, message: impl Into<String>) -> Self {
        ArrayError::Other {
            kind: Kind::Value,
            code,
            message: message.into(),
        }
    }

    pub fn type_error(code: &'static str, message: impl Into<String>) -> Self {
        ArrayError::Other {
            kind: Kind::Type,
            code,
            message: message.into(),
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            ArrayError::Axis { .. } => Kind::Axis,
            ArrayError::Index { .. }
            | ArrayError::TooManyIndices { .. }
            | ArrayError::IndexShapes { .. }
            | ArrayError::BooleanIndex { .. } => Kind::Index,
            ArrayError::Unsupported { .. } | ArrayError::Cast { .. } => Kind::Type,
            ArrayError::TooLarge { .. } => Kind::Memory,
            ArrayError::Other { kind, .. } => *kind,
            _ => Kind::Value,
        }
    }

    /// The stable name of this mistake.
    pub fn code(&self) -> &'static str {
        match self {
            ArrayError::Broadcast { .. } => "array_broadcast",
            ArrayError::BroadcastInto { .. } => "array_broadcast_into",
            ArrayError::OutputShape { .. } => "array_output_shape",
            ArrayError::Reshape { .. } => "array_reshape",
            ArrayError::Length { .. } => "array_length",
            ArrayError::Axis { .. } => "array_axis",
            ArrayError::RepeatedAxis { .. } => "array_repeated_axis",
            ArrayError::AxesCount { .. } => "array_axes_count",
            ArrayError::Index { .. } => "array_index",
            ArrayError::TooManyIndices { .. } => "array_too_many_indices",
            ArrayError::IndexShapes { .. } => "array_index_shapes",
            ArrayError::BooleanIndex { .. } => "array_boolean_index",
            ArrayError::MaskAssign { .. } => "array_mask_assign",
            ArrayError::Matmul { .. } => "array_matmul",
            ArrayError::EmptyReduction { .. } => "array_empty_reduction",
            ArrayError::Unsupported { .. } => "array_unsupported",
            ArrayError::Cast { .. } => "array_cast",
            ArrayError::ReadOnly => "array_read_only",
            ArrayError::TooLarge { .. } => "array_too_large",
            ArrayError::Other { code, .. } => code,
        }
    }

    /// The values that a sentence about this mistake needs, by name.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            ArrayError::Broadcast { shapes } | ArrayError::IndexShapes { shapes } => {
                vec![("shapes", several(shapes).trim_end().to_string())]
            }
            ArrayError::BroadcastInto { from, into } => {
                vec![("expected", tuple(into)), ("got", tuple(from))]
            }
            ArrayError::OutputShape { output, result } => {
                vec![("expected", tuple(result)), ("got", tuple(output))]
            }
            ArrayError::Reshape { size, .. } => vec![("expected", size.to_string())],
            ArrayError::Length { expected, got }
            | ArrayError::AxesCount { expected, got }
            | ArrayError::TooLarge {
                limit: expected,
                got,
            } => {
                vec![("expected", expected.to_string()), ("got", got.to_string())]
            }
            ArrayError::Axis { axis, ndim } => {
                vec![("axis", axis.to_string()), ("ndim", ndim.to_string())]
            }
            ArrayError::Index { index, axis, size } => vec![
                ("index", index.to_string()),
                ("axis", axis.to_string()),
                ("size", size.to_string()),
            ],
            ArrayError::TooManyIndices { ndim, indexed } => {
                vec![("expected", ndim.to_string()), ("got", indexed.to_string())]
            }
            ArrayError::BooleanIndex { axis, size, mask } => vec![
                ("axis", axis.to_string()),
                ("expected", size.to_string()),
                ("got", mask.to_string()),
            ],
            ArrayError::MaskAssign { values, places } => {
                vec![
                    ("expected", places.to_string()),
                    ("got", values.to_string()),
                ]
            }
            ArrayError::Matmul { left, right, .. } => {
                vec![("left", tuple(left)), ("right", tuple(right))]
            }
            _ => vec![("message", self.to_string())],
        }
    }
}

impl fmt::Display for ArrayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArrayError::Broadcast { shapes } => {
                write!(
                    f,
                    "operands could not be broadcast together with shapes {}",
                    several(shapes)
                )
            }
            ArrayError::BroadcastInto { from, into } => write!(
                f,
                "could not broadcast input array from shape {} into shape {}",
                tight(from),
                tight(into)
            ),
            ArrayError::OutputShape { output, result } => write!(
                f,
                "non-broadcastable output operand with shape {} doesn't match the broadcast shape {}",
                tight(output),
                tight(result)
            ),
            ArrayError::Reshape { size, shape } => {
                // As NumPy tells it: unknown sizes in front are left out, later ones are `newaxis`.
                let known = shape.iter().skip_while(|&&n| n < 0);
                let inner: Vec<String> = known
                    .map(|&n| {
                        if n < 0 {
                            "newaxis".into()
                        } else {
                            n.to_string()
                        }
                    })
                    .collect();
                let comma = if shape.len() == 1 { "," } else { "" };
                write!(
                    f,
                    "cannot reshape array of size {size} into shape ({}{comma})",
                    inner.join(",")
                )
            }
            ArrayError::Length { expected, got } => {
                write!(f, "the shape holds {expected} values, got {got}")
            }
            ArrayError::Axis { axis, ndim } => {
                write!(
                    f,
                    "axis {axis} is out of bounds for array of dimension {ndim}"
                )
            }
            ArrayError::RepeatedAxis { what } => write!(f, "{what}"),
            ArrayError::AxesCount { .. } => write!(f, "axes don't match array"),
            ArrayError::Index { index, axis, size } => {
                write!(
                    f,
                    "index {index} is out of bounds for axis {axis} with size {size}"
                )
            }
            ArrayError::TooManyIndices { ndim, indexed } => write!(
                f,
                "too many indices for array: array is {ndim}-dimensional, but {indexed} were indexed"
            ),
            ArrayError::IndexShapes { shapes } => write!(
                f,
                "shape mismatch: indexing arrays could not be broadcast together with shapes {}",
                several(shapes)
            ),
            ArrayError::BooleanIndex { axis, size, mask } => write!(
                f,
                "boolean index did not match indexed array along axis {axis}; size of axis is {size} but size of corresponding boolean axis is {mask}"
            ),
            ArrayError::MaskAssign { values, places } => write!(
                f,
                "NumPy boolean array indexing assignment cannot assign {values} input values to the {places} output values where the mask is true"
            ),
            ArrayError::Matmul {
                left_core,
                right_core,
                ..
            } => write!(
                f,
                "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size {right_core} is different from {left_core})"
            ),
            ArrayError::EmptyReduction { operation } => {
                write!(
                    f,
                    "zero-size array to reduction operation {operation} which has no identity"
                )
            }
            ArrayError::Unsupported { operation, dtypes } => {
                write!(
                    f,
                    "ufunc '{operation}' not supported for the input types {dtypes}"
                )
            }
            ArrayError::Cast {
                operation,
                from,
                into,
            } => write!(
                f,
                "Cannot cast {operation} from dtype('{from}') to dtype('{into}') with casting rule 'same_kind'"
            ),
            ArrayError::ReadOnly => write!(f, "assignment destination is read-only"),
            ArrayError::TooLarge { limit, got } => {
                write!(f, "an array of {got} exceeds the limit of {limit}")
            }
            ArrayError::Other { message, .. } => write!(f, "{message}"),
        }
    }
}

impl std::error::Error for ArrayError {}

impl From<ArrayError> for crate::error::Error {
    fn from(error: ArrayError) -> Self {
        crate::error::Error::Array {
            code: error.code(),
            fields: error.fields(),
            message: error.to_string(),
        }
    }
}
