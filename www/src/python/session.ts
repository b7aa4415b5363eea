/** Keeps a learner's runtime, a warm spare of it, and the judge's; runs one thing at a time on them. */
import { drawSeed, runCode, runTest, type Limits } from './broker';
import { Runtime, type Spawner } from './runtime';
import type { ExerciseChecks, OutputChunk, RunResult, TestOptions, TestReport } from './types';

export class PythonSession {
  /** Resolves when the learner's code can run; the judge and the spare start after that. */
  readonly ready: Promise<void>;
  #learners: Spawner;
  #openJudges: () => Promise<Spawner>;
  #judges: Promise<Spawner> | null = null;
  #limits: Limits | undefined;
  #learner: Runtime;
  #spare: Runtime | null = null;
  #judge: Promise<Runtime> | null = null;
  #busy = false;
  #stopped = false;
  #disposed = false;

  constructor(learners: Spawner, openJudges: () => Promise<Spawner>, limits?: Limits) {
    this.#learners = learners;
    this.#openJudges = openJudges;
    this.#limits = limits;
    this.#learner = new Runtime(learners, 'learner');
    this.ready = this.#learner.started.then(() => this.#warm());
  }

  async run(code: string, onOutput: (chunk: OutputChunk) => void): Promise<RunResult> {
    return this.#alone(async () => {
      const learner = await this.#readyLearner();
      learner.onOutput = onOutput;
      return runCode(learner, { type: 'run', code }, null, () => this.#stopped);
    });
  }

  async test(exercise: ExerciseChecks, code: string, options: TestOptions): Promise<TestReport> {
    return this.#alone(async () => {
      const [learner, judge] = await Promise.all([this.#readyLearner(), this.#readyJudge()]);
      if (this.#stopped) return emptyReport(options.seed ?? drawSeed());
      return runTest(
        { learner, judge, stopped: () => this.#stopped, ...(this.#limits ? { limits: this.#limits } : {}) },
        exercise,
        code,
        options,
      );
    });
  }

  /** Ends the learner's runtime under whatever runs; the spare takes over. */
  stop(): void {
    if (!this.#busy) return;
    this.#stopped = true;
    this.#learner.end();
  }

  dispose(): void {
    this.#disposed = true;
    this.#learner.end();
    this.#spare?.end();
    this.#learners.dispose();
    void this.#judge?.then((judge) => judge.end()).catch(() => {});
    void this.#judges?.then((judges) => judges.dispose()).catch(() => {});
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error('Python is already running something');
    this.#busy = true;
    this.#stopped = false;
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#learner.onOutput = null;
      if (!this.#disposed && this.#learner.dead) this.#replaceLearner();
    }
  }

  #replaceLearner() {
    this.#learner = this.#spare && !this.#spare.dead ? this.#spare : new Runtime(this.#learners, 'learner');
    this.#spare = null;
    void this.#learner.started.then(() => this.#warm()).catch(() => {});
  }

  /** Starts what isn't needed at once, one after the other: starting two together would slow both. */
  async #warm(): Promise<void> {
    if (this.#disposed) return;
    void this.#readyJudge()
      .then(() => {
        if (this.#disposed || (this.#spare && !this.#spare.dead)) return;
        this.#spare = new Runtime(this.#learners, 'learner');
      })
      .catch(() => {});
  }

  async #readyLearner(): Promise<Runtime> {
    if (this.#learner.dead) this.#replaceLearner();
    await this.#learner.started;
    return this.#learner;
  }

  #readyJudge(): Promise<Runtime> {
    this.#judge = this.#judge?.then((judge) => (judge.dead ? this.#startJudge() : judge)) ?? this.#startJudge();
    // A start that failed is tried again by whoever needs it next.
    this.#judge.catch(() => (this.#judge = null));
    return this.#judge;
  }

  async #startJudge(): Promise<Runtime> {
    this.#judges ??= this.#openJudges();
    const judge = new Runtime(await this.#judges, 'judge');
    await judge.started;
    return judge;
  }
}

function emptyReport(seed: number): TestReport {
  return { status: 'stopped', load: { status: 'stopped', ms: 0 }, results: [], seed, ms: 0 };
}
