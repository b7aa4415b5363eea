/** A case at work: the broken program's training, made when the page opens, and the reader's, made by each run. */
import type { Message, OutputChunk, PythonClient } from '../../python/types.ts';
import { checksOf, type Exercise } from '../format.ts';
import { readWatch, record, type Recording } from './watch.ts';

/** Every given.py of the clinic has it; assigned, so that the cell prints nothing. */
const EXAMINE = 'import given\n_ = given.examine(globals())\n';

export class Examination {
  readonly #exercise: Exercise;
  readonly #python: () => PythonClient;
  #client: PythonClient | null = null;
  #mendedEnded = false;

  /** waiting: Python is still starting. */
  phase = $state<'waiting' | 'running' | 'done' | 'failed'>('waiting');
  failure = $state.raw<Message | null>(null);
  broken = $state.raw<Recording | null>(null);
  mended = $state.raw<Recording | null>(null);

  constructor(exercise: Exercise, python: () => PythonClient) {
    this.#exercise = exercise;
    this.#python = python;
  }

  get busy(): boolean {
    return this.phase === 'running';
  }

  /** Trains the broken program. */
  async examine(): Promise<void> {
    if (this.busy) return;
    this.phase = 'waiting';
    this.failure = null;
    const client = (this.#client = this.#python());
    try {
      await client.ready;
      this.phase = 'running';
      this.broken = null;
      const hear = (chunk: OutputChunk) => {
        const step = chunk.stream === 'progress' ? readWatch(chunk.progress) : null;
        if (step) this.broken = record(this.broken, step) ?? this.broken;
      };
      const run = () => client.run(EXAMINE, hear, { solution: this.#exercise.stub, exercise: checksOf(this.#exercise) });
      let ended = await run();
      // A runtime that died before the first step is no symptom of the case: the fresh one gets a try.
      if (ended.status === 'crashed' && this.broken === null) ended = await run();
      const { status, message } = ended;
      // An error of the broken program may be its symptom: what it told until then is there to be looked at.
      this.phase = status === 'stopped' || this.broken === null ? 'failed' : 'done';
      this.failure = message ?? null;
    } catch {
      this.phase = 'failed';
      this.failure = client.state.message ?? null;
    }
  }

  /** A run of the reader's code begins. */
  begin(): void {
    this.mended = null;
    this.#mendedEnded = false;
  }

  /** Of a run's trainings the first is shown. */
  hear(chunk: OutputChunk): void {
    const step = chunk.stream === 'progress' ? readWatch(chunk.progress) : null;
    if (!step || this.#mendedEnded) return;
    const next = record(this.mended, step);
    if (next) this.mended = next;
    else this.#mendedEnded = true;
  }

  async leave(): Promise<void> {
    if (this.busy) await this.#client?.stop();
  }
}
