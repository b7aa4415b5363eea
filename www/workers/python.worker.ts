/**
 * One Python runtime in a worker of the sandbox. It is a classic script (an opaque origin can't start a module worker
 * from a blob), given everything as bytes by its first message, and it talks to the page through the port in it.
 */
import { bootPython, type EngineModule, joinEngines, type PythonEngine } from './python.boot';
import type { EngineFiles, FromRuntime, RuntimeModules, StartMessage, ToRuntime } from './python.protocol';
import { serve } from './python.roles';

/** A memory bomb ends in Python's MemoryError before it takes the browser's tab with it. */
const LARGEST_MEMORY_PAGES = (1 << 30) / 65536;

self.onmessage = async (event: MessageEvent<StartMessage>) => {
  self.onmessage = null;
  const { role, port, interrupts } = event.data;
  const send = (message: FromRuntime) => port.postMessage(message);
  try {
    const started = performance.now();
    const { pyodide, engine } = await start(event.data);
    const answer = serve(role, pyodide, send, engine, interrupts);
    port.onmessage = (message: MessageEvent<ToRuntime>) => answer(message.data);
    send({ type: 'started', ms: performance.now() - started, interruptible: interrupts !== undefined });
  } catch (error) {
    send({ type: 'fatal', id: null, text: String(error) });
  }
};

const addressOf = (bytes: ArrayBuffer, type: string) => URL.createObjectURL(new Blob([bytes], { type }));

async function importBytes<T>(bytes: ArrayBuffer): Promise<T> {
  const address = addressOf(bytes, 'text/javascript');
  const module = (await import(/* @vite-ignore */ address)) as T;
  URL.revokeObjectURL(address);
  return module;
}

async function start({ files, modules }: StartMessage) {
  const [{ loadPyodide }, { default: createPyodideModule }, engine] = await Promise.all([
    importBytes<{ loadPyodide: never }>(files.loader),
    importBytes<{ default: unknown }>(files.core),
    startEngine(files.engine, modules.engine),
  ]);
  boundMemory();
  const stdlib = addressOf(files.stdlib, 'application/zip');
  const restore = serveCompiled(modules);
  try {
    const pyodide = await bootPython({
      loadPyodide,
      createPyodideModule,
      indexURL: 'blob:danlu/',
      stdLibURL: stdlib,
      snapshot: files.snapshot.arrayBuffer(),
      packages: new Uint8Array(files.packages),
      ...(engine ? { engine } : {}),
    });
    return { pyodide, engine };
  } finally {
    restore();
    URL.revokeObjectURL(stdlib);
  }
}

async function startEngine(files?: EngineFiles, module?: WebAssembly.Module): Promise<PythonEngine | null> {
  if (!files || !module) return null;
  const [python, train] = await Promise.all([
    importBytes<EngineModule>(files.pythonGlue),
    importBytes<EngineModule>(files.trainGlue),
  ]);
  return joinEngines({ ...python, module }, { ...train, module: files.trainWasm });
}

/** Pyodide fetches its wasm beside its loader; here the sandbox has compiled it already, once for all its workers. */
function serveCompiled(modules: RuntimeModules): () => void {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  self.fetch = ((address: RequestInfo | URL, options?: RequestInit) =>
    String(address).endsWith('pyodide.asm.wasm')
      ? Promise.resolve(new Response())
      : fetch.call(self, address, options)) as typeof fetch;
  WebAssembly.instantiateStreaming = (async (_response: unknown, imports: WebAssembly.Imports) => ({
    module: modules.python,
    instance: await WebAssembly.instantiate(modules.python, imports),
  })) as never;
  return () => {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}

function boundMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number) {
    if (this.buffer.byteLength / 65536 + pages > LARGEST_MEMORY_PAGES) throw new RangeError('memory limit');
    return grow.call(this, pages);
  };
}
