//! The only place that names wasm_bindgen, js_sys, web_sys and serde_wasm_bindgen.
