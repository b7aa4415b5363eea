//! Compiles the engine to wasm with a variant's flags.

use std::{fs, path::Path, process::Command};

use crate::{Result, variant::Variant};

const TARGET: &str = "wasm32-unknown-unknown";

/// The compiled module's bytes. Each variant has a target folder of its own: a cdylib's file name
/// carries no hash for wasm, so in one folder the variants would overwrite each other.
pub fn compile(root: &Path, variant: &Variant) -> Result<Vec<u8>> {
    let target_dir = root.join("target").join(format!("wasm-{}", variant.name));
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args([
            "build",
            "--package",
            "danlu",
            "--lib",
            "--release",
            "--target",
            TARGET,
            "--locked",
        ])
        .args([
            "--jobs",
            &std::env::var("JOBS").unwrap_or_else(|_| "2".into()),
        ])
        .arg("--target-dir")
        .arg(&target_dir)
        // RUSTFLAGS would win over the target's own variable.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            variant.rust_flags(),
        )
        .status()?;
    if !status.success() {
        return Err(format!(
            "cargo build of the {} variant failed ({status}); if the target is missing: rustup target add {TARGET}",
            variant.name
        )
        .into());
    }
    let module = target_dir.join(TARGET).join("release/danlu.wasm");
    fs::read(&module).map_err(|error| format!("{}: {error}", module.display()).into())
}
