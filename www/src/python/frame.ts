/**
 * The script of the sandboxed frame: of an opaque origin, without network or storage. It compiles the wasm once and
 * starts and ends workers at the page's word. It reads nothing that a worker sends.
 */
import { INTERRUPT } from '../../workers/python.protocol';
import type { Role, RuntimeFiles, RuntimeModules, StartMessage } from '../../workers/python.protocol';

/** The page's first message, by `postMessage`, carries the port for all that follows. */
export interface OpenMessage {
  type: 'open';
  worker: ArrayBuffer;
  files: RuntimeFiles;
  pythonWasm: ArrayBuffer;
  engineWasm?: ArrayBuffer;
}

export type FrameRequest =
  | { type: 'spawn'; id: number; role: Role; port: MessagePort }
  /** Asks a worker's Python to stop; it may be in no state to. */
  | { type: 'interrupt'; id: number }
  | { type: 'terminate'; id: number }
  | { type: 'ask' };

export type FrameReport =
  /** A worker couldn't start or threw outside of any request. */
  | { type: 'died'; id: number; text: string }
  | { type: 'terminated'; id: number }
  | { type: 'here' }
  /** No worker will ever start here. */
  | { type: 'failed'; text: string };

const isPage = typeof window !== 'undefined' && window.parent !== window;

if (isPage) {
  addEventListener('message', function open(event: MessageEvent<OpenMessage>) {
    if (event.source !== window.parent) return;
    removeEventListener('message', open);
    serve(event.data, event.ports[0]!);
  });
}

function serve({ worker, files, pythonWasm, engineWasm }: OpenMessage, page: MessagePort) {
  const report = (message: FrameReport) => page.postMessage(message);
  const script = URL.createObjectURL(new Blob([worker], { type: 'text/javascript' }));
  const workers = new Map<number, Worker>();
  const interrupts = new Map<number, Uint8Array>();
  const compiled: Promise<RuntimeModules> = Promise.all([
    WebAssembly.compile(pythonWasm),
    engineWasm ? WebAssembly.compile(engineWasm) : undefined,
  ]).then(([python, engine]) => ({ python, ...(engine ? { engine } : {}) }));
  compiled.catch((error) => report({ type: 'failed', text: String(error) }));

  page.onmessage = async (event: MessageEvent<FrameRequest>) => {
    const request = event.data;
    if (request.type === 'ask') {
      report({ type: 'here' });
      return;
    }
    if (request.type === 'interrupt') {
      interrupts.get(request.id)?.fill(INTERRUPT);
      return;
    }
    if (request.type === 'terminate') {
      interrupts.delete(request.id);
      workers.get(request.id)?.terminate();
      workers.delete(request.id);
      report({ type: 'terminated', id: request.id });
      return;
    }
    const { id, role, port } = request;
    const child = new Worker(script);
    workers.set(id, child);
    child.onerror = (error) => report({ type: 'died', id, text: error.message });
    const modules = await compiled;
    if (!workers.has(id)) return;
    const start: StartMessage = { type: 'start', role, files, modules, port };
    // Memory of the frame's own: none can be shared between it and the page, which are of different origins.
    if (self.crossOriginIsolated) {
      start.interrupts = new Uint8Array(new SharedArrayBuffer(1));
      interrupts.set(id, start.interrupts);
    }
    child.postMessage(start, [port]);
  };
}
