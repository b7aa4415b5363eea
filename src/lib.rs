//! Danlu's engine: tensors, autograd, CNN kernels, networks and training.
//!
//! Arrows between the rooms: `wasm → train → {layers, optim, data, formats} → ops → autograd →
//! array → kernels`; `error` and `rng` from anywhere.

pub mod array;
pub mod autograd;
pub mod data;
pub mod error;
pub mod formats;
#[cfg(test)]
pub mod kernels;
pub mod layers;
pub mod ops;
pub mod optim;
pub mod rng;
pub mod train;

// See src/kernels/crate.rs.
#[cfg(not(test))]
pub use danlu_kernels::kernels;

#[cfg(target_arch = "wasm32")]
pub mod wasm;

// Under wasm the tests run in a browser, see tests/wasm: this gives `#[test]` its meaning there.
#[cfg(all(test, target_arch = "wasm32"))]
#[macro_use]
extern crate wasm_test_attribute;
#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/wasm/outcome.rs"]
mod wasm_test;
