/** The scratch cell: a few lines run after the reader's code, in its namespace. */
import type { Message, PythonClient, RunResult } from '../python/types.ts';
import { checksOf, type Exercise } from './format.ts';
import { RunOutput } from './output.svelte.ts';

export const SCRATCH_PREFIX = 'danlu.scratch.v1.';
export const scratchKey = (exercise: string): string => SCRATCH_PREFIX + exercise;

export class Scratch {
  readonly #exercise: Exercise;
  readonly #python: () => PythonClient;
  readonly #storage: Storage;
  readonly #id: string;
  code: string;

  busy = $state(false);
  readonly output = new RunOutput();
  result = $state.raw<RunResult | null>(null);
  failure = $state.raw<Message | null>(null);

  /** It is kept under `id`: that of the exercise, unless there are several of it. */
  constructor(exercise: Exercise, python: () => PythonClient, storage: Storage, id = exercise.id) {
    this.#exercise = exercise;
    this.#python = python;
    this.#storage = storage;
    this.#id = id;
    this.code = storage.getItem(scratchKey(id)) ?? '';
  }

  changed(code: string): void {
    this.code = code;
    try {
      this.#storage.setItem(scratchKey(this.#id), code);
    } catch {
      // It then lasts for this visit.
    }
  }

  async run(solution: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.output.clear();
    this.result = null;
    this.failure = null;
    const client = this.#python();
    try {
      await client.ready;
      this.result = await client.run(this.code, (chunk) => this.output.add(chunk), { solution, exercise: checksOf(this.#exercise) });
    } catch (error) {
      this.failure = client.state.message ?? { key: '', fields: { error: String(error) } };
    } finally {
      this.busy = false;
    }
  }

  async stop(): Promise<void> {
    await this.#python().stop();
  }
}
