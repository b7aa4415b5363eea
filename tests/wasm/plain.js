// Takes the place of wasm-bindgen's glue for a module that was built without it: the kernels' tests, which
// import nothing and export what tests/wasm/panics.rs names.
export function createGlue() {
  let exports;
  const glue = async ({ module_or_path }) => {
    ({ exports } = await WebAssembly.instantiate(module_or_path));
    return exports;
  };
  glue.start = () => exports.start();
  glue.takePanic = () => {
    const length = exports.panicLength();
    const text = new Uint8Array(exports.memory.buffer, exports.panicAt(), length);
    return length > 0 ? new TextDecoder().decode(text) : undefined;
  };
  return glue;
}
