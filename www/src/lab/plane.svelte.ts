// The room of the plane: a small network on points, a line through points, and programs that are broken on purpose.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type { Descent, Failure, MeanRun, PlaneCalls, PlaneEvent, Shown, Speed, StaleRun } from '../../workers/plane/protocol.ts';
import { openingOf, pointsIn } from './plane/specs.ts';
import { queryOf, settingsOf, usual, type NetSettings, type Part, type Refusal, type Settings } from './plane/settings.ts';

export type { Descent, MeanRun, Shown, Speed, StaleRun };

/** A run goes on through a change of these; anything else is another network. */
const goOn: readonly (keyof NetSettings)[] = ['rate', 'l1', 'l2', 'batch', 'optimizer', 'points'];
const pointsMost = 2000;

class PlaneRoom {
  part = $state<Part>('net');
  settings = $state.raw<Settings>(usual);
  refused = $state.raw<Refusal[]>([]);

  shown = $state.raw<Shown | null>(null);
  /** What was shown before it. */
  before = $state.raw<Shown | null>(null);
  running = $state(false);
  speed = $state<Speed>('brisk');
  failure = $state.raw<Failure | null>(null);
  /** Steps of the networks whose weights went on into this one. */
  base = $state(0);
  curve: { train: { x: number[]; y: number[] }; test: { x: number[]; y: number[] } } = empty();
  version = $state(0);

  #opened: NetSettings | null = null;
  #opening = false;
  #client = new WorkerClient<PlaneCalls, PlaneEvent>(
    () => new Worker(new URL('../../workers/plane/plane.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerPort<PlaneCalls, PlaneEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#lose(failure) },
  );

  read(query: URLSearchParams) {
    if (query.size === 0) return;
    const { part, settings, refused } = settingsOf(query, this.settings);
    [this.part, this.refused] = [part, refused];
    if (queryOf(part, settings).toString() !== queryOf(part, this.settings).toString()) this.settings = settings;
  }

  get query(): URLSearchParams {
    return queryOf(this.part, this.settings);
  }

  change<P extends Part>(part: P, what: Partial<Settings[P]>) {
    this.settings = { ...this.settings, [part]: { ...this.settings[part], ...what } };
  }

  /** The network that the settings say; one that is there already stays. */
  async open(anew = false): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      // What changes while one is being opened is opened after it.
      for (let again = anew; again || this.#opened !== this.settings.net; again = false) {
        const net = this.settings.net;
        const keep = !again && this.shown !== null && !this.shown.broken && this.#opened !== null && same(this.#opened, net);
        const wasRunning = this.running;
        this.running = false;
        this.failure = null;
        this.#opened = net;
        if (pointsIn(net).train.length === 0) {
          this.shown = null;
          continue;
        }
        const reached = this.shown?.step ?? 0;
        const shown = await this.#client.ask('open', openingOf(net, keep));
        this.base = keep ? this.base + reached : 0;
        if (!keep) this.curve = empty();
        this.before = null;
        this.#show(shown);
        if (keep && wasRunning) await this.run();
      }
    } catch (error) {
      this.#refuse(error);
    } finally {
      this.#opening = false;
    }
  }

  async run(): Promise<void> {
    this.running = true;
    await this.#try(() => this.#client.ask('run', { speed: this.speed }));
  }

  async pause(): Promise<void> {
    this.running = false;
    if (!this.shown) return;
    await this.#try(async () => this.#show(await this.#client.ask('pause', {})));
  }

  async step(steps: number): Promise<void> {
    this.running = false;
    await this.#try(async () => this.#show(await this.#client.ask('step', { steps })));
  }

  async weigh(tensor: string, at: number, value: number): Promise<void> {
    await this.#try(async () => this.#show(await this.#client.ask('weigh', { tensor, at, value })));
  }

  async setSpeed(speed: Speed): Promise<void> {
    this.speed = speed;
    if (this.running) await this.run();
  }

  surest = () => this.#client.ask('surest', {});
  descend = (ask: PlaneCalls['descend']['ask']): Promise<Descent> => this.#client.ask('descend', ask);
  mean = (ask: PlaneCalls['mean']['ask']) => this.#client.ask('mean', ask);
  stale = (ask: PlaneCalls['stale']['ask']) => this.#client.ask('stale', ask);

  async #try(work: () => Promise<unknown>) {
    try {
      await work();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown) {
    this.running = false;
    this.failure = asFailure(error);
  }

  #hear(event: PlaneEvent | { kind: 'broken'; failure: Failure }) {
    if (event.kind === 'broken') this.#lose(event.failure);
    else {
      this.#show(event.shown);
      if (event.shown.broken) this.running = false;
    }
  }

  #lose(failure: Failure) {
    this.running = false;
    this.failure = failure;
    this.#opened = null;
  }

  #show(shown: Shown) {
    if (this.shown && this.shown.step < shown.step) this.before = this.shown;
    this.shown = shown;
    const step = this.base + shown.step;
    const { train, test } = this.curve;
    if (train.x.at(-1) !== step) {
      train.x.push(step);
      train.y.push(shown.train.loss);
      if (shown.test) {
        test.x.push(step);
        test.y.push(shown.test.loss);
      }
      if (train.x.length > pointsMost) for (const line of [train, test]) [line.x, line.y] = [thinned(line.x), thinned(line.y)];
    }
    this.version += 1;
  }
}

const empty = () => ({ train: { x: [] as number[], y: [] as number[] }, test: { x: [] as number[], y: [] as number[] } });
/** Every other one, and the last. */
const thinned = (values: number[]) => values.filter((_, at) => at % 2 === 0 || at === values.length - 1);

function same(a: NetSettings, b: NetSettings): boolean {
  return (Object.keys(a) as (keyof NetSettings)[]).every((name) => a[name] === b[name] || goOn.includes(name));
}

export function asFailure(error: unknown): Failure {
  if (error instanceof WorkerFailure) return error.failure;
  throw error;
}

export const room = new PlaneRoom();
