// The detection room: a detector that trains in a worker, the scene that is looked at, and how good the detector is.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type { DetectCalls, DetectEvent, Failure, Measured, Point, SceneAnswer, SceneAsk, Training } from '../../workers/detect/protocol.ts';
import { usual, type Settings } from './detect-address.ts';

export type { Measured, Point, SceneAnswer, Training };
export type Phase = 'idle' | 'starting' | 'training' | 'trained';

/** A training of this visit and how good it got. */
export interface Trained {
  nth: number;
  training: Training;
  elapsed_ms: number;
  /** At an NMS threshold of 0.5 by class, on the usual scenes of then; null until it is measured. */
  map50: number | null;
  map: number | null;
}

/** While training the scene is looked at anew so often. */
const lookEvery_ms = 700;

class DetectRoom {
  settings = $state.raw<Settings>(usual);
  phase = $state<Phase>('idle');
  failure = $state.raw<Failure | null>(null);
  facts = $state.raw<{ parameters: number; variant: string } | null>(null);
  step = $state(0);
  steps = $state(0);
  elapsed_ms = $state(0);
  /** By step: the loss, and the mean IoU of the boxes that answer for a digit. */
  curve = $state.raw<{ x: number[]; loss: number[]; iou: number[] }>({ x: [], loss: [], iou: [] });
  scene = $state.raw<SceneAnswer | null>(null);
  measured = $state.raw<Measured | null>(null);
  measuring = $state.raw<{ done: number; all: number } | null>(null);
  trained = $state.raw<Trained[]>([]);
  /** The drawing that is looked at: [96][96], 0 paper to 1 ink. */
  drawing = $state.raw<Float32Array<ArrayBuffer> | null>(null);

  #training: Training | null = null;
  #lookTurn = 0;
  #looked = -Infinity;
  #client = new WorkerClient<DetectCalls, DetectEvent>(
    () =>
      new Worker(new URL('../../workers/detect/detect.worker.ts', import.meta.url), {
        type: 'module',
        // The worker fetches the digits from beside the page; its own address is elsewhere.
        name: new URL('.', document.baseURI).href,
      }) as unknown as WorkerPort<DetectCalls, DetectEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#lose(failure) },
  );

  get busy(): boolean {
    return this.phase === 'starting' || this.phase === 'training';
  }

  async train(): Promise<void> {
    const { steps, box, seed } = this.settings;
    this.phase = 'starting';
    await this.#try(async () => {
      this.#training = { steps, box, seed };
      this.facts = await this.#client.ask('train', this.#training);
      this.measured = this.measuring = null;
      this.curve = { x: [], loss: [], iou: [] };
      [this.step, this.steps, this.elapsed_ms] = [0, steps, 0];
      this.phase = 'training';
    });
    if ((this.phase as Phase) === 'starting') this.phase = 'idle';
  }

  async stop(): Promise<void> {
    await this.#try(async () => void (await this.#client.ask('stop', {})));
  }

  /** Looks at what the settings say; of several asks the last one's answer stays. */
  async look(): Promise<void> {
    const turn = ++this.#lookTurn;
    const { kind, scene, digits, crowd, placed } = this.settings;
    const ask: SceneAsk =
      kind === 'random' ? { kind, number: scene - 1, settings: { digits, crowd: crowd / 100 } }
      : kind === 'placed' ? { kind, placed: placed.map((each) => ({ ...each })) }
      : { kind, image: this.drawing ?? new Float32Array(96 * 96) };
    await this.#try(async () => {
      const answer = await this.#client.ask('scene', ask);
      if (turn === this.#lookTurn) this.scene = answer;
    });
  }

  /** The nth held-out digit of a class; null where the worker could not say. */
  async pick(label: number, nth: number): Promise<number | null> {
    let digit: number | null = null;
    await this.#try(async () => void ({ digit } = await this.#client.ask('pick', { label, nth })));
    return digit;
  }

  /** Where the detector has learnt and what is known is of other scenes, or suppressed in the other way. */
  async measure(): Promise<void> {
    if (this.phase !== 'trained') return;
    const { digits, crowd, scenes, by } = this.settings;
    await this.#try(async () => {
      this.measuring = { done: 0, all: 1 };
      await this.#client.ask('measure', { settings: { digits, crowd: crowd / 100 }, scenes, byClass: by === 'class' });
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failure = null;
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      this.measuring = null;
      this.failure = error.failure;
    }
  }

  #lose(failure: Failure) {
    this.failure = failure;
    this.phase = 'idle';
    this.measured = this.measuring = this.facts = null;
  }

  #hear(event: DetectEvent | { kind: 'broken'; failure: Failure }) {
    switch (event.kind) {
      case 'progress': {
        const { step, loss } = event;
        this.step = step;
        const { x, loss: losses, iou } = this.curve;
        this.curve = { x: [...x, step], loss: [...losses, loss.objectness + loss.label + loss.box], iou: [...iou, loss.iou] };
        if (performance.now() - this.#looked > lookEvery_ms) {
          this.#looked = performance.now();
          void this.look();
        }
        return;
      }
      case 'trained':
        this.#ended(event.training, event.elapsed_ms);
        return;
      case 'stopped':
        this.measuring = null;
        if (this.phase !== 'training') return;
        if (this.step > 0) this.#ended({ ...this.#training!, steps: this.step }, this.elapsed_ms);
        else this.phase = 'idle';
        return;
      case 'measuring':
        this.measuring = { done: event.done, all: event.all };
        return;
      case 'measured': {
        this.measuring = null;
        this.measured = event.measured;
        const half = event.measured.points.find(({ threshold }) => threshold === 0.5)!;
        const last = this.trained.at(-1);
        if (last && last.map50 === null && event.measured.byClass) this.trained = [...this.trained.slice(0, -1), { ...last, map50: half.map50, map: half.map }];
        return;
      }
      case 'broken':
        this.#lose(event.failure);
    }
  }

  #ended(training: Training, elapsed_ms: number) {
    this.phase = 'trained';
    this.elapsed_ms = elapsed_ms;
    this.trained = [...this.trained, { nth: this.trained.length + 1, training, elapsed_ms, map50: null, map: null }];
    void this.look();
  }
}

export const room = new DetectRoom();
