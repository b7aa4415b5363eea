// What of the network on the bench is looked at: a layer, a held-out sample, and what was asked about them.
import { WorkerFailure } from '../../workers/client.ts';
import type { Embedding, HeldOutSample, Judged, LabAnswer } from '../../workers/lab/protocol.ts';
import type { Bench } from './bench.svelte.ts';

export class Looking {
  /** Null: the first layer that answers with an image. */
  layer = $state<string | null>(null);
  sample = $state(0);
  judged = $state.raw<Judged | undefined>();
  mistakes = $state.raw<HeldOutSample[]>([]);
  /** The cell of the confusion matrix whose samples are shown. */
  cell = $state.raw<{ label: number; predicted: number; samples: HeldOutSample[] } | undefined>();
  embedding = $state.raw<Embedding | undefined>();
  cam = $state.raw<LabAnswer<'gradCam'> | undefined>();

  constructor(private readonly bench: Bench) {}

  /** Whether there is a network in the worker to look at. */
  get possible(): boolean {
    return this.bench.started !== undefined && this.bench.phase !== 'starting' && this.bench.phase !== 'failed';
  }

  /** Subscribes to snapshots while training goes on, and takes one now. */
  async watch(on: boolean) {
    const view = on ? { layer: this.layer, sample: this.sample } : null;
    await this.#ask(() => this.bench.client.ask('watch', { view }));
    if (on && this.possible) await this.#ask(async () => void (this.bench.snapshot = await this.bench.client.ask('snapshot', { layer: this.layer, sample: this.sample })));
  }

  async judge() {
    await this.#ask(async () => {
      this.judged = await this.bench.client.ask('judged', {});
      this.mistakes = await this.bench.client.ask('samples', { limit: 12 });
      const { cell } = this;
      if (cell) await this.choose(cell.label, cell.predicted);
    });
  }

  async choose(label: number, predicted: number) {
    await this.#ask(async () => {
      const samples = await this.bench.client.ask('samples', { label, predicted, limit: 24 });
      this.cell = { label, predicted, samples };
    });
  }

  async embed() {
    await this.#ask(async () => void (this.embedding = await this.bench.client.ask('embedding', { limit: 400 })));
  }

  async explain(wanted: number) {
    await this.#ask(async () => void (this.cam = await this.bench.client.ask('gradCam', { sample: this.sample, wanted })));
  }

  forget() {
    this.judged = undefined;
    this.mistakes = [];
    this.cell = undefined;
    this.embedding = undefined;
    this.cam = undefined;
  }

  async #ask(action: () => Promise<unknown>) {
    try {
      await action();
    } catch (error) {
      // Without a run there is nothing to see; a crash has been told already.
      if (!(error instanceof WorkerFailure)) throw error;
    }
  }
}
