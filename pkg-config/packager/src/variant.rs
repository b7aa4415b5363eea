//! What tells one build of the engine from another.

/// One build of the engine.
pub struct Variant {
    pub name: &'static str,
    /// For rustc, as in `-C target-feature=`.
    pub target_features: &'static str,
    /// For wasm-opt; every feature that rustc may have used, one by one. `--all-features` makes
    /// binaryen 132 write compact imports, which Chromium rejects.
    pub optimiser_features: &'static [&'static str],
}

/// The features of rustc's wasm32-unknown-unknown baseline, and simd128.
const SIMD_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

const RELAXED_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--enable-relaxed-simd",
];

/// What one engine may take at most: a learner's endless `np.ones` must trap before the tab takes
/// the machine's memory. CIFAR-10 as f32 needs 740 MB.
const MAX_MEMORY_BYTES: usize = 1 << 30;

/// The same bits everywhere.
pub const SIMD: Variant = Variant {
    name: "simd",
    target_features: "+simd128",
    optimiser_features: SIMD_FEATURES,
};

/// May fuse multiply and add, and is faster.
pub const RELAXED: Variant = Variant {
    name: "relaxed",
    target_features: "+simd128,+relaxed-simd",
    optimiser_features: RELAXED_FEATURES,
};

pub const VARIANTS: &[Variant] = &[SIMD, RELAXED];

impl Variant {
    /// LLVM's loop-strength reduction spills the register tiles of the kernels: without
    /// `-disable-lsr` they run at less than half their speed (see `shared/reference/kernels`).
    pub fn rust_flags(&self) -> Vec<String> {
        vec![
            format!("-Ctarget-feature={}", self.target_features),
            "-Cllvm-args=-disable-lsr".to_owned(),
            format!("-Clink-arg=--max-memory={MAX_MEMORY_BYTES}"),
        ]
    }
}
