/** Runs one piece of Python on the page's runtime and holds what it printed, drew and how it ended. */
import { RunOutput } from '../exercise/output.svelte.ts';
import type { Message, PythonClient, RunResult } from '../python/types.ts';

export type Phase = 'idle' | 'waiting' | 'running' | 'stopping';

export class Snippet {
  readonly #python: () => PythonClient;
  #client: PythonClient | null = null;
  #round = 0;

  phase = $state<Phase>('idle');
  readonly output = new RunOutput();
  result = $state.raw<RunResult | null>(null);
  /** Why nothing could be run at all. */
  failure = $state.raw<Message | null>(null);

  constructor(python: () => PythonClient) {
    this.#python = python;
  }

  async run(code: string): Promise<RunResult | null> {
    if (this.phase !== 'idle') return null;
    this.output.clear();
    this.result = null;
    this.failure = null;
    const round = (this.#round += 1);
    this.phase = 'waiting';
    const client = (this.#client = this.#python());
    try {
      await client.ready;
      if (round !== this.#round) return null;
      this.phase = 'running';
      this.result = await client.run(code, (chunk) => this.output.add(chunk));
      return this.result;
    } catch (error) {
      if (round === this.#round) this.failure = client.state.message ?? { key: '', fields: { error: String(error) } };
      return null;
    } finally {
      if (round === this.#round) this.phase = 'idle';
    }
  }

  async stop(): Promise<void> {
    if (this.phase === 'waiting') {
      this.#round += 1;
      this.phase = 'idle';
    } else if (this.phase === 'running') {
      this.phase = 'stopping';
      await this.#client?.stop();
    }
  }
}
