/** Runs the checks of one exercise and holds what came of it, check by check as it arrives. */
import type { CheckResult, Message, OutputChunk, PythonClient, TestReport } from '../python/types.ts';
import { checksOf, type Exercise } from './format.ts';
import { RunOutput } from './output.svelte.ts';

export type Mode = 'run' | 'submit';
/** waiting: Python is still starting · running: the checks run · stopping: Stop was pressed. */
export type Phase = 'idle' | 'waiting' | 'running' | 'stopping';

export class Runner {
  readonly #exercise: Exercise;
  readonly #python: () => PythonClient;
  #client: PythonClient | null = null;

  phase = $state<Phase>('idle');
  mode = $state<Mode>('run');
  results = $state.raw<CheckResult[]>([]);
  report = $state.raw<TestReport | null>(null);
  readonly output = new RunOutput();
  /** Hears everything that is put out, besides `output`. */
  tap: ((chunk: OutputChunk) => void) | null = null;
  /** Why nothing could be run at all. */
  failure = $state.raw<Message | null>(null);
  /** Counts the runs, so that what a reader opened by hand belongs to one run only. */
  round = $state(0);

  constructor(exercise: Exercise, python: () => PythonClient) {
    this.#exercise = exercise;
    this.#python = python;
  }

  /** The checks that this run goes through. */
  get expectedChecks(): Exercise['checkList'] {
    return this.#exercise.checkList.filter((check) => this.mode === 'submit' || check.visible);
  }

  /** Null when it was stopped before it began, or Python can't start. */
  async start(mode: Mode, code: string): Promise<TestReport | null> {
    if (this.phase !== 'idle') return null;
    this.mode = mode;
    this.results = [];
    this.report = null;
    this.output.clear();
    this.failure = null;
    const round = (this.round += 1);
    this.phase = 'waiting';
    const client = (this.#client = this.#python());
    try {
      await client.ready;
      if (round !== this.round) return null;
      this.phase = 'running';
      this.report = await client.test(checksOf(this.#exercise), code, {
        mode,
        onOutput: (chunk) => {
          this.output.add(chunk);
          this.tap?.(chunk);
        },
        onResult: (result) => { this.results = [...this.results, result]; },
      });
      this.results = this.report.results;
      return this.report;
    } catch (error) {
      if (round === this.round) this.failure = client.state.message ?? { key: '', fields: { error: String(error) } };
      return null;
    } finally {
      if (round === this.round) this.phase = 'idle';
    }
  }

  async stop(): Promise<void> {
    if (this.phase === 'waiting') {
      this.round += 1;
      this.phase = 'idle';
    } else if (this.phase === 'running') {
      this.phase = 'stopping';
      await this.#client?.stop();
    }
  }
}
