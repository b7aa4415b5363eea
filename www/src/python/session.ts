/** Keeps a learner's runtime, a warm spare of it, and the judge's; runs one thing at a time on them. */
import { drawSeed, learnersPart, runCode, runTest, type Limits } from './broker';
import { type Frameworks, learnersTexts } from './frameworks';
import { Runtime, type Spawner } from './runtime';
import type { AfterSolution, ExerciseChecks, Message, OutputChunk, RunResult, TestOptions, TestReport } from './types';

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

  /** Told that the frameworks are being fetched for what is about to run, and that they are there. */
  onExtending: ((extending: boolean) => void) | null = null;
  #frameworks: Frameworks | null;

  /** Without `frameworks` the runtimes have them from their start. */
  constructor(learners: Spawner, judges: Spawner, limits?: Limits, frameworks: Frameworks | null = null) {
    this.#frameworks = frameworks;
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
      const texts = after ? [code, after.solution, ...learnersTexts(after.exercise)] : [code];
      const lacking = await this.#extend([[learner, texts]]);
      if (lacking) return lacking;
      learner.onOutput = onOutput;
      return runCode(learner, request, null, () => this.#stopped);
    });
  }

  async test(exercise: ExerciseChecks, code: string, options: TestOptions): Promise<TestReport> {
    return this.#alone(async () => {
      const parties = await this.#orStopped(Promise.all([this.#readyLearner(), this.#readyJudge()]));
      if (!parties) return emptyReport(options.seed ?? drawSeed());
      const [learner, judge] = parties;
      const { checks, given = '' } = exercise;
      const lacking = await this.#extend([
        [learner, [code, ...learnersTexts(exercise)]],
        [judge, [checks, given]],
      ]);
      if (lacking) return emptyReport(options.seed ?? drawSeed(), lacking);
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

  /** Gives the frameworks to runtimes whose texts name them. What it returns is why the run ends already. */
  async #extend(wants: [Runtime, string[]][]): Promise<RunResult | null> {
    const frameworks = this.#frameworks;
    const lacking = wants.filter(([runtime, texts]) => frameworks?.lacks(runtime, texts)).map(([runtime]) => runtime);
    if (!frameworks || lacking.length === 0) return null;
    this.onExtending?.(true);
    try {
      const given = await this.#orStopped<{ failed: Message | null }>(frameworks.give(lacking).then((failed) => ({ failed })));
      if (!given) return { status: 'stopped', ms: 0 };
      return given.failed && { status: 'crashed', message: given.failed, ms: 0 };
    } finally {
      this.onExtending?.(false);
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

/** Of a test that ended before any code ran. */
function emptyReport(seed: number, load: RunResult = { status: 'stopped', ms: 0 }): TestReport {
  return { status: load.status === 'stopped' ? 'stopped' : 'not_run', load, results: [], seed, ms: 0 };
}
