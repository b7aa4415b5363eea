//! Runs npm binaryen's `wasm-opt`, the only one that knows relaxed SIMD.

use std::{fs, path::Path, process::Command};

use crate::{Result, variant::Variant};

/// The module made smaller (about 8 %); its speed is the kernels' own.
pub fn optimise(root: &Path, variant: &Variant, name: &str, wasm: &[u8]) -> Result<Vec<u8>> {
    let program = root.join("node_modules/binaryen/bin/wasm-opt");
    if !program.exists() {
        return Err("wasm-opt is missing; run: npm ci".into());
    }
    let folder = root.join("target/packager");
    fs::create_dir_all(&folder)?;
    let input = folder.join(format!("{name}.bound.wasm"));
    let output = folder.join(format!("{name}.optimised.wasm"));
    fs::write(&input, wasm)?;
    let status = Command::new("node")
        .arg(&program)
        .arg(&input)
        .args(["-O3", "--strip-debug", "--strip-producers"])
        .args(variant.optimiser_features)
        .arg("--output")
        .arg(&output)
        .status()
        .map_err(|error| {
            format!("node could not be started ({error}); Node 20 or newer is needed")
        })?;
    if !status.success() {
        return Err(format!("wasm-opt failed on {name} ({status})").into());
    }
    Ok(fs::read(&output)?)
}
