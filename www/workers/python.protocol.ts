/**
 * What the page and a Python worker say to each other: closed, and only data.
 *
 * One worker is the learner's, one the judge's; neither knows the other. Whatever comes from the learner's worker may
 * have been written by the learner's code, so the page checks its form and gives it no more weight than a value that
 * a function returned.
 */
import type { ExerciseChecks, Flavour, Message, PythonError, ShownValue, TextChunk, Transcript } from '../src/python/types';

/** SIGINT: what Pyodide's interrupt buffer holds when Python is to stop. */
export const INTERRUPT = 2;

export type Role = 'learner' | 'judge';

/** Everything a runtime needs, as bytes: inside the sandbox nothing can be fetched. */
export interface RuntimeFiles {
  loader: ArrayBuffer;
  core: ArrayBuffer;
  stdlib: ArrayBuffer;
  /** 30 MB that each worker reads once: a Blob isn't copied from hand to hand. */
  snapshot: Blob;
  packages: ArrayBuffer;
  engine?: EngineFiles;
}

/** The engine's two modules: arrays and the tape, and what trains. */
export interface EngineFiles {
  pythonGlue: ArrayBuffer;
  trainGlue: ArrayBuffer;
  /** Bytes: a worker compiles them when Python first asks for a run, which few do. */
  trainWasm: ArrayBuffer;
}

/** Compiled once per sandbox and shared by its workers. */
export interface RuntimeModules {
  python: WebAssembly.Module;
  engine?: WebAssembly.Module;
}

export interface StartMessage {
  type: 'start';
  role: Role;
  files: RuntimeFiles;
  modules: RuntimeModules;
  /** Shared with the frame, whose word makes Python stop; missing where nothing can be shared. */
  interrupts?: Uint8Array;
  port: MessagePort;
}

/** What the learner's runtime needs to know of an exercise: never its checks. */
export type LearnersPart = Pick<ExerciseChecks, 'entry' | 'forbid' | 'given' | 'packages' | 'flavour'>;

/** An archive of packages that can be imported from now on. */
export interface Extend {
  type: 'extend';
  bytes: Uint8Array;
}

/** A file that the reader dropped: a small one's bytes, a large one's handle. */
export interface DroppedFile {
  name: string;
  content: Uint8Array | Blob;
}

export type LearnerRequest =
  /** Changes in what stands in the code's working folder besides its own files. */
  | { type: 'files'; put: DroppedFile[]; remove: string[] }
  /** A file of the page's data, for Python's data sets. */
  | { type: 'put'; name: string; bytes: Uint8Array }
  | Extend
  /** Runs as `__main__`. */
  | { type: 'run'; code: string }
  /** A cell that runs after the solution, in its namespace. */
  | { type: 'scratch'; code: string; solution: string; exercise: LearnersPart }
  /** Before checks: runs the code as a module and looks for the names of `entry`. */
  | { type: 'load'; code: string; exercise: LearnersPart }
  /** `request` is danlu.codec's bytes, made by the judge. */
  | { type: 'call'; request: Uint8Array };

export type JudgeRequest =
  | Extend
  | { type: 'open'; checks: string; given: string | null; seed: number; visibleOnly: boolean; record: boolean; flavour: Flavour }
  | { type: 'begin'; name: string }
  /** What the learner's runtime answered. */
  | { type: 'resume'; answer: Uint8Array }
  /** The learner's runtime gave no answer. */
  | { type: 'interrupt'; message: Message };

export type Request = LearnerRequest | JudgeRequest;

export interface LearnerOutcome {
  status: 'ok' | 'error';
  error?: PythonError;
  ms: number;
}

export interface JudgeOutcome {
  status: 'pass' | 'fail' | 'error';
  message?: Message;
  expected?: ShownValue;
  got?: ShownValue;
  error?: PythonError;
  transcript?: Transcript;
  figures?: Record<string, number>;
}

/** A check asks for a call into the learner's runtime, or has come to its end. */
export type JudgeStep = { call: Uint8Array } | { outcome: JudgeOutcome };

export type Reply =
  | LearnerOutcome
  | Uint8Array
  | JudgeStep
  | { checks: { name: string; visible: boolean }[] }
  | { broken: PythonError };

export type FromRuntime =
  | { type: 'started'; ms: number; interruptible: boolean }
  | ({ type: 'output' } & TextChunk)
  /** A figure's drawing as JSON; the view that draws it checks its form. */
  | { type: 'figure'; drawing: string }
  /** How far a training is, as JSON {step, epoch, metrics}; exercise/training.ts checks its form. */
  | { type: 'progress'; progress: string }
  | { type: 'reply'; id: number; reply: Reply }
  /** An error that is no Python exception: the runtime can't be trusted any more. */
  | { type: 'fatal'; id: number | null; text: string };

export type ToRuntime = { id: number; request: Request };
