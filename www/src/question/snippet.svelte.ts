/** Runs one piece of Python on the page's runtime and holds what it printed and how it ended. */
import type { Message, PythonClient, RunResult } from '../python/types.ts';

export type Phase = 'idle' | 'waiting' | 'running' | 'stopping';

/** What is printed is shown up to here; a runaway print must not fill the page's memory. */
const OUTPUT_CHARACTERS_MAX = 50_000;

export class Snippet {
  readonly #python: () => PythonClient;
  #client: PythonClient | null = null;
  #round = 0;

  phase = $state<Phase>('idle');
  output = $state('');
  /** Characters of output left out. */
  outputCut = $state(0);
  result = $state.raw<RunResult | null>(null);
  /** Why nothing could be run at all. */
  failure = $state.raw<Message | null>(null);

  constructor(python: () => PythonClient) {
    this.#python = python;
  }

  async run(code: string): Promise<RunResult | null> {
    if (this.phase !== 'idle') return null;
    this.output = '';
    this.outputCut = 0;
    this.result = null;
    this.failure = null;
    const round = (this.#round += 1);
    this.phase = 'waiting';
    const client = (this.#client = this.#python());
    try {
      await client.ready;
      if (round !== this.#round) return null;
      this.phase = 'running';
      this.result = await client.run(code, ({ text }) => this.#print(text));
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

  #print(text: string): void {
    const room = Math.max(0, OUTPUT_CHARACTERS_MAX - this.output.length);
    this.output += text.slice(0, room);
    this.outputCut += Math.max(0, text.length - room);
  }
}
