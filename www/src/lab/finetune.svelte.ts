// The fine-tuning room's state: a base, a new task, how stages go, and the trainings there were.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type {
  BaseFile, Failure, FinetuneCalls, FinetuneEvent, LoraFacts, Method, Point, Stage, StageFacts, SwapFacts, Task, Timings, Trial,
} from '../../workers/finetune/protocol.ts';
import { loadOwn } from './datasets.ts';
import { methods, ranks, sizes, usual, usualOfLarge, type Settings } from './finetune-settings.ts';

export { usual };
export type { BaseFile, LoraFacts, Method, Point, Settings, Stage, StageFacts, SwapFacts, Task, Timings, Trial };
export type Opened = FinetuneCalls['open']['answer'];

/** A training as the page sees it. */
export interface Course {
  trial: Trial;
  points: Point[];
  stages: StageFacts[];
  /** What its adapters came to, where it had any. */
  adapted: LoraFacts | null;
  /** Pictures whose features are kept by now; null when none are being kept. */
  keeping: { done: number; all: number } | null;
  ended: { accuracy: number; loss: number; train_ms: number; keeping_ms: number } | null;
}

const large = 1e6;
/** Held-out pictures that a large base is judged by: each costs it as much as one to train on. */
const heldOutOfLarge = 200;

export type What = 'single' | 'norms' | 'grid' | 'lora' | 'ranks' | 'swap';
type Phase = 'idle' | 'opening' | 'training' | 'timing' | 'swapping';

export const isLarge = (file: BaseFile | null): boolean => (file?.weights.byteLength ?? 0) > 4 * large;

class FinetuneRoom {
  file = $state.raw<BaseFile | null>(null);
  side = $state(48);
  task = $state.raw<Task>({ kind: 'fresh' });
  settings = $state.raw<Settings>(usual);
  /** How often the comparison is made, each time with other samples and another head. */
  seeds = $state(1);
  phase = $state<Phase>('idle');
  /** What trains or trained last. */
  what = $state<What | null>(null);
  failure = $state.raw<Failure | null>(null);
  opened = $state.raw<Opened | null>(null);
  courses = $state.raw<ReadonlyMap<string, Course>>(new Map());
  /** Changes whenever a course has. */
  version = $state(0);
  timings = $state.raw<Timings | null>(null);
  swapped = $state.raw<SwapFacts | null>(null);

  #client = new WorkerClient<FinetuneCalls, FinetuneEvent>(
    () =>
      new Worker(new URL('../../workers/finetune/finetune.worker.ts', import.meta.url), {
        type: 'module',
        // The worker fetches digits and base from beside the page; its own address is elsewhere.
        name: new URL('.', document.baseURI).href,
      }) as unknown as WorkerPort<FinetuneCalls, FinetuneEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#fail(failure) },
  );

  get busy(): boolean {
    return this.phase !== 'idle';
  }

  /** Everything that `what` trained, in the order asked for: copies, because courses grow in place. */
  of(what: What): Course[] {
    void this.version;
    const own = [...this.courses.values()].filter(({ trial }) => trial.id.startsWith(`${what}/`));
    return own.map((course) => ({ ...course, points: [...course.points], stages: [...course.stages] }));
  }

  /** Gives the worker base and task, as they are chosen. False where it could not. */
  async open(): Promise<boolean> {
    this.phase = 'opening';
    this.failure = null;
    this.opened = null;
    this.courses = new Map();
    this.timings = null;
    this.swapped = null;
    return this.#try(async () => {
      const { file, side, task } = this;
      // What Svelte watches cannot be cloned into a worker; raw state can.
      const ask = { file, side, task, heldOutMost: isLarge(file) ? heldOutOfLarge : Infinity };
      try {
        this.opened = await this.#client.ask('open', ask);
      } catch (error) {
        const own = missing(error) && task.kind === 'own' && task.data.hash !== undefined ? await loadOwn(task.data.hash) : undefined;
        if (!own) throw error;
        // Read for this, so that they may go over without a copy.
        await this.#client.ask('own', { own }, { transfer: [own.values.buffer, own.labels.buffer] });
        this.opened = await this.#client.ask('open', ask);
      }
      const { blocks } = this.opened.base;
      const stages = this.settings.stages.map((stage) => ({ ...stage, open: Math.min(stage.open, blocks.length) }));
      const lora = { ...this.settings.lora, open: Math.min(this.settings.lora.open, blocks.length) };
      this.settings = { ...this.settings, stages, lora, perClass: Math.min(this.settings.perClass, this.opened.task.perClass) };
    });
  }

  /** Takes another base, with the settings that suit its size. */
  async take(file: BaseFile | null): Promise<void> {
    this.file = file;
    this.settings = isLarge(file) ? usualOfLarge : usual;
    await this.open();
  }

  async train(what: What): Promise<void> {
    if (!this.opened && !(await this.open())) return;
    const trials = this.#trialsOf(what);
    this.what = what;
    this.failure = null;
    if (what === 'swap') this.swapped = null;
    const others = [...this.courses].filter(([id]) => !id.startsWith(`${what}/`));
    const fresh = trials.map((trial): [string, Course] => [trial.id, { trial, points: [], stages: [], adapted: null, keeping: null, ended: null }]);
    this.courses = new Map([...others, ...fresh]);
    this.version += 1;
    this.phase = 'training';
    await this.#try(async () => void (await this.#client.ask('start', { trials })), 'training');
  }

  async stop(): Promise<void> {
    await this.#try(async () => void (await this.#client.ask('stop', {})));
  }

  async time(): Promise<void> {
    if (!this.opened && !(await this.open())) return;
    this.phase = 'timing';
    await this.#try(async () => {
      this.timings = await this.#client.ask('time', { trial: this.trial('time', 'frozen') });
    });
  }

  /** Both tasks' adapters in turn on one base, once both have been trained. */
  async #swap(): Promise<void> {
    this.phase = 'swapping';
    await this.#try(async () => {
      this.swapped = await this.#client.ask('swap', { first: 'swap/plain', second: 'swap/inverted' });
    });
  }

  trial(id: string, method: Method, part: Partial<Trial> = {}): Trial {
    const { perClass, units, batch_size, seed, stages, norms, cached, scratchRate } = this.settings;
    const { rank, alpha, open, rate } = this.settings.lora;
    const epochs = stages.reduce((sum, stage) => sum + stage.epochs, 0);
    const own: Record<Method, Stage[]> = {
      scratch: [{ open: this.opened?.base.blocks.length ?? 0, epochs, rate: scratchRate }],
      frozen: [{ open: 0, epochs, rate: stages[0]?.rate ?? 0.01 }],
      staged: stages,
      lora: [{ open, epochs, rate }],
    };
    return { id, method, perClass, units, batch_size, seed, norms, cached, lora: { rank, alpha }, inverted: false, stages: own[method].map((stage) => ({ ...stage })), ...part };
  }

  #trialsOf(what: What): Trial[] {
    if (what === 'single') return [this.trial('single/staged', 'staged')];
    if (what === 'lora') return [this.trial('lora/lora', 'lora')];
    if (what === 'ranks') return this.#rankTrials();
    if (what === 'swap') return [this.trial('swap/plain', 'lora'), this.trial('swap/inverted', 'lora', { inverted: true })];
    return what === 'norms' ? this.#normTrials() : this.#grid();
  }

  /** The scale alpha / r stays, so that the rank alone differs. */
  #rankTrials(): Trial[] {
    const { rank: set, alpha } = this.settings.lora;
    return ranks.map((rank) => this.trial(`ranks/${rank}`, 'lora', { lora: { rank, alpha: (alpha * rank) / set } }));
  }

  #normTrials(): Trial[] {
    return (['still', 'moving'] as const).map((norms) => this.trial(`norms/${norms}`, 'frozen', { norms }));
  }

  /** Sizes that the task has enough samples for. */
  get sizes(): number[] {
    const most = this.opened?.task.perClass ?? Infinity;
    return sizes.filter((size) => size <= most);
  }

  /** A large base is not trained from scratch. */
  get methods(): readonly Method[] {
    return isLarge(this.file) ? methods.filter((method) => method !== 'scratch') : methods;
  }

  #grid(): Trial[] {
    const seeds = Array.from({ length: this.seeds }, (_, at) => this.settings.seed + at);
    return this.sizes.flatMap((perClass) =>
      seeds.flatMap((seed) => this.methods.map((method) => this.trial(`grid/${perClass}/${method}/${seed}`, method, { perClass, seed }))),
    );
  }

  async #try(work: () => Promise<void>, then: Phase = 'idle'): Promise<boolean> {
    try {
      await work();
      this.phase = then;
      return true;
    } catch (error) {
      this.#fail(error instanceof WorkerFailure ? error.failure : { code: 'worker_crashed', fields: { detail: String(error) }, fatal: true });
      return false;
    }
  }

  #fail(failure: Failure) {
    this.phase = 'idle';
    this.failure = failure;
    if (failure.fatal) this.opened = null;
  }

  #hear(event: FinetuneEvent | { kind: 'broken'; failure: Failure }) {
    if (event.kind === 'broken') return this.#fail(event.failure);
    if (event.kind === 'finished') {
      if (this.phase !== 'training') return;
      this.phase = 'idle';
      if (this.what === 'swap') void this.#swap();
      return;
    }
    const course = this.courses.get(event.trial);
    if (!course) return;
    if (event.kind === 'keeping') course.keeping = event.done < event.all ? { done: event.done, all: event.all } : null;
    if (event.kind === 'point') course.points.push(event.point);
    if (event.kind === 'stage') course.stages.push(event);
    if (event.kind === 'adapted') course.adapted = event;
    if (event.kind === 'ended') course.ended = event;
    this.version += 1;
  }
}

const missing = (error: unknown): boolean => error instanceof WorkerFailure && error.failure.code === 'no_dataset';

export const room = new FinetuneRoom();
