/** Starts Pyodide with our standard library, packages and engine, in a browser's worker and in Node alike. */
import type { loadPyodide as LoadPyodide, PyodideAPI } from 'pyodide';

export interface BootParts {
  loadPyodide: typeof LoadPyodide;
  /** The default export of pyodide.asm.mjs; without it Pyodide imports that file from `indexURL`. */
  createPyodideModule?: unknown;
  indexURL: string;
  stdLibURL: string;
  /** Python's memory just after a start with this very standard library; read only once the wasm is there. */
  snapshot: PromiseLike<ArrayBuffer> | Uint8Array;
  /** Of what every code may import: numpy, matplotlib, danlu. */
  packages: Uint8Array;
  frameworks?: Uint8Array;
  /** What Python imports as `_danlu`. */
  engine?: PythonEngine;
  env?: Record<string, string>;
}

/** A glue of the engine's package, `danlu_….js`. */
export interface EngineModule {
  createGlue(): {
    initSync(o: { module: WebAssembly.Module | BufferSource }): unknown;
    takePanic(): string | undefined;
  };
}

/** One of the engine's modules: its glue, and its wasm, compiled or as bytes. */
export interface EnginePart {
  createGlue: EngineModule['createGlue'];
  module: WebAssembly.Module | BufferSource;
}

/** The engine as Python sees it, and as `serve` asks it. */
export interface PythonEngine {
  /** The message of a panic since the last question, in whichever module. */
  takePanic(): string | undefined;
}

/**
 * Both of the engine's modules as one object. Arrays and the tape start at once; what trains starts when Python first
 * reads one of its names, so that code which trains nothing pays for nothing but its bytes.
 */
export function joinEngines(python: EnginePart, train: EnginePart): PythonEngine {
  const started = [startGlue(python)];
  const engine = {
    ...started[0],
    takePanic: () => started.map((glue) => glue.takePanic()).find((panic) => panic !== undefined),
  };
  let training: Glue | undefined;
  const start = () => {
    if (!training) started.push((training = startGlue(train)));
    return training;
  };
  // The glue knows its names before it has a module.
  for (const name of Object.keys(train.createGlue())) {
    if (name in engine || name === 'initSync') continue;
    Object.defineProperty(engine, name, { enumerable: true, get: () => start()[name as never] });
  }
  return engine;
}

type Glue = Omit<ReturnType<EngineModule['createGlue']>, 'initSync'>;

/** A module's exports, without what starts it. */
function startGlue({ createGlue, module }: EnginePart): Glue {
  const glue = createGlue();
  glue.initSync({ module });
  const { initSync: _, ...raw } = glue;
  return raw;
}

/** Pyodide fetches wheels by a lock file; we have none, so it stays empty. */
export const EMPTY_LOCK = {
  info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten_5_0_3', python: '3.14.2' },
  packages: {},
};

/** What a snapshot has of the machine and the moment that it was made on. */
const WAKE = `
import random, sys, time
random.seed()
sys.path[:] = dict.fromkeys(sys.path)
year = time.localtime().tm_year
offsets = sorted(time.localtime(time.mktime((year, month, 1, 0, 0, 0, 0, 0, 0))).tm_gmtoff for month in (1, 7))
time.timezone, time.altzone = (-offset for offset in offsets)
time.daylight = int(offsets[0] != offsets[1])
time.tzname = tuple(f"UTC{'-' if offset < 0 else '+'}{abs(offset) // 3600:02}{abs(offset) // 60 % 60:02}" for offset in offsets)
del offsets, year
`;

export async function bootPython(parts: BootParts): Promise<PyodideAPI> {
  const pyodide = await parts.loadPyodide({
    indexURL: parts.indexURL,
    stdLibURL: parts.stdLibURL,
    lockFileContents: JSON.stringify(EMPTY_LOCK),
    packageBaseUrl: parts.indexURL,
    _loadSnapshot: parts.snapshot,
    ...(parts.createPyodideModule ? { createPyodideModule: parts.createPyodideModule as never } : {}),
    ...(parts.env ? { env: parts.env } : {}),
  });
  pyodide.FS.mkdirTree('/danlu');
  if (parts.engine) pyodide.registerJsModule('_danlu', parts.engine);
  pyodide.runPython(WAKE);
  if (parts.frameworks) addPackages(pyodide, 'frameworks', parts.frameworks);
  addPackages(pyodide, 'packages', parts.packages);
  return pyodide;
}

/** What is in the archive can be imported from now on. */
export function addPackages(pyodide: PyodideAPI, name: string, archive: Uint8Array): void {
  const path = `/danlu/${name}.zip`;
  pyodide.FS.writeFile(path, archive);
  pyodide.runPython(`import sys\nsys.path.insert(1, ${JSON.stringify(path)})`);
}
