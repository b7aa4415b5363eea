//! Plain twins of the fast kernels: short loops that follow the definition.
//!
//! They serve f64 and are the oracle of every fast path's test.

pub mod conv2d;
mod gemm;

pub use gemm::gemm;
