// The lab's bench: the spec under the reader's hands, the run that trains, and those that have trained.
import { WorkerFailure } from '../../workers/client.ts';
import type { Broken } from '../../workers/protocol.ts';
import type { Description, EndReason, Failure, LabEvent, LabProgress, Origin, Snapshot, Started } from '../../workers/lab/protocol.ts';
import { provide } from './datasets.ts';
import { initialSpec } from './presets.ts';
import type { Keeping } from './database.ts';
import {
  emptyCurves,
  forgetCheckpoint,
  forgetRun,
  keepCheckpoint,
  keepRecord,
  keepWeights,
  loadCheckpoint,
  loadRecords,
  sha256,
  type RunRecord,
} from './records.ts';
import type { LabSpec } from './spec.ts';
import { labClient } from './worker.ts';

const lockPrefix = 'danlu-run-';

/** Data that are not on this machine are told of by the description, which then has none. */
function unlessUnkept(error: unknown) {
  if (!(error instanceof WorkerFailure) || error.failure.fatal) throw error;
}

export type Phase = 'idle' | 'starting' | 'training' | 'paused' | 'failed';

/** While training goes on, the record is written this often. */
const keepEvery_ms = 5000;
/** A run is written down this often, or, where that takes long, for a twentieth of the time. */
const checkpointEvery_ms = 2000;
const checkpointShare = 0.05;
/** Keys pressed within this time are one question to the engine. */
const describeAfter_ms = 120;

export class Bench {
  spec = $state.raw<LabSpec>(initialSpec());
  phase = $state<Phase>('idle');
  failure = $state.raw<Failure | undefined>();
  /** Of `spec`, as the engine sees it; of the spec before while the engine is asked. */
  description = $state.raw<Description | undefined>();
  /** The engine could not be asked at all. */
  describeFailure = $state.raw<Failure | undefined>();
  records = $state.raw<RunRecord[]>([]);
  /** The run in the worker, training or ended. */
  live = $state.raw<RunRecord | undefined>();
  started = $state.raw<Started | undefined>();
  progress = $state.raw<LabProgress | undefined>();
  /** The network as it stood when it was last looked at. */
  snapshot = $state.raw<Snapshot | undefined>();
  /** False once the browser refused to keep something. */
  keeps = $state(true);
  /** What became of the last checkpoint: a run goes on without. */
  keeping = $state<Keeping>('kept');
  /** Counts up whenever a curve has new points; the arrays themselves are plain. */
  version = $state(0);

  #loaded: Promise<void> | undefined;
  #keptAt_ms = -Infinity;
  /** When the next checkpoint is due; Infinity while one is written. */
  #checkpointDue_ms = 0;
  /** What the run took before it was interrupted. */
  #elapsedBefore_ms = 0;
  #describeTimer: ReturnType<typeof setTimeout> | undefined;
  #describing: AbortController | undefined;
  #queue: LabSpec[] = [];
  #ended: ((record: RunRecord | undefined) => void)[] = [];

  readonly client = labClient({ event: (event) => this.#hear(event), crash: (failure) => this.#fail(failure) });

  /** Runs that are drawn over one another, in the order in which they were chosen. */
  shown = $state.raw<readonly string[]>([]);
  /** Runs that wait for the present one to end. */
  waiting = $state(0);

  get running(): boolean {
    return this.waiting > 0 || this.phase === 'starting' || this.phase === 'training' || this.phase === 'paused';
  }

  load(): Promise<void> {
    this.#loaded ??= loadRecords().then((records) => {
      this.records = records;
      void this.#lookElsewhere();
      // A tab that is hidden may be closed or frozen with no more warning.
      const hides = () => document.visibilityState === 'hidden' && void this.checkpoint();
      document.addEventListener('visibilitychange', hides);
      addEventListener('pagehide', () => void this.checkpoint());
    });
    return this.#loaded;
  }

  /** Runs that a closed page left behind. */
  readonly interrupted = $derived(
    this.records.filter(({ state, id }) => state === 'open' && id !== this.live?.id && !this.#elsewhere.includes(id)),
  );
  /** Runs that another tab is training: each holds a lock of its name. */
  #elsewhere = $state.raw<string[]>([]);
  #release: (() => void) | undefined;

  async #lookElsewhere() {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    this.#elsewhere = held.flatMap(({ name }) => (name?.startsWith(lockPrefix) ? [name.slice(lockPrefix.length)] : []));
  }

  #hold(id: string) {
    this.#release?.();
    void navigator.locks?.request(lockPrefix + id, () => new Promise<void>((resolve) => (this.#release = resolve)));
  }

  /** Replaces the spec and asks the engine about it. */
  edit(spec: LabSpec) {
    this.spec = spec;
    clearTimeout(this.#describeTimer);
    this.#describeTimer = setTimeout(() => void this.describe(), describeAfter_ms);
  }

  async describe() {
    this.#describing?.abort();
    const asked = (this.#describing = new AbortController());
    try {
      // What a reader keeps is handed over first, so that its shape can be held against the model's.
      if (this.spec.data.hash !== undefined) await provide(this.client, $state.snapshot(this.spec.data)).catch(unlessUnkept);
      const description = await this.client.ask('describe', { spec: $state.snapshot(this.spec) as LabSpec }, { signal: asked.signal });
      if (asked.signal.aborted) return;
      this.description = description;
      this.describeFailure = undefined;
    } catch (error) {
      if (asked.signal.aborted) return;
      if (!(error instanceof WorkerFailure)) throw error;
      this.describeFailure = error.failure;
    }
  }

  /** Trains one after another; the records of those that ended. `stop` drops those that wait. */
  async trainAll(specs: readonly LabSpec[], names: readonly string[] = []): Promise<RunRecord[]> {
    const done: RunRecord[] = [];
    // Several that belong together are looked at by themselves.
    if (specs.length > 1) this.shown = [];
    this.#queue = [...specs];
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      this.waiting = this.#queue.length;
      const record = await this.train(next, { name: names[done.length] ?? '' });
      if (!record) break;
      done.push(record);
    }
    this.#queue = [];
    this.waiting = 0;
    return done;
  }

  /** Keeps a model that was trained elsewhere among those that were trained here. */
  async adopt(name: string, spec: LabSpec, weights: Uint8Array<ArrayBuffer>, parameters: number): Promise<RunRecord> {
    await this.load();
    const hash = await sha256(weights);
    const made = { ...this.#fresh(spec), name, state: 'complete' as const, steps_per_epoch: 1, parameters, weight_bytes: weights.byteLength };
    const record: RunRecord = hash ? { ...made, hash } : made;
    this.records = [...this.records, record];
    await Promise.all([this.#keep(record), keepWeights(record.id, weights).then((kept) => void (this.keeps &&= kept))]);
    return record;
  }

  /** A record of a run that has not begun. */
  #fresh(spec: LabSpec): RunRecord {
    const number = Math.max(0, ...this.records.map((record) => record.number)) + 1;
    return {
      id: `${Date.now().toString(36)}-${number}`,
      number,
      name: '',
      note: '',
      spec,
      began: Date.now(),
      state: 'open',
      step: 0,
      steps_per_epoch: 0,
      total_steps: 0,
      parameters: 0,
      elapsed_ms: 0,
      samples_per_s: 0,
      curves: emptyCurves(),
    };
  }

  /** Trains a spec; resolves when it has ended, with its record, or with nothing where it failed. */
  async train(spec: LabSpec, { from, name = '' }: { from?: Origin; name?: string } = {}): Promise<RunRecord | undefined> {
    await this.load();
    return this.#begin({ ...this.#fresh(spec), name }, from);
  }

  /** Goes on with a run that was interrupted, from where it was last written down. */
  async goOn(id: string): Promise<RunRecord | undefined> {
    await this.load();
    const record = this.records.find((one) => one.id === id);
    const checkpoint = record && (await loadCheckpoint(id));
    if (!checkpoint) {
      this.phase = 'starting';
      this.#fail({ code: 'no_checkpoint', fields: {}, fatal: false });
      return undefined;
    }
    const { bytes, step, elapsed_ms, curves } = checkpoint;
    this.edit(record.spec);
    return this.#begin({ ...record, state: 'open', step, elapsed_ms, curves }, { checkpoint: bytes, step });
  }

  /** The run that can be trained on: the one that ended in this worker, whose optimiser still remembers. */
  readonly extendable = $derived.by(() => {
    const { live, phase } = this;
    const ended = live?.state === 'complete' || live?.state === 'stopped';
    return ended && phase === 'idle' && this.waiting === 0 && this.#inWorker === live.id ? live : undefined;
  });
  #inWorker = $state<string | undefined>();

  /**
   * Trains the run that ended for so many epochs more, as if it had been asked for them from the start; a schedule that
   * fits the run's length is drawn out over the whole.
   */
  async trainOn(more: number): Promise<RunRecord | undefined> {
    const record = this.extendable;
    if (!record) return undefined;
    const taken: { bytes: Uint8Array<ArrayBuffer>; step: number }[] = [];
    await this.#guard(async () => void taken.push(await this.client.ask('checkpoint', {})));
    const [at] = taken;
    if (!at) return undefined;
    const { hash: _, ...rest } = record;
    const strategy = { ...record.spec.strategy, epochs: Math.ceil(at.step / record.steps_per_epoch) + more };
    return this.#begin({ ...rest, state: 'open', spec: { ...record.spec, strategy } }, { checkpoint: at.bytes, step: at.step });
  }

  async #begin(record: RunRecord, from: Origin | undefined): Promise<RunRecord | undefined> {
    const { id, spec } = record;
    this.failure = undefined;
    this.phase = 'starting';
    this.progress = undefined;
    this.snapshot = undefined;
    this.#hold(id);
    this.#elapsedBefore_ms = record.elapsed_ms;
    this.#checkpointDue_ms = performance.now() + checkpointEvery_ms;
    try {
      await provide(this.client, spec.data);
      const started = await this.client.ask('start', from ? { run: id, spec, from } : { run: id, spec });
      const { steps_per_epoch, total_steps, parameters } = started;
      this.started = started;
      this.live = { ...record, steps_per_epoch, total_steps, parameters };
      const at = this.records.findIndex((one) => one.id === id);
      this.records = at < 0 ? [...this.records, this.live] : this.records.with(at, this.live);
      if (!this.shown.includes(id)) this.shown = [...this.shown, id];
      this.version += 1;
      this.#inWorker = id;
      if (this.phase === 'starting') this.phase = 'training';
      return await new Promise<RunRecord | undefined>((resolve) => this.#ended.push(resolve));
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      if (!error.failure.fatal) this.#fail(error.failure);
      return undefined;
    }
  }

  /** Writes the run down, if there is one, so that a closed page loses nothing that came before. */
  async checkpoint() {
    const record = this.live;
    if (!record || record.state !== 'open' || (this.phase !== 'training' && this.phase !== 'paused')) return;
    if (this.#checkpointDue_ms === Infinity) return;
    const began_ms = performance.now();
    this.#checkpointDue_ms = Infinity;
    await this.#guard(async () => {
      const { bytes, step } = await this.client.ask('checkpoint', {});
      const now = this.live;
      // Meanwhile it may have ended.
      if (now?.id !== record.id || now.state !== 'open') return;
      const curves = $state.snapshot(now.curves) as RunRecord['curves'];
      this.keeping = await keepCheckpoint(record.id, { bytes, step, elapsed_ms: now.elapsed_ms, curves });
      if (this.live?.id !== record.id || this.live.state !== 'open') return void (await forgetCheckpoint(record.id));
      if (this.keeping !== 'kept') return;
      const kept = this.#replace(record.id, { checkpoint: { step, at: Date.now(), size: bytes.byteLength } });
      if (kept) await this.#keep(kept);
    });
    const took_ms = performance.now() - began_ms;
    this.#checkpointDue_ms = performance.now() + Math.max(checkpointEvery_ms, took_ms / checkpointShare);
  }

  async pause() {
    await this.#guard(async () => {
      await this.client.ask('pause', {});
      if (this.phase === 'training') this.phase = 'paused';
    });
    await this.checkpoint();
  }

  async resume() {
    await this.#guard(async () => {
      await this.client.ask('resume', {});
      if (this.phase === 'paused') this.phase = 'training';
    });
  }

  /** Trains so many batches, then stands still again. */
  async step(steps: number) {
    await this.#guard(async () => void (await this.client.ask('step', { steps })));
  }

  async stop() {
    this.#queue = [];
    this.waiting = 0;
    await this.#guard(async () => void (await this.client.ask('stop', {})));
  }

  /** Changes what a reader may change of a run that is kept. */
  amend(id: string, change: Partial<Pick<RunRecord, 'name' | 'note'>>) {
    const record = this.#replace(id, change);
    if (record) void this.#keep(record);
  }

  /** Puts a run that has ended on the bench, to look at. */
  async open(record: RunRecord, weights: Uint8Array<ArrayBuffer>): Promise<boolean> {
    if (this.running) return false;
    try {
      await provide(this.client, record.spec.data);
      this.started = await this.client.ask('open', { run: record.id, spec: record.spec, weights });
      this.live = record;
      this.#inWorker = undefined;
      this.progress = undefined;
      this.snapshot = undefined;
      this.phase = 'idle';
      this.version += 1;
      return true;
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      if (!error.failure.fatal) this.failure = error.failure;
      return false;
    }
  }

  show(id: string, on: boolean) {
    this.shown = on ? [...this.shown.filter((one) => one !== id), id] : this.shown.filter((one) => one !== id);
  }

  async forget(ids: readonly string[]) {
    const kept = this.records.filter((record) => !ids.includes(record.id) || (this.running && record === this.live));
    const gone = this.records.filter((record) => !kept.includes(record));
    this.records = kept;
    this.shown = this.shown.filter((id) => kept.some((record) => record.id === id));
    await Promise.all(gone.map((record) => forgetRun(record.id)));
  }

  async #guard(action: () => Promise<void>) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      // A crash has been told already, and a run that ended meanwhile needs no pausing.
      if (!error.failure.fatal && error.failure.code !== 'no_run') this.#fail(error.failure);
    }
  }

  #fail(failure: Failure) {
    if (failure.fatal) this.#inWorker = undefined;
    // With nothing training, a dead worker is only a question that was not answered.
    if (this.phase === 'idle') {
      this.describeFailure = failure;
      return;
    }
    this.failure = failure;
    this.phase = 'failed';
    for (const resolve of this.#ended.splice(0)) resolve(undefined);
  }

  #hear(event: LabEvent | Broken) {
    if (event.kind === 'broken') {
      if (!event.failure.fatal) this.#fail(event.failure);
      return;
    }
    const record = this.live;
    if (!record || event.run !== record.id) return;
    if (event.kind === 'progress') {
      if (record.state !== 'open') return; // A run that is only looked at gets no new points.
      this.progress = event;
      record.step = event.step;
      record.elapsed_ms = this.#elapsedBefore_ms + event.elapsed_ms;
      record.samples_per_s = event.samples_per_s;
      const { training, heldOut } = record.curves;
      const points = event.training_points;
      for (let at = 0; at < points.length; at += 4) {
        training.step.push(points[at]!);
        training.loss.push(points[at + 1]!);
        training.accuracy.push(points[at + 2]!);
        training.rate.push(points[at + 3]!);
      }
      const judged = event.held_out_points;
      for (let at = 0; at < judged.length; at += 3) {
        heldOut.step.push(judged[at]!);
        heldOut.loss.push(judged[at + 1]!);
        heldOut.accuracy.push(judged[at + 2]!);
      }
      if (points.length > 0 || judged.length > 0) this.version += 1;
      if (performance.now() - this.#keptAt_ms >= keepEvery_ms) void this.#keep(record);
      if (performance.now() >= this.#checkpointDue_ms) void this.checkpoint();
      return;
    }
    if (event.kind === 'snapshot') {
      this.snapshot = event.snapshot;
      return;
    }
    void this.#end(record, event.reason, event.weights);
  }

  async #end(at: RunRecord, reason: EndReason, weights: Uint8Array<ArrayBuffer>) {
    const hash = await sha256(weights);
    const change = { state: reason, checkpoint: undefined, weight_bytes: weights.byteLength };
    const record = this.#replace(at.id, hash ? { ...change, hash } : change) ?? at;
    this.phase = 'idle';
    this.version += 1;
    await Promise.all([forgetCheckpoint(record.id), this.#keep(record), keepWeights(record.id, weights).then((kept) => void (this.keeps &&= kept))]);
    for (const resolve of this.#ended.splice(0)) resolve(record);
  }

  /** A changed record is a new object, so that what shows it is drawn anew; its curves stay the same arrays. */
  #replace(id: string, change: Partial<RunRecord>): RunRecord | undefined {
    const at = this.records.findIndex((record) => record.id === id);
    if (at < 0) return undefined;
    const record = { ...this.records[at]!, ...change };
    this.records = this.records.with(at, record);
    if (this.live?.id === id) this.live = record;
    return record;
  }

  async #keep(record: RunRecord) {
    this.#keptAt_ms = performance.now();
    if (!(await keepRecord($state.snapshot(record) as RunRecord))) this.keeps = false;
  }
}

export const bench = new Bench();
