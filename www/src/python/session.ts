/** Keeps a learner's runtime, a warm spare of it, and the judge's; runs one thing at a time on them. */
import { drawSeed, learnersPart, runCode, runTest, type Limits } from './broker';
import { Runtime, type Spawner } from './runtime';
import type { AfterSolution, ExerciseChecks, OutputChunk, RunResult, TestOptions, TestReport } from './types';

export class PythonSession {
  /** Resolves when the learner's code can run; the judge and the spare start after that. */
  readonly ready: Promise<void>;
  #learners: Spawner;
  #judges: Spawner;
  #limits: Limits | undefined;
  #learner: Runtime;
  #spare: Runtime | null = null;
  #judge: Promise<Runtime> | null = null;
  #busy = false;
  #stopped = false;
  #heard: (() => void) | null = null;
  #disposed = false;

  constructor(learners: Spawner, judges: Spawner, limits?: Limits) {
    this.#learners = learners;
    this.#judges = judges;
    this.#limits = limits;
    this.#learner = new Runtime(learners, 'learner');
    this.ready = this.#learner.started.then(() => this.#warm());
  }

  async run(code: string, onOutput: (chunk: OutputChunk) => void, after?: AfterSolution): Promise<RunResult> {
    const request = after
      ? { type: 'scratch' as const, code, solution: after.solution, exercise: learnersPart(after.exercise) }
      : { type: 'run' as const, code };
    return this.#alone(async () => {
      const learner = await this.#orStopped(this.#readyLearner());
      if (!learner) return { status: 'stopped', ms: 0 };
      learner.onOutput = onOutput;
      return runCode(learner, request, null, () => this.#stopped);
    });
  }

  async test(exercise: ExerciseChecks, code: string, options: TestOptions): Promise<TestReport> {
    return this.#alone(async () => {
      const parties = await this.#orStopped(Promise.all([this.#readyLearner(), this.#readyJudge()]));
      if (!parties) return emptyReport(options.seed ?? drawSeed());
      const [learner, judge] = parties;
      return runTest(
        { learner, judge, stopped: () => this.#stopped, ...(this.#limits ? { limits: this.#limits } : {}) },
        exercise,
        code,
        options,
      );
    });
  }

  /** The learner's code is asked to stop. If it doesn't, or can't be asked, its runtime ends and the spare takes over. */
  stop(): void {
    if (!this.#busy) return;
    this.#stopped = true;
    this.#learner.stop();
    this.#heard?.();
  }

  dispose(): void {
    this.#disposed = true;
    this.#learner.end();
    this.#spare?.end();
    this.#learners.dispose();
    void this.#judge?.then((judge) => judge.end()).catch(() => {});
    this.#judges.dispose();
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

  /** What was waited for, or null if Stop came first. */
  async #orStopped<T>(waiting: Promise<T>): Promise<T | null> {
    const stop = new Promise<null>((resolve) => (this.#heard = () => resolve(null)));
    try {
      return await Promise.race([waiting, stop]);
    } catch (error) {
      if (this.#stopped) return null;
      throw error;
    } finally {
      this.#heard = null;
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
    const learner = this.#learner;
    try {
      await learner.started;
    } catch (error) {
      // It died while it started: with its sandbox, perhaps. A second death in a row is the caller's to hear of.
      if (this.#stopped || learner !== this.#learner) throw error;
      this.#replaceLearner();
      await this.#learner.started;
    }
    return this.#learner;
  }

  #readyJudge(): Promise<Runtime> {
    this.#judge = this.#judge?.then((judge) => (judge.dead ? this.#startJudge() : judge)) ?? this.#startJudge();
    // A start that failed is tried again by whoever needs it next.
    this.#judge.catch(() => (this.#judge = null));
    return this.#judge;
  }

  async #startJudge(): Promise<Runtime> {
    const judge = new Runtime(this.#judges, 'judge');
    await judge.started;
    return judge;
  }
}

function emptyReport(seed: number): TestReport {
  return { status: 'stopped', load: { status: 'stopped', ms: 0 }, results: [], seed, ms: 0 };
}
