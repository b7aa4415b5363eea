//! Turns `src/` into the npm package `danlu` in `pkg-config/pkg`.
//!
//! For each of its engines: `cargo build` for wasm with the part's feature and the variant's target
//! features, wasm-bindgen for the JavaScript glue, npm binaryen's `wasm-opt`, then the size against
//! its budget. The hand-written half of the package (`pkg-config/js`) is copied beside them.
//!
//! With `--tests` it builds the engine's unit tests instead, into `target/wasm-tests`, for
//! `tests/wasm` to run in a browser; with `--kernels`, the kernels one by one, and with `--eager`,
//! the tape on a net, into `target/wasm-kernels` and `target/wasm-eager`, for `tests/bench` to measure.

mod build;
mod engine;
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
    sync::Mutex,
    thread,
    time::Instant,
};

use build::Artifact;
use engine::{BUDGET_BYTES, ENGINES, Engine};
use sizes::Size;
use stamp::Stamp;
use variant::{RELAXED, SIMD, VARIANTS, Variant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "usage: packager [--root <repository>] [--tests | --kernels | --eager]";

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
    let arguments = Arguments::parse()?;
    let root = &arguments.root;
    let write_each = |folder: &str, write: fn(&Path, &Path, &Variant) -> Result<()>| {
        let out_dir = root.join(folder);
        fs::create_dir_all(&out_dir)?;
        VARIANTS
            .iter()
            .try_for_each(|variant| write(root, &out_dir, variant))
    };
    match arguments.artifact {
        None => {}
        Some(Artifact::Tests | Artifact::KernelTests) => return write_tests(root),
        Some(Artifact::Kernels) => return write_each("target/wasm-kernels", write_kernels),
        Some(Artifact::Eager) => return write_each("target/wasm-eager", write_eager),
    }
    let out_dir = root.join("pkg-config/pkg");
    fs::create_dir_all(&out_dir)?;
    let report = write_engines(root, &out_dir)?;
    copy_hand_written(&root.join("pkg-config/js"), &out_dir)?;
    sizes::print_and_judge(&report, BUDGET_BYTES)
}

struct Arguments {
    /// The repository: by default the folder two levels above this crate.
    root: PathBuf,
    /// What to build; by default the package.
    artifact: Option<Artifact>,
}

impl Arguments {
    fn parse() -> Result<Arguments> {
        let mut root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut artifact = None;
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--root" => root = arguments.next().ok_or("--root takes a folder")?.into(),
                "--tests" => artifact = Some(Artifact::Tests),
                "--kernels" => artifact = Some(Artifact::Kernels),
                "--eager" => artifact = Some(Artifact::Eager),
                other => return Err(format!("unknown argument {other}; {USAGE}").into()),
            }
        }
        let root = root.canonicalize()?;
        Ok(Arguments { root, artifact })
    }
}

/// Builds the engines side by side. Those of one variant share its target folder, so cargo runs for
/// one after another of them; what comes after cargo keeps one processor busy and needs no turn.
fn write_engines(root: &Path, out_dir: &Path) -> Result<Vec<Size>> {
    let turns: Vec<Mutex<()>> = VARIANTS.iter().map(|_| Mutex::default()).collect();
    let written: Vec<_> = thread::scope(|scope| {
        let build = |engine: &'static Engine| {
            let of_variant = |variant: &Variant| variant.name == engine.variant.name;
            let turn = &turns[VARIANTS
                .iter()
                .position(of_variant)
                .expect("a variant of ours")];
            scope.spawn(move || {
                write_engine(root, out_dir, engine, turn)
                    .map_err(|error| format!("{}: {error}", engine.name))
            })
        };
        let builds: Vec<_> = ENGINES.iter().map(build).collect();
        builds.into_iter().map(|build| build.join()).collect()
    });
    let size = |result: thread::Result<_>| Ok(result.map_err(|_| "a build panicked")??);
    written.into_iter().map(size).collect()
}

/// Builds one engine; the steps after cargo are skipped when cargo's output and the packager are
/// what they were when the package was last written.
fn write_engine(root: &Path, out_dir: &Path, engine: &Engine, turn: &Mutex<()>) -> Result<Size> {
    let compiled = {
        let _turn = turn.lock().map_err(|_| "a build before it panicked")?;
        println!("danlu ({}): cargo", engine.name);
        build::compile_engine(root, engine)?
    };
    let started = Instant::now();
    let outputs = [
        engine.wasm_file(),
        engine.glue_file(),
        engine.types_file.to_owned(),
    ];
    let stamp = Stamp::of(root, engine.name, &compiled)?;
    if stamp.holds(out_dir, &outputs) {
        println!("danlu ({}): up to date", engine.name);
        return sizes::measure(out_dir, engine.wasm_file());
    }
    println!("danlu ({}): wasm-bindgen and wasm-opt", engine.name);
    let bound = glue::bind(compiled, &engine.stem())?;
    let optimised = optimise::optimise(root, engine.variant, engine.name, &bound.wasm)?;
    fs::write(out_dir.join(engine.wasm_file()), optimised)?;
    fs::write(out_dir.join(engine.glue_file()), bound.javascript)?;
    fs::write(out_dir.join(engine.types_file), bound.types)?;
    stamp.write()?;
    println!(
        "danlu ({}): written in {:.1} s",
        engine.name,
        started.elapsed().as_secs_f64()
    );
    sizes::measure(out_dir, engine.wasm_file())
}

/// Builds the unit tests, unoptimised by wasm-opt: their names are their exports. All of the
/// engine's in `simd`; in `relaxed` those of the kernels, which alone are other code there.
fn write_tests(root: &Path) -> Result<()> {
    let out_dir = root.join("target/wasm-tests");
    fs::create_dir_all(&out_dir)?;
    println!("tests (simd, relaxed): cargo test --no-run");
    // The last crate of either keeps one processor busy.
    let (compiled, kernels) = thread::scope(|scope| {
        let kernels = scope.spawn(|| {
            build::compile(root, &RELAXED, Artifact::KernelTests).map_err(|error| error.to_string())
        });
        (build::compile(root, &SIMD, Artifact::Tests), kernels.join())
    });
    let (compiled, kernels) = (compiled?, kernels.map_err(|_| "a build panicked")??);
    let stamp = Stamp::of(root, "simd-tests", &compiled)?;
    let outputs = ["simd.wasm", "simd.js"].map(str::to_owned);
    if !stamp.holds(&out_dir, &outputs) {
        let (wasm, javascript) = glue::bind_tests(compiled)?;
        fs::write(out_dir.join(&outputs[0]), wasm)?;
        fs::write(out_dir.join(&outputs[1]), javascript)?;
        stamp.write()?;
    }
    Ok(fs::write(out_dir.join("relaxed.wasm"), kernels)?)
}

/// Builds the kernels of one variant, each by itself, optimised as the package is.
fn write_kernels(root: &Path, out_dir: &Path, variant: &Variant) -> Result<()> {
    println!("kernels ({}): cargo build", variant.name);
    let compiled = build::compile(root, variant, Artifact::Kernels)?;
    let output = format!("{}.wasm", variant.name);
    let stamp = Stamp::of(root, &format!("{}-kernels", variant.name), &compiled)?;
    if stamp.holds(out_dir, std::slice::from_ref(&output)) {
        return Ok(());
    }
    let name = format!("{}-kernels", variant.name);
    let optimised = optimise::optimise(root, variant, &name, &compiled)?;
    fs::write(out_dir.join(output), optimised)?;
    stamp.write()
}

/// Builds the tape on a net in one variant, bound and optimised as the package is.
fn write_eager(root: &Path, out_dir: &Path, variant: &Variant) -> Result<()> {
    println!("eager ({}): cargo build", variant.name);
    let compiled = build::compile(root, variant, Artifact::Eager)?;
    let outputs = [
        format!("{}.wasm", variant.name),
        format!("{}.js", variant.name),
    ];
    let stamp = Stamp::of(root, &format!("{}-eager", variant.name), &compiled)?;
    if stamp.holds(out_dir, &outputs) {
        return Ok(());
    }
    let name = format!("{}-eager", variant.name);
    let bound = glue::bind(compiled, &format!("danlu_{}", variant.name))?;
    let optimised = optimise::optimise(root, variant, &name, &bound.wasm)?;
    fs::write(out_dir.join(&outputs[0]), optimised)?;
    fs::write(out_dir.join(&outputs[1]), bound.javascript)?;
    stamp.write()
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
