// The one training run of this page: it outlives a visit to another room, and what is shown of it is here.
import { TrainClient, WorkerFailure } from '../../../workers/client.ts';
import type { Checkpoint, Failure, HeldOutDigit, Look, Mistakes, Prepared, Progress, WorkerEvent } from '../../../workers/protocol.ts';
import { recall, remember, type RememberedRun } from '../../state/remembered.ts';
import { readSettings, type RunSettings } from '../../state/run.ts';
import { here } from '../../router.svelte.ts';

/** `ready` means: weights of an earlier visit are in the worker, nothing trains. */
export type Phase = 'idle' | 'ready' | 'starting' | 'training' | 'paused' | 'finished' | 'failed';

/** A curve's points; epochs on the x axis. */
export interface Curve {
  epoch: number[];
  loss: number[];
  accuracy: number[];
}

const guessEvery_ms = 250;
/** While training goes on; at a pause and at the end it is done at once. */
const keepEvery_ms = 5000;

const emptyCurve = (): Curve => ({ epoch: [], loss: [], accuracy: [] });

export class Training {
  phase = $state<Phase>('idle');
  settings = $state<RunSettings>(readSettings(here().query));
  /** What the present or last run was started with. */
  started = $state.raw<RunSettings | undefined>();
  prepared = $state.raw<Prepared | undefined>();
  progress = $state.raw<Progress | undefined>();
  recalled = $state.raw<RememberedRun | undefined>();
  failure = $state.raw<Failure | undefined>();
  checkpoint = $state.raw<Checkpoint | undefined>();
  mistakes = $state.raw<Mistakes | undefined>();
  /** What it takes the digits of `prepared.gallery` for. */
  guesses = $state.raw<number[] | undefined>();
  /** Counts up whenever a curve has new points; the arrays themselves are plain. */
  curveVersion = $state(0);
  trainingCurve = emptyCurve();
  heldOutCurve = emptyCurve();

  #mistakesAsked = false;
  #guessesAskedAt_ms = -Infinity;
  #keptAt_ms = -Infinity;
  #client = new TrainClient(
    () =>
      new Worker(new URL('../../../workers/train.worker.ts', import.meta.url), {
        type: 'module',
        // The worker fetches the digits from beside the page; its own address is elsewhere.
        name: new URL('.', document.baseURI).href,
      }),
    { event: (event) => this.#hear(event), crash: (failure) => this.#fail(failure) },
  );

  /** Whether there is a network worth drawing for. */
  get canLook(): boolean {
    return this.phase !== 'idle' && this.phase !== 'starting' && this.phase !== 'failed';
  }

  get running(): boolean {
    return this.phase === 'starting' || this.phase === 'training' || this.phase === 'paused';
  }

  get epochsDone(): number {
    return this.progress ? this.progress.step / this.progress.steps_per_epoch : 0;
  }

  /** Stopped before the epochs it was started for. */
  get unfinished(): boolean {
    return this.started !== undefined && this.epochsDone < this.started.epochs - 1e-6;
  }

  /** What a fresh engine can go on from, and whether anything is left to train. */
  get salvage(): { checkpoint: Checkpoint; complete: boolean } | undefined {
    if (!this.checkpoint || !this.started) return undefined;
    return { checkpoint: this.checkpoint, complete: this.checkpoint.epochs_done >= this.started.epochs - 1e-6 };
  }

  get epochsAsked(): number {
    return this.progress ? Math.round(this.progress.total_steps / this.progress.steps_per_epoch) : this.settings.epochs;
  }

  get heldOutAccuracy(): number | undefined {
    return this.heldOutCurve.accuracy.at(-1);
  }

  /** Fetches engine and digits ahead of the press, and the weights of an earlier visit. */
  async prepare() {
    const [prepared, recalled] = await Promise.all([
      this.#client.ask('prepare', {}).catch(() => undefined), // Told when the reader presses, not before.
      recall(),
    ]);
    this.prepared ??= prepared;
    if (!recalled || !prepared || this.phase !== 'idle') return;
    try {
      await this.#client.ask('restore', {
        settings: recalled.settings,
        from: { weights: recalled.weights, epochs_done: recalled.epochs },
      });
    } catch {
      return; // Weights of an older network; the next run replaces them.
    }
    if (this.phase !== 'idle') return;
    this.recalled = recalled;
    this.phase = 'ready';
    void this.#askMistakes();
    void this.#askGuesses();
  }

  async start(from?: Checkpoint) {
    const settings = { ...this.settings };
    this.failure = undefined;
    this.phase = 'starting';
    this.started = settings;
    this.progress = undefined;
    this.mistakes = undefined;
    this.guesses = undefined;
    if (from) this.#cutCurves(from.epochs_done);
    else {
      this.checkpoint = undefined;
      this.trainingCurve = emptyCurve();
      this.heldOutCurve = emptyCurve();
    }
    this.curveVersion += 1;
    await this.#guard(async () => {
      const origin = from && { weights: from.weights, epochs_done: from.epochs_done };
      this.prepared = await this.#client.ask('start', origin ? { settings, from: origin } : { settings });
      this.phase = 'training';
    });
  }

  async pause() {
    await this.#guard(async () => {
      await this.#client.ask('pause', {});
      if (this.phase !== 'training') return;
      this.phase = 'paused';
      this.#keep();
    });
  }

  async resume() {
    await this.#guard(async () => {
      await this.#client.ask('resume', {});
      if (this.phase === 'paused') this.phase = 'training';
    });
  }

  stop(): Promise<void> {
    return this.#guard(async () => void (await this.#client.ask('stop', {})));
  }

  /** Trains on to this many epochs in all; the address then says so, and reproduces the longer run. */
  async trainOn(epochs: number) {
    await this.#guard(async () => {
      await this.#client.ask('extend', { epochs });
      if (this.started) this.started = { ...this.started, epochs };
      this.settings = { ...this.settings, epochs };
      this.phase = 'training';
    });
  }

  /** After a crash with nothing left to train: the weights go into a fresh engine, for drawing. */
  async restore({ weights, epochs_done, accuracy }: Checkpoint) {
    const settings = this.started ?? this.settings;
    this.failure = undefined;
    this.phase = 'starting';
    await this.#guard(async () => {
      await this.#client.ask('restore', { settings: { ...settings }, from: { weights, epochs_done } });
      this.recalled = { settings, epochs: epochs_done, accuracy, weights };
      this.phase = 'ready';
      void this.#askMistakes();
      void this.#askGuesses();
    });
  }

  look(image: Float32Array<ArrayBuffer>, signal: AbortSignal): Promise<Look> {
    return this.#client.ask('look', { image }, { signal });
  }

  sample(label: number, nth: number): Promise<HeldOutDigit> {
    return this.#client.ask('sample', { label, nth });
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
    // Before a run is wanted, a dead worker is only a prefetch that failed: the press tries again.
    if (this.phase === 'idle') return;
    this.failure = failure;
    this.phase = 'failed';
  }

  #hear(event: WorkerEvent) {
    switch (event.kind) {
      case 'progress':
        this.progress = event;
        this.#extendCurve(this.trainingCurve, event.training_points, event.steps_per_epoch);
        this.#extendCurve(this.heldOutCurve, event.held_out_points, event.steps_per_epoch);
        if (event.training_points.length > 0 || event.held_out_points.length > 0) this.curveVersion += 1;
        if (performance.now() - this.#guessesAskedAt_ms >= guessEvery_ms) void this.#askGuesses();
        return;
      case 'checkpoint':
        this.checkpoint = event;
        if (performance.now() - this.#keptAt_ms >= keepEvery_ms) this.#keep();
        return;
      case 'finished':
        this.phase = 'finished';
        this.#keep();
        void this.#askGuesses();
        return;
      case 'broken':
        if (!event.failure.fatal) this.#fail(event.failure);
    }
  }

  #extendCurve(curve: Curve, points: Float64Array, stepsPerEpoch: number) {
    for (let at = 0; at < points.length; at += 3) {
      curve.epoch.push(points[at]! / stepsPerEpoch);
      curve.loss.push(points[at + 1]!);
      curve.accuracy.push(points[at + 2]!);
    }
  }

  /** A run that goes on from a checkpoint forgets what came after it. */
  #cutCurves(epochs: number) {
    for (const curve of [this.trainingCurve, this.heldOutCurve]) {
      const first = curve.epoch.findIndex((epoch) => epoch > epochs - 1e-9);
      if (first < 0) continue;
      curve.epoch.length = curve.loss.length = curve.accuracy.length = first;
    }
  }

  /** Keeps the last checkpoint for the next visit, and lists what it gets wrong. */
  #keep() {
    this.#keptAt_ms = performance.now();
    void this.#askMistakes();
    if (!this.started || !this.checkpoint) return;
    const { weights, epochs_done, accuracy } = this.checkpoint;
    void remember({ settings: { ...this.started }, epochs: epochs_done, accuracy, weights });
  }

  async #askGuesses() {
    this.#guessesAskedAt_ms = performance.now();
    try {
      this.guesses = await this.#client.ask('guesses', {});
    } catch {
      // The worker is gone, which is told elsewhere.
    }
  }

  async #askMistakes() {
    if (this.#mistakesAsked) return;
    this.#mistakesAsked = true;
    try {
      this.mistakes = await this.#client.ask('mistakes', { limit: 24 });
    } catch {
      // No digits were judged yet, or the worker is gone, which is told elsewhere.
    } finally {
      this.#mistakesAsked = false;
    }
  }
}

export const training = new Training();
