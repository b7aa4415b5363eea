// Runs the engine's unit tests in a browser worker: each in an instance of its own, so that a
// panic, which traps, ends no other test. See tests/wasm/attribute for how they are exported.

const asked = new URL(self.location.href).searchParams;
const variant = asked.get('variant');
const [part, parts] = [Number(asked.get('part')), Number(asked.get('of'))];

/** Null when the test passed, else why it did not. */
async function run(createGlue, module, name) {
  const glue = createGlue();
  const exports = await glue({ module_or_path: module });
  // Sets the panic hook.
  glue.start();
  const shouldPanic = name.startsWith('panicking test ');
  try {
    exports[name]();
  } catch (error) {
    const panic = glue.takePanic();
    return shouldPanic && panic !== undefined ? null : (panic ?? String(error?.stack ?? error));
  }
  return shouldPanic ? 'it did not panic' : null;
}

async function runAll() {
  const { createGlue } = await import(`./${variant}.js`);
  const module = await WebAssembly.compileStreaming(fetch(`./${variant}.wasm`));
  const names = WebAssembly.Module.exports(module)
    .map(({ name }) => name)
    .filter((name) => /^(panicking )?test /.test(name))
    .sort()
    .filter((_, place) => place % parts === part);
  for (const name of names) {
    self.postMessage({ begins: name });
    const started = performance.now();
    const failure = await run(createGlue, module, name);
    self.postMessage({ name, failure, ms: performance.now() - started });
  }
  self.postMessage({ done: true });
}

runAll().catch((error) => self.postMessage({ broken: String(error?.stack ?? error) }));
