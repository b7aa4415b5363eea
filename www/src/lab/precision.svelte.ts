// The room of mixed precision: the same steps in several ways of keeping numbers, and the number under the microscope.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type { Ended, Failure, Opened, PrecisionCalls, PrecisionEvent, Progress, WayName } from '../../workers/precision/protocol.ts';
import { jobOf, usual, type Settings } from './precision/settings.ts';

export type { Ended, Opened, WayName };
export type Phase = 'idle' | 'starting' | 'training' | 'done' | 'failed';

/** What one way has shown so far. */
export interface Lane {
  way: WayName;
  losses: number[];
  scales: number[];
  skipped: boolean[];
  layers: Progress['layers'];
  ended: Ended | null;
}

class PrecisionRoom {
  settings = $state.raw<Settings>(usual);
  phase = $state<Phase>('idle');
  failure = $state.raw<Failure | null>(null);
  opened = $state.raw<Opened | null>(null);
  /** What the training under way, or the last one, was begun with. */
  begun = $state.raw<Settings>(usual);
  /** Changes whenever a lane has: their arrays grow in place. */
  version = $state(0);

  #lanes: Lane[] = [];
  #client = new WorkerClient<PrecisionCalls, PrecisionEvent>(
    () =>
      new Worker(new URL('../../workers/precision/precision.worker.ts', import.meta.url), {
        type: 'module',
        // The worker fetches digits and engine from beside the page; its own address is elsewhere.
        name: new URL('.', document.baseURI).href,
      }) as unknown as WorkerPort<PrecisionCalls, PrecisionEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#fail(failure) },
  );

  get busy(): boolean {
    return this.phase === 'starting' || this.phase === 'training';
  }

  /** Copies, because lanes grow in place. */
  get lanes(): Lane[] {
    void this.version;
    return this.#lanes.map((lane) => ({ ...lane }));
  }

  get step(): number {
    void this.version;
    return Math.min(...this.#lanes.map(({ losses }) => losses.length));
  }

  change(part: Partial<Settings>): void {
    this.settings = { ...this.settings, ...part };
  }

  async start(): Promise<void> {
    this.phase = 'starting';
    this.failure = null;
    this.begun = this.settings;
    this.#lanes = this.settings.ways.map((way) => ({ way, losses: [], scales: [], skipped: [], layers: null, ended: null }));
    this.version += 1;
    try {
      this.opened = await this.#client.ask('start', jobOf(this.settings));
      if (this.phase === 'starting') this.phase = 'training';
    } catch (error) {
      this.#fail(error instanceof WorkerFailure ? error.failure : { code: 'worker_crashed', fields: { detail: String(error) }, fatal: true });
    }
  }

  /** What was seen until now stays. */
  async stop(): Promise<void> {
    try {
      await this.#client.ask('stop', {});
      this.phase = 'idle';
    } catch (error) {
      this.#fail(error instanceof WorkerFailure ? error.failure : { code: 'worker_crashed', fields: { detail: String(error) }, fatal: true });
    }
  }

  #fail(failure: Failure): void {
    this.phase = 'failed';
    this.failure = failure;
  }

  #hear(event: PrecisionEvent | { kind: 'broken'; failure: Failure }): void {
    if (event.kind === 'broken') return this.#fail(event.failure);
    if (event.kind === 'finished') {
      this.phase = 'done';
      return;
    }
    const lane = this.#lanes.find(({ way }) => way === event.way);
    if (!lane) return;
    if (event.kind === 'ended') lane.ended = event;
    else {
      lane.losses.push(...event.losses);
      lane.scales.push(...event.scales);
      lane.skipped.push(...event.skipped);
      lane.layers = event.layers ?? lane.layers;
    }
    this.version += 1;
  }
}

export const room = new PrecisionRoom();
