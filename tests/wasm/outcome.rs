//! What a test may return when it runs in a browser; `wasm-test-attribute` calls it.

use std::fmt::Debug;

/// Nothing, or a `Result` whose error is the failure.
pub trait Outcome {
    fn outcome(self) -> Result<(), String>;
}

impl Outcome for () {
    fn outcome(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: Debug> Outcome for Result<(), E> {
    fn outcome(self) -> Result<(), String> {
        self.map_err(|error| format!("{error:?}"))
    }
}
