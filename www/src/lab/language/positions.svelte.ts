// The study of positions: three small models that differ in nothing else, and what is measured of each.
import { WorkerClient, type WorkerPort } from '../../../workers/client.ts';
import type { Begun, Failure, Positions, PositionsCalls, PositionsEvent, Reading, Studied } from '../../../workers/language/positions.protocol.ts';
import { failureOf, room } from '../language.svelte.ts';

export type { Positions, Reading, Studied };

class PositionsRoom {
  phase = $state<'idle' | 'starting' | 'running' | 'done' | 'failed'>('idle');
  failure = $state.raw<Failure | null>(null);
  begun = $state.raw<Begun | null>(null);
  /** The model at work: trained so far, or being judged. */
  now = $state.raw<{ positions: Positions; step: number; loss: number; judging: boolean } | null>(null);
  results = $state.raw<Studied[]>([]);
  elapsed_ms = $state(0);
  /** Whether it learnt from the reader's text. */
  own = $state(false);

  #client = new WorkerClient<PositionsCalls, PositionsEvent>(
    () => new Worker(new URL('../../../workers/language/positions.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerPort<PositionsCalls, PositionsEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#fail(failure) },
  );

  /** On the reader's text, or the page's English one: a model this small learns to spell sooner than to write Chinese. */
  async start(): Promise<void> {
    this.phase = 'starting';
    this.failure = null;
    this.now = null;
    this.results = [];
    try {
      this.own = room.ownText !== null;
      const text = room.ownText ?? (await room.pageText('en'));
      this.begun = await this.#client.ask('study', { text, seed: room.settings.seed });
      this.phase = 'running';
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#client.ask('stop', {});
      this.phase = this.results.length > 0 ? 'done' : 'idle';
      this.now = null;
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }

  of(positions: Positions): Studied | undefined {
    return this.results.find((result) => result.positions === positions);
  }

  #fail(failure: Failure) {
    this.phase = 'failed';
    this.failure = failure;
    this.now = null;
  }

  #hear(event: PositionsEvent | { kind: 'broken'; failure: Failure }) {
    switch (event.kind) {
      case 'progress':
        this.now = { positions: event.positions, step: event.step, loss: event.loss, judging: false };
        return;
      case 'judging':
        if (this.now) this.now = { ...this.now, judging: true };
        return;
      case 'studied':
        this.results = [...this.results, event.result];
        return;
      case 'finished':
        this.elapsed_ms = event.elapsed_ms;
        this.now = null;
        this.phase = 'done';
        return;
      case 'broken':
        this.#fail(event.failure);
    }
  }
}

export const study = new PositionsRoom();
