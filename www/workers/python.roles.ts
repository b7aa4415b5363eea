/** Answers the page's requests with a started Pyodide, as the learner's side or the judge's. */
import type { PyodideAPI } from 'pyodide';
import { addPackages, type PythonEngine } from './python.boot';
import { WorkingFolder } from './python.folder';
import { INTERRUPT } from './python.protocol';
import type {
  FromRuntime,
  JudgeRequest,
  JudgeStep,
  LearnerRequest,
  Reply,
  Request,
  Role,
  ToRuntime,
} from './python.protocol';

/** Where www/python/danlu/digits.py looks for the page's digits. */
const DATA_FOLDER = '/danlu/data';

type Send = (message: FromRuntime) => void;

/** A Python object with the methods that are called here. */
interface PythonObject {
  [method: string]: (...args: unknown[]) => unknown;
}

/** The error that Pyodide throws for a Python exception; every other one means that the runtime is broken. */
const isPythonError = (error: unknown): error is Error & { type: string } =>
  error instanceof Error && error.name === 'PythonError';

export function serve(
  role: Role,
  pyodide: PyodideAPI,
  send: Send,
  engine: PythonEngine | null,
  interrupts?: Uint8Array,
): (message: ToRuntime) => void {
  if (interrupts) pyodide.setInterruptBuffer(interrupts);
  const answer = role === 'learner' ? learner(pyodide, send, interrupts) : judge(pyodide);
  let broken = false;
  return ({ id, request }) => {
    if (broken) return;
    // A Stop that came too late for the request before must not end this one.
    interrupts?.fill(0);
    try {
      const reply = answer(request as never);
      // After a trap the engine's memory can't be trusted, whatever Python made of the exception.
      const panic = engine?.takePanic();
      if (panic !== undefined) throw new Error(panic);
      send({ type: 'reply', id, reply });
    } catch (error) {
      broken = true;
      send({ type: 'fatal', id, text: String(error) });
    }
  };
}

/** Python reads bytes, and gets a JavaScript proxy of a Uint8Array. */
function bytesCaller(pyodide: PyodideAPI): (method: unknown, data: Uint8Array) => unknown {
  return pyodide.runPython('lambda method, data: method(data.to_bytes())') as never;
}

/** Copies Python's bytes out and lets them go. */
function takeBytes(value: unknown): Uint8Array {
  const proxy = value as { toJs(): Uint8Array; destroy(): void };
  const bytes = proxy.toJs();
  proxy.destroy();
  return bytes;
}

function learner(pyodide: PyodideAPI, send: Send, interrupts?: Uint8Array): (request: LearnerRequest) => Reply {
  const emit = (stream: 'stdout' | 'stderr' | 'figure' | 'progress', text: string) => {
    if (stream === 'figure') send({ type: 'figure', drawing: text });
    else if (stream === 'progress') send({ type: 'progress', progress: text });
    else send({ type: 'output', stream, text });
  };
  // What goes past sys.stdout, as os.write does.
  for (const [stream, set] of [['stdout', pyodide.setStdout], ['stderr', pyodide.setStderr]] as const) {
    const decoder = new TextDecoder();
    set.call(pyodide, {
      write(bytes: Uint8Array) {
        emit(stream, decoder.decode(bytes, { stream: true }));
        return bytes.length;
      },
    });
  }
  const runner = (pyodide.pyimport('danlu.learner') as PythonObject).Runner!(
    emit,
    interrupts && (() => interrupts.fill(INTERRUPT)),
  ) as PythonObject;
  const withBytes = bytesCaller(pyodide);
  const folder = new WorkingFolder(pyodide);
  const answer = (request: LearnerRequest): Reply => {
    switch (request.type) {
      case 'put':
        pyodide.FS.mkdirTree(DATA_FOLDER);
        pyodide.FS.writeFile(`${DATA_FOLDER}/${request.name}`, request.bytes);
        return { status: 'ok', ms: 0 };
      case 'extend':
        addPackages(pyodide, 'frameworks', request.bytes);
        return { status: 'ok', ms: 0 };
      case 'files':
        folder.change(request.put, request.remove);
        return { status: 'ok', ms: 0 };
      case 'run':
        return JSON.parse(runner.run!(request.code) as string);
      case 'scratch':
        return JSON.parse(runner.scratch!(request.code, request.solution, JSON.stringify(request.exercise)) as string);
      case 'load':
        return JSON.parse(runner.load!(request.code, JSON.stringify(request.exercise)) as string);
      case 'call':
        return takeBytes(withBytes(runner.call, request.request));
    }
  };
  return (request) => {
    const reply = answer(request);
    if (runner.trapped as unknown) throw new Error('the engine trapped');
    return reply;
  };
}

function judge(pyodide: PyodideAPI): (request: JudgeRequest) => Reply {
  const module = pyodide.pyimport('danlu.judge.session') as PythonObject;
  const withBytes = bytesCaller(pyodide);
  let session: PythonObject | null = null;
  const step = (result: unknown): JudgeStep =>
    typeof result === 'string' ? { outcome: JSON.parse(result) } : { call: takeBytes(result) };
  return (request) => {
    switch (request.type) {
      case 'extend':
        addPackages(pyodide, 'frameworks', request.bytes);
        return { checks: [] };
      case 'open':
        try {
          const { checks, seed, visibleOnly, given, record, flavour } = request;
          session = module.Session!(checks, seed, visibleOnly, given ?? undefined, record, flavour) as PythonObject;
          return { checks: JSON.parse(session.names!() as string) };
        } catch (error) {
          if (!isPythonError(error)) throw error;
          return { broken: { type: error.type, text: '', traceback: error.message } };
        }
      case 'begin':
        return step(session!.begin!(request.name));
      case 'resume':
        return step(withBytes(session!.resume, request.answer));
      case 'interrupt':
        return step(session!.interrupt!(JSON.stringify(request.message)));
    }
  };
}

export type { Request };
