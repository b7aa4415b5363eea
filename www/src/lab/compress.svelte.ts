// The compression bench's state: a trained network, what was made of it, and what is under way.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type { CompressCalls, CompressEvent, Failure, FileKind, LayerTime, Row, What } from '../../workers/compress/protocol.ts';
import type { DataSummary } from '../../workers/lab/protocol.ts';
import { loadOwn } from './datasets.ts';
import type { LabSpec } from './spec.ts';

export type { Calibration, FileKind, LayerTime, Method, Row, Student, Way, What } from '../../workers/compress/protocol.ts';

/** (epochs, what is told, held-out accuracy), one below the other. */
export interface Curve {
  x: number[];
  told: number[];
  accuracy: number[];
}

type Curves = Record<string, Curve>;

class CompressRoom {
  rows = $state.raw<Row[]>([]);
  data = $state.raw<DataSummary | null>(null);
  variant = $state('');
  /** What is under way. */
  what = $state<What | 'begin' | 'quantise' | 'layers' | null>(null);
  done = $state(0);
  all = $state(0);
  failure = $state.raw<{ at: What | 'begin' | 'quantise' | 'layers' | 'file'; failure: Failure } | null>(null);
  /** Rounds of the last measurement. */
  rounds = $state(0);
  /** Of the last training, pruning and teaching; `version` changes whenever they have. */
  curves: Partial<Record<What, Curves>> = {};
  version = $state(0);
  times = $state.raw<{ id: string; times: LayerTime[]; batch: number } | null>(null);

  #client = new WorkerClient<CompressCalls, CompressEvent>(
    () =>
      new Worker(new URL('../../workers/compress/compress.worker.ts', import.meta.url), {
        type: 'module',
        // The worker fetches the digits from beside the page; its own address is elsewhere.
        name: new URL('.', document.baseURI).href,
      }) as unknown as WorkerPort<CompressCalls, CompressEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#lose(failure) },
  );

  /** Something is made; a measurement gives way to whatever is asked for. */
  get busy(): boolean {
    return this.what !== null && this.what !== 'measure';
  }

  get ready(): boolean {
    return this.rows.length > 0 && !this.busy;
  }

  async begin(spec: LabSpec, weights: Uint8Array<ArrayBuffer> | null): Promise<void> {
    await this.#run('begin', async () => {
      const ask = { spec, weights };
      try {
        this.data = await this.#client.ask('begin', ask);
      } catch (error) {
        // A reader's own data, which the worker has not been given yet.
        const own = codeOf(error) === 'no_dataset' && spec.data.hash ? await loadOwn(spec.data.hash) : undefined;
        if (!own) throw error;
        // Read for this, so that they may go over without a copy.
        await this.#client.ask('own', { own }, { transfer: [own.values.buffer, own.labels.buffer] });
        this.data = await this.#client.ask('begin', ask);
      }
      if (!weights) {
        this.rows = [];
        this.times = null;
        this.#goes('train');
      }
    });
  }

  prune(ask: CompressCalls['prune']['ask']): Promise<void> {
    return this.#run('prune', async () => {
      await this.#client.ask('prune', ask);
      this.#goes('prune');
    });
  }

  quantise(ask: CompressCalls['quantise']['ask']): Promise<void> {
    return this.#run('quantise', async () => void (await this.#client.ask('quantise', ask)));
  }

  distil(ask: CompressCalls['distil']['ask']): Promise<void> {
    return this.#run('distil', async () => {
      await this.#client.ask('distil', ask);
      this.#goes('distil');
    });
  }

  measure(): Promise<void> {
    return this.#run('measure', async () => {
      await this.#client.ask('measure', {});
      this.#goes('measure');
    });
  }

  layers(id: string): Promise<void> {
    return this.#run('layers', async () => {
      const { times, batch } = await this.#client.ask('layers', { id });
      this.times = { id, times, batch };
    });
  }

  async file(id: string, kind: FileKind): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return await this.#client.ask('file', { id, kind });
    } catch (error) {
      this.failure = { at: 'file', failure: asFailure(error) };
      return undefined;
    }
  }

  async remove(id: string): Promise<void> {
    if (!(await this.#told('remove', { id }))) return;
    this.rows = this.rows.filter((row) => row.id !== id);
    if (this.times?.id === id) this.times = null;
    if (this.what === 'measure') this.what = null;
  }

  async stop(): Promise<void> {
    await this.#told('stop', {});
  }

  /** False where the worker refused; that is then said where the models are. */
  async #told<K extends 'remove' | 'stop'>(call: K, ask: CompressCalls[K]['ask']): Promise<boolean> {
    try {
      await this.#client.ask(call, ask);
      return true;
    } catch (error) {
      this.failure = { at: 'file', failure: asFailure(error) };
      return false;
    }
  }

  /** Until the worker says that it ended. */
  #goes(what: What) {
    this.what = what;
    [this.done, this.all] = [0, 0];
    this.curves[what] = {};
    this.version += 1;
  }

  async #run(at: Exclude<typeof this.what, null>, work: () => Promise<void>): Promise<void> {
    this.failure = null;
    this.what = at;
    try {
      await work();
      // What ends with its answer; a measurement may have followed it already.
      if (this.what === at && (at === 'begin' || at === 'quantise' || at === 'layers')) this.what = null;
    } catch (error) {
      this.what = null;
      this.failure = { at, failure: asFailure(error) };
    }
  }

  #lose(failure: Failure) {
    this.failure = { at: 'begin', failure };
    this.what = null;
    this.rows = [];
    this.times = null;
  }

  #hear(event: CompressEvent | { kind: 'broken'; failure: Failure }) {
    switch (event.kind) {
      case 'progress': {
        // A measurement follows what it measures unasked.
        if (this.what === null || this.what === 'quantise') this.what = event.what;
        [this.done, this.all] = [event.done, event.all];
        const curves = (this.curves[event.what] ??= {});
        for (const [name, points] of Object.entries(event.lines)) {
          const curve = (curves[name] ??= { x: [], told: [], accuracy: [] });
          for (let at = 0; at < points.length; at += 3) {
            curve.x.push(points[at]!);
            curve.told.push(points[at + 1]!);
            curve.accuracy.push(points[at + 2]!);
          }
        }
        this.version += 1;
        return;
      }
      case 'base':
        this.rows = [event.base.row];
        this.times = null;
        this.data = event.base.data;
        this.variant = event.base.variant;
        if (this.what === 'train') this.what = null;
        return;
      case 'row':
        this.rows = [...this.rows, event.row];
        if (this.what === 'prune' || (this.what === 'distil' && event.row.method.type === 'student' && !event.row.method.taught)) this.what = null;
        return;
      case 'measured':
        this.rows = this.rows.map((row) => ({ ...row, latency: event.latencies[row.id] ?? row.latency }));
        this.rounds = event.rounds;
        if (this.what === 'measure') this.what = null;
        return;
      case 'stopped':
        if (this.what === event.what) this.what = null;
        return;
      case 'refused':
        this.what = null;
        this.failure = { at: event.what, failure: event.failure };
        return;
      case 'broken':
        this.#lose(event.failure);
    }
  }
}

const codeOf = (error: unknown): string | undefined => (error instanceof WorkerFailure ? error.failure.code : undefined);

function asFailure(error: unknown): Failure {
  if (error instanceof WorkerFailure) return error.failure;
  throw error;
}

export const room = new CompressRoom();
