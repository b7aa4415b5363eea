//! What the package holds: parts of the one crate, each in the variants that somebody loads.

use crate::variant::{RELAXED, SIMD, Variant};

/// One wasm module of the package, with a glue of its own.
pub struct Engine {
    pub name: &'static str,
    pub variant: &'static Variant,
    /// The crate's feature, which decides what JavaScript sees; the linker drops what that doesn't
    /// need.
    pub feature: &'static str,
    /// What its exports are, in TypeScript. Every variant of a part exports the same.
    pub types_file: &'static str,
}

/// A visitor who trains needs no arrays of NumPy's, and one who writes Python rarely a compiled
/// plan: neither should wait for the other's, nor either for INT8. Python's judge wants the same bits everywhere, so its
/// part comes in `simd` alone.
pub const ENGINES: &[Engine] = &[
    Engine {
        name: "simd",
        variant: &SIMD,
        feature: "train",
        types_file: "raw.d.ts",
    },
    Engine {
        name: "relaxed",
        variant: &RELAXED,
        feature: "train",
        types_file: "raw.d.ts",
    },
    Engine {
        name: "compression_simd",
        variant: &SIMD,
        feature: "compression",
        types_file: "raw_compression.d.ts",
    },
    Engine {
        name: "compression_relaxed",
        variant: &RELAXED,
        feature: "compression",
        types_file: "raw_compression.d.ts",
    },
    Engine {
        name: "python",
        variant: &SIMD,
        feature: "python",
        types_file: "raw_python.d.ts",
    },
];

/// A module's size after brotli, at most.
pub const BUDGET_BYTES: usize = 300_000;

impl Engine {
    pub fn stem(&self) -> String {
        format!("danlu_{}", self.name)
    }

    pub fn wasm_file(&self) -> String {
        format!("danlu_{}.wasm", self.name)
    }

    pub fn glue_file(&self) -> String {
        format!("danlu_{}.js", self.name)
    }
}
