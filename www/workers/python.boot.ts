/** Starts Pyodide with our standard library, packages and engine, in a browser's worker and in Node alike. */
import type { loadPyodide as LoadPyodide, PyodideAPI } from 'pyodide';

export interface BootParts {
  loadPyodide: typeof LoadPyodide;
  /** The default export of pyodide.asm.mjs; without it Pyodide imports that file from `indexURL`. */
  createPyodideModule?: unknown;
  indexURL: string;
  stdLibURL: string;
  packages: Uint8Array;
  /** wasm-bindgen's exports of the engine, which numpy calls. */
  engine?: object;
  env?: Record<string, string>;
}

/** danlu_<variant>.js of the engine's package. */
export interface EngineModule {
  createGlue(): { initSync(o: { module: WebAssembly.Module | BufferSource }): unknown };
}

/** The engine's exports as numpy calls them, without what starts it. */
export function startGlue(createGlue: EngineModule['createGlue'], module: WebAssembly.Module | BufferSource): object {
  const glue = createGlue();
  glue.initSync({ module });
  const { initSync: _, ...raw } = glue;
  return raw;
}

const PACKAGES_PATH = '/danlu/packages.zip';

/** Pyodide fetches wheels by a lock file; we have none, so it stays empty. */
const EMPTY_LOCK = {
  info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten_5_0_3', python: '3.14.2' },
  packages: {},
};

export async function bootPython(parts: BootParts): Promise<PyodideAPI> {
  const pyodide = await parts.loadPyodide({
    indexURL: parts.indexURL,
    stdLibURL: parts.stdLibURL,
    lockFileContents: JSON.stringify(EMPTY_LOCK),
    packageBaseUrl: parts.indexURL,
    ...(parts.createPyodideModule ? { createPyodideModule: parts.createPyodideModule as never } : {}),
    ...(parts.env ? { env: parts.env } : {}),
  });
  pyodide.FS.mkdirTree('/danlu');
  pyodide.FS.writeFile(PACKAGES_PATH, parts.packages);
  if (parts.engine) pyodide.registerJsModule('_danlu', parts.engine);
  pyodide.runPython(`import sys\nsys.path.insert(1, ${JSON.stringify(PACKAGES_PATH)})`);
  return pyodide;
}
