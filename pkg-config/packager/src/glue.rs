//! Runs wasm-bindgen and wraps its glue so that one page can start the engine more than once.

use wasm_bindgen_cli_support::Bindgen;

use crate::{Result, variant::Variant};

pub struct Bound {
    pub wasm: Vec<u8>,
    pub javascript: String,
    pub types: String,
}

/// wasm-bindgen's `no-modules` glue is one expression with no import, which a function can hold:
/// each call of `createGlue` gives a fresh engine, which is how a page gets rid of one that
/// panicked, and the file loads from a blob URL in an opaque origin, where relative imports fail.
pub fn bind(compiled: Vec<u8>, variant: &Variant) -> Result<Bound> {
    let stem = format!("danlu_{}", variant.name);
    let mut script = Bindgen::new()
        .input_bytes(&stem, compiled.clone())
        .no_modules(true)?
        .no_modules_global("glue")?
        .omit_default_module_path(true)
        .typescript(false)
        .generate_output()?;
    if script.snippets().values().any(|inline| !inline.is_empty())
        || !script.npm_dependencies().is_empty()
    {
        return Err(
            "the engine imports JavaScript snippets or npm packages; the glue must stand alone"
                .into(),
        );
    }
    let wasm = script.wasm_mut().emit_wasm();
    Ok(Bound {
        wasm,
        javascript: wrap_script(script.js()),
        types: raw_types(&stem, compiled)?,
    })
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
