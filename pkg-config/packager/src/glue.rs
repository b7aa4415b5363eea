//! Runs wasm-bindgen and wraps its glue so that one page can start the engine more than once.

use wasm_bindgen_cli_support::Bindgen;

use crate::Result;

pub struct Bound {
    pub wasm: Vec<u8>,
    pub javascript: String,
    pub types: String,
}

/// wasm-bindgen's `no-modules` glue is one expression with no import, which a function can hold:
/// each call of `createGlue` gives a fresh engine, which is how a page gets rid of one that
/// panicked, and the file loads from a blob URL in an opaque origin, where relative imports fail.
pub fn bind(compiled: Vec<u8>, stem: &str) -> Result<Bound> {
    let types = raw_types(stem, compiled.clone())?;
    let (wasm, javascript) = bind_script(stem, compiled, true)?;
    Ok(Bound {
        wasm,
        javascript,
        types,
    })
}

/// The same for the module of the unit tests, whose `main` (libtest's) must not run.
pub fn bind_tests(compiled: Vec<u8>) -> Result<(Vec<u8>, String)> {
    bind_script("tests", compiled, false)
}

fn bind_script(stem: &str, compiled: Vec<u8>, run_start: bool) -> Result<(Vec<u8>, String)> {
    let mut output = Bindgen::new()
        .input_bytes(stem, compiled)
        .no_modules(true)?
        .no_modules_global("glue")?
        .omit_default_module_path(true)
        .emit_start(run_start)
        .typescript(false)
        .generate_output()?;
    let has_snippets = output.snippets().values().any(|inline| !inline.is_empty());
    if has_snippets || !output.npm_dependencies().is_empty() {
        return Err("the engine imports JavaScript of its own; the glue must stand alone".into());
    }
    let wasm = output.wasm_mut().emit_wasm();
    Ok((wasm, wrap_script(output.js())))
}

fn wrap_script(script: &str) -> String {
    format!(
        "// Written by pkg-config/packager from the engine's exports; changes are lost.\n\
         export function createGlue() {{\n{script}\nreturn glue;\n}}\n"
    )
}

/// The exports' types. Those of the `web` target are a module's, which TypeScript can import;
/// what they say of loading doesn't concern who has a loaded engine.
fn raw_types(stem: &str, compiled: Vec<u8>) -> Result<String> {
    let output = Bindgen::new()
        .input_bytes(stem, compiled)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .generate_output()?;
    let types = output.ts().ok_or("wasm-bindgen wrote no types")?;
    let end = types.find("export type InitInput").unwrap_or(types.len());
    Ok(types[..end].to_owned())
}
