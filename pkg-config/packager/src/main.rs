//! Turns `src/` into the npm package `danlu` in `pkg-config/pkg`.
//!
//! For each variant: `cargo build` for wasm with the variant's target features, wasm-bindgen for
//! the JavaScript glue, npm binaryen's `wasm-opt`, then the size against its budget. The
//! hand-written half of the package (`pkg-config/js`) is copied beside them.
//!
//! Usage: `cargo run -p packager [-- --root <repository>]`.

mod build;
mod glue;
mod optimise;
mod sizes;
mod stamp;
mod variant;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use variant::{VARIANTS, Variant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Both variants export the same.
const TYPES_FILE: &str = "raw.d.ts";

fn main() -> ExitCode {
    match package() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("packager: {error}");
            ExitCode::FAILURE
        }
    }
}

fn package() -> Result<()> {
    let root = root_from_arguments()?;
    let out_dir = root.join("pkg-config/pkg");
    fs::create_dir_all(&out_dir)?;
    let mut report = Vec::new();
    for variant in VARIANTS {
        write_variant(&root, &out_dir, variant)?;
        report.push(sizes::measure(&out_dir, variant)?);
    }
    copy_hand_written(&root.join("pkg-config/js"), &out_dir)?;
    sizes::print_and_judge(&report)
}

/// The repository: `--root <path>`, else the folder two levels above this crate.
fn root_from_arguments() -> Result<PathBuf> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => Ok(Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize()?),
        (Some("--root"), Some(path)) => Ok(PathBuf::from(path).canonicalize()?),
        (Some(other), _) => {
            Err(format!("unknown argument {other}; usage: packager [--root <repository>]").into())
        }
    }
}

/// Builds one variant; the steps after cargo are skipped when cargo's output and the packager are
/// what they were when the package was last written.
fn write_variant(root: &Path, out_dir: &Path, variant: &Variant) -> Result<()> {
    let started = Instant::now();
    println!("danlu ({}): cargo build", variant.name);
    let compiled = build::compile(root, variant)?;
    let fingerprint = stamp::fingerprint(&compiled)?;
    let stamp_path = root.join(format!("target/packager/{}.stamp", variant.name));
    let outputs = [
        variant.wasm_file(),
        variant.glue_file(),
        TYPES_FILE.to_owned(),
    ];
    if stamp::holds(&stamp_path, fingerprint)
        && outputs.iter().all(|name| out_dir.join(name).exists())
    {
        println!("danlu ({}): up to date", variant.name);
        return Ok(());
    }
    println!("danlu ({}): wasm-bindgen and wasm-opt", variant.name);
    let bound = glue::bind(compiled, variant)?;
    let optimised = optimise::optimise(root, variant, &bound.wasm)?;
    fs::write(out_dir.join(variant.wasm_file()), optimised)?;
    fs::write(out_dir.join(variant.glue_file()), bound.javascript)?;
    fs::write(out_dir.join(TYPES_FILE), bound.types)?;
    stamp::write(&stamp_path, fingerprint)?;
    println!(
        "danlu ({}): written in {:.1} s",
        variant.name,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Copies each file that differs, so that tools that watch the package see only real changes.
fn copy_hand_written(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let content = fs::read(entry.path())?;
        let copy = to.join(entry.file_name());
        if fs::read(&copy).ok().as_ref() != Some(&content) {
            fs::write(copy, content)?;
        }
    }
    Ok(())
}
