//! Compiles the engine to wasm with a variant's flags.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Result, engine::Engine, variant::Variant};

const TARGET: &str = "wasm32-unknown-unknown";

/// What cargo is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    /// The engine with its unit tests, which `tests/wasm` runs in a browser.
    Tests,
    /// The kernels with theirs, without wasm-bindgen.
    KernelTests,
    /// Each kernel by itself, which `tests/bench` measures.
    Kernels,
    /// The reference net trained by the eager tape, which `tests/bench` measures.
    Eager,
}

/// One of the package's modules, compiled.
pub fn compile_engine(root: &Path, engine: &Engine) -> Result<Vec<u8>> {
    let what = [
        &["build", "--lib", "--release", "--package", "danlu"][..],
        &["--no-default-features", "--features", engine.feature],
    ];
    run_cargo(root, engine.name, engine.variant, &what.concat())
}

/// What a variant is tested or measured by, compiled.
pub fn compile(root: &Path, variant: &Variant, artifact: Artifact) -> Result<Vec<u8>> {
    let what: &[&str] = match artifact {
        Artifact::Tests => &["test", "--lib", "--no-run", "--package", "danlu"],
        Artifact::KernelTests => &["test", "--lib", "--no-run", "--package", "danlu-kernels"],
        Artifact::Kernels => &["build", "--lib", "--release", "--package", "kernel-bench"],
        Artifact::Eager => &["build", "--lib", "--release", "--package", "eager-bench"],
    };
    run_cargo(root, variant.name, variant, what)
}

/// The compiled module's bytes. Each variant has a target folder of its own, and so has each set of
/// features: a cdylib's file name carries no hash for wasm, so in one folder they would overwrite
/// each other.
fn run_cargo(root: &Path, folder: &str, variant: &Variant, what: &[&str]) -> Result<Vec<u8>> {
    let target_dir = root.join("target").join(format!("wasm-{folder}"));
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(what)
        .args(["--target", TARGET, "--locked"])
        .args(["--message-format", "json-render-diagnostics"])
        .args([
            "--jobs",
            &std::env::var("JOBS").unwrap_or_else(|_| "2".into()),
        ])
        .arg("--target-dir")
        .arg(target_dir)
        .env_remove("RUSTFLAGS")
        // The tests' messages say where they failed; debug information would only cost time.
        .env("CARGO_PROFILE_TEST_DEBUG", "false")
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags(variant).join("\x1f"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!(
            "cargo failed on {folder} ({}); if the target is missing: rustup target add {TARGET}",
            output.status
        )
        .into());
    }
    let module = module_path(&output.stdout).ok_or("cargo named no wasm file")?;
    fs::read(&module).map_err(|error| format!("{module}: {error}").into())
}

/// The variant's flags; and panic messages must not carry this machine's paths, nor may a module
/// differ because it was built in another folder.
fn rust_flags(variant: &Variant) -> Vec<String> {
    let mut flags = variant.rust_flags();
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    if let Some(folder) = cargo_home.or(home) {
        flags.push(format!("--remap-path-prefix={}=cargo", folder.display()));
    }
    flags
}

/// Where cargo's messages (a line of JSON each) say that danlu's module lies. The file names are
/// quoted without escapes in them but for a backslash, which no path of ours has.
fn module_path(messages: &[u8]) -> Option<String> {
    let messages = String::from_utf8_lossy(messages);
    let artifacts = messages
        .lines()
        .filter(|line| line.starts_with(r#"{"reason":"compiler-artifact""#));
    let mut paths = artifacts
        .flat_map(|line| line.split('"'))
        .filter(|text| text.ends_with(".wasm"));
    paths.next_back().map(str::to_owned)
}
