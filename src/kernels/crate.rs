//! The kernels as a crate of their own, so that they are compiled for speed and the rest of the
//! engine for size (`[profile.release]` in the workspace's Cargo.toml).
//!
//! The room stands where it always stood: `danlu` names it `crate::kernels`, and its tests compile
//! it once more, as a module, so that one test binary holds all of the engine's tests.
//!
//! Only code that is not generic is compiled here. A generic function is compiled where it is
//! called, for size: what must be fast in f32 goes through [`kernels::Real::as_f32s`] to a
//! function on f32.

#[path = "mod.rs"]
pub mod kernels;

// Under wasm the tests run in a browser, see tests/wasm: this gives `#[test]` its meaning there.
#[cfg(all(test, target_arch = "wasm32"))]
#[macro_use]
extern crate wasm_test_attribute;
#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../../tests/wasm/panics.rs"]
mod panics;
#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../../tests/wasm/outcome.rs"]
mod wasm_test;
