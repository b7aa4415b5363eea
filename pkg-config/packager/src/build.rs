//! Compiles the engine to wasm with a variant's flags.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Result, engine::Engine, variant::Variant};

const TARGET: &str = "wasm32-unknown-unknown";

/// The engine's crates meet in the linker alone. Optimised as one, a module would be a twentieth smaller; but
/// LLVM takes kernels into what calls them, which is compiled for size: NumPy's comparisons then take
/// twice as long, `clip` ten times, and the backward pass of a strided convolution a quarter more.
const LINKED_APART: &str = r#"profile.release.lto="off""#;

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

/// One of the package's modules, compiled as nothing but a cdylib: were it an rlib too, as it is for the
/// tests, every public function would have to stay.
///
/// The modules of a variant share its target folder, and with it every dependency's build. Neither a
/// cdylib's file name nor what cargo remembers of it carries its features: so each module's build lies
/// there only for the time of its own turn, as cargo left it, and in a folder of its own between.
pub fn compile_engine(root: &Path, engine: &Engine) -> Result<Vec<u8>> {
    let folder = target_dir(root, engine.variant.name);
    let release = folder.join(TARGET).join("release");
    let kept = folder.join(engine.feature);
    for path in own_build(&release)? {
        match path.is_dir() {
            true => fs::remove_dir_all(path)?,
            false => fs::remove_file(path)?,
        }
    }
    move_build(&kept, &release)?;
    let what = [
        &["rustc", "--lib", "--release", "--package", "danlu"][..],
        &["--crate-type", "cdylib", "--config", LINKED_APART],
        &["--no-default-features", "--features", engine.feature],
    ];
    let compiled = run_cargo(root, engine.variant, &what.concat())?;
    move_build(&release, &kept)?;
    Ok(compiled)
}

/// The engine's module in a folder of cargo's, and what cargo remembers of it.
fn own_build(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for (room, is_own) in [
        ("deps", (|name| name == "danlu.wasm") as fn(&str) -> bool),
        (".fingerprint", |name| {
            let hash = name.strip_prefix("danlu-").unwrap_or("");
            !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        }),
    ] {
        let room = folder.join(room);
        if !room.exists() {
            continue;
        }
        for entry in fs::read_dir(room)? {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(is_own) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

/// Renaming keeps the times that cargo compares.
fn move_build(from: &Path, to: &Path) -> Result<()> {
    for path in own_build(from)? {
        let target = to.join(path.strip_prefix(from)?);
        fs::create_dir_all(target.with_file_name(""))?;
        fs::rename(&path, &target)?;
    }
    Ok(())
}

/// What a variant is tested or measured by, compiled.
pub fn compile(root: &Path, variant: &Variant, artifact: Artifact) -> Result<Vec<u8>> {
    let what: &[&str] = match artifact {
        Artifact::Tests => &["test", "--lib", "--no-run", "--package", "danlu"],
        Artifact::KernelTests => &["test", "--lib", "--no-run", "--package", "danlu-kernels"],
        Artifact::Kernels => &["build", "--lib", "--release", "--package", "kernel-bench"],
        Artifact::Eager => &["build", "--lib", "--release", "--package", "eager-bench"],
    };
    run_cargo(root, variant, what)
}

/// Each variant has its own: its flags are other ones for every crate.
fn target_dir(root: &Path, variant: &str) -> PathBuf {
    root.join("target").join(format!("wasm-{variant}"))
}

/// The compiled module's bytes.
fn run_cargo(root: &Path, variant: &Variant, what: &[&str]) -> Result<Vec<u8>> {
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
        .arg(target_dir(root, variant.name))
        .env_remove("RUSTFLAGS")
        // The tests' messages say where they failed; debug information would only cost time.
        .env("CARGO_PROFILE_TEST_DEBUG", "false")
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags(variant).join("\x1f"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!(
            "cargo failed on {} ({}); if the target is missing: rustup target add {TARGET}",
            variant.name, output.status
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
