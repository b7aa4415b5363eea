//! Strided n-d arrays: shared storage, views that alias as NumPy's do, broadcasting, indexing.
//!
//! `NdArray<T>` is one typed array and is what `autograd` builds on; `Array` is the four dtypes
//! that the learner's numpy holds.

pub mod binary;
pub mod combine;
pub mod dtype;
pub mod dynamic;
pub mod elementwise;
pub mod error;
pub mod float;
pub mod index;
pub mod layout;
pub mod linalg;
pub mod matmul;
pub mod order;
pub mod random;
pub mod reduce;
pub mod selection;
pub mod shape;
pub mod storage;
pub mod typed;
pub mod unary;
pub mod views;
pub mod walk;
pub mod warn;

pub use dtype::DType;
pub use dynamic::Array;
pub use error::ArrayError;
pub use shape::broadcast_shapes;
pub use storage::Element;
pub use typed::NdArray;
