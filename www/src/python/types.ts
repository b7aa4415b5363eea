/** What the exercise page and the Python behind it say to each other. Sentences for the reader are keys. */

/** `key` stands in www/strings/<lang>/judge.json (without the area's prefix); `fields` fill its `{placeholders}`. */
export interface Message {
  key: string;
  fields: Record<string, string | number>;
}

export interface TextChunk {
  stream: 'stdout' | 'stderr';
  text: string;
}

/** A figure that the code showed. `drawing` is JSON from the learner's runtime: views/drawing.ts checks it. */
export interface FigureChunk {
  stream: 'figure';
  drawing: string;
}

/** How far Keras's `fit` is. `progress` is JSON from the learner's runtime: exercise/training.ts checks it. */
export interface ProgressChunk {
  stream: 'progress';
  progress: string;
}

export type OutputChunk = TextChunk | FigureChunk | ProgressChunk;

/** A Python exception of the learner's code. */
export interface PythonError {
  /** The exception's class, as `ValueError`. */
  type: string;
  /** What the exception says, without its class. */
  text: string;
  /** The whole traceback, only the learner's frames, CPython's carets kept. */
  traceback: string;
  /** Line of the learner's code where it happened, counted from 1. */
  line?: number;
  /** Set where Danlu itself raised the exception and has a sentence for it (a hidden name, input(), a limit …). */
  message?: Message;
}

/**
 * ok: ran to its end · error: raised an exception · stopped: the reader pressed Stop · timeout: ran longer than its
 * limit · crashed: the runtime itself died (its stack or memory overflowed) and was replaced.
 */
export type RunStatus = 'ok' | 'error' | 'stopped' | 'timeout' | 'crashed';

export interface RunResult {
  status: RunStatus;
  error?: PythonError;
  /** Set for timeout and crashed. */
  message?: Message;
  ms: number;
}

/** What a learner writes the exercise in: arrays reach the code as NumPy's, or as PyTorch's tensors. */
export type Flavour = 'numpy' | 'torch';

/** What the judge needs of an exercise; stands in build/exercises/<id>.json. */
export interface ExerciseChecks {
  id: string;
  /** Source of checks.py. */
  checks: string;
  /** Names of the functions or classes that the learner writes. */
  entry: string[];
  /** Dotted names hidden from the learner, as `numpy.linalg.inv`. */
  forbid: string[];
  /** Source of given.py: helpers that the reader sees and both runtimes import as `given`. */
  given?: string;
  /** Packages besides numpy that are imported before the learner's time begins, as `torch`. */
  packages?: string[];
  /** Left out, it is `numpy`. */
  flavour?: Flavour;
  /** What a check may take at most, where that is more than the usual limit: exercises that train. */
  seconds?: number;
}

/** A cell runs in the namespace that the solution leaves, with what its exercise gives and hides. */
export interface AfterSolution {
  solution: string;
  exercise: ExerciseChecks;
}

/** A value as shown to the reader. Arrays carry their dtype and shape and the place that is most wrong. */
export interface ShownValue {
  /** Aligned line by line with its counterpart. */
  text: string;
  dtype?: string;
  shape?: number[];
  worst_index?: number[];
}

export interface CheckResult {
  /** The check's name; its sentence stands in exercise.toml under [checks.<name>]. */
  name: string;
  status: 'pass' | 'fail' | 'error';
  visible: boolean;
  /** Why it failed. */
  message?: Message;
  expected?: ShownValue;
  got?: ShownValue;
  /** The exception of the learner's code, if one ended the check. */
  error?: PythonError;
  /** What the learner's code printed during this check. */
  output: string;
  ms: number;
  /** What the check measured, where it tells. */
  figures?: Record<string, number>;
  /** What the check did, if that was to be recorded and can be said. */
  transcript?: Transcript;
}

/** A check as plain Python, on which the asserts of a downloaded file stand. */
export interface Transcript {
  lines: string[];
  /** Modules that the lines name. */
  imports: string[];
}

export interface TestReport {
  /** passed: every check that ran passed · failed: at least one didn't · not_run: the code itself didn't load, see `load`. */
  status: 'passed' | 'failed' | 'not_run' | 'stopped';
  /** How running the learner's code went, before any check. */
  load: RunResult;
  results: CheckResult[];
  /** Reproduces the random inputs. */
  seed: number;
  ms: number;
}

export interface TestOptions {
  /** run: the visible checks · submit: all of them. */
  mode: 'run' | 'submit';
  /** Left out, it is drawn afresh. */
  seed?: number;
  /** Of the checks of that mode, the one of this name alone. */
  only?: string;
  /** Whether checks that pass are written down as plain Python. */
  record?: boolean;
  onOutput?: (chunk: OutputChunk) => void;
  onResult?: (result: CheckResult) => void;
}

/**
 * loading: fetching and starting · ready · running · extending: about to run, fetching the frameworks for it ·
 * failed: Python can't start here, `message` says why.
 */
export type PythonStatus = 'idle' | 'loading' | 'ready' | 'running' | 'extending' | 'failed';

export interface PythonState {
  status: PythonStatus;
  /** Bytes fetched of all bytes to fetch, 0 to 1, while loading. */
  progress: number;
  message?: Message;
}

export interface PythonClient {
  /** Resolves when code can run; rejects when Python can't start here. */
  readonly ready: Promise<void>;
  readonly state: PythonState;
  /** Calls back at once with the present state, then at each change. Returns the function that ends it. */
  onState(callback: (state: PythonState) => void): () => void;
  /** Fetches the frameworks ahead if an exercise's packages are among them. */
  prefetch(packages: string[]): void;
  /** Runs code by itself, or after a solution. Only one run or test at a time; a second one rejects. */
  run(code: string, onOutput: (chunk: OutputChunk) => void, after?: AfterSolution): Promise<RunResult>;
  test(exercise: ExerciseChecks, code: string, options: TestOptions): Promise<TestReport>;
  /** Ends what is running within half a second; its promise resolves with status `stopped`. */
  stop(): Promise<void>;
  dispose(): void;
}
