// What the room's worker does: the same steps in several ways of keeping numbers, by turns, so that they go side by side.
import type { RequestOf } from '../client.ts';
import type { Arithmetic } from './arithmetic.ts';
import { initial, networks } from './networks.ts';
import type { Job, Opened, PrecisionCalls, PrecisionEvent, Progress } from './protocol.ts';
import { Trial, type Samples } from './trial.ts';

export interface Ground {
  arithmetic: Arithmetic;
  train: Samples;
  heldOut: Samples;
}

/** Between two slices the page is heard. */
const slice_ms = 40;
const sayEvery_ms = 150;
/** How often what was written is counted. */
const countEvery = 5;

interface Lane {
  trial: Trial;
  said: Progress;
}

export class Precision {
  #ground: Ground | undefined;
  #job: Job | undefined;
  #lanes: Lane[] = [];
  /** Numbers of the samples of each step, drawn as they are wanted. */
  #batches: Uint32Array[] = [];
  #step = 0;
  #turn = 0;
  #said_ms = 0;

  constructor(
    private readonly open: () => Promise<Ground>,
    private readonly say: (event: PrecisionEvent) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.#job !== undefined;
  }

  async perform(request: RequestOf<PrecisionCalls>): Promise<Opened | null> {
    if (request.call === 'stop') {
      this.#job = undefined;
      return null;
    }
    return this.#start(request.ask);
  }

  async #start(job: Job): Promise<Opened> {
    this.#ground ??= await this.open();
    const { arithmetic } = this.#ground;
    arithmetic.seed(job.seed);
    const { layers } = networks[job.network];
    const weights = initial(arithmetic, layers);
    this.#lanes = job.ways.map((way) => ({ trial: new Trial(arithmetic, job, way, weights), said: nothing(way, 0) }));
    this.#batches = [];
    this.#step = this.#turn = 0;
    this.#said_ms = this.clock();
    this.#job = job;
    const count = (name: string) => ['kernel', 'bias'].reduce((sum, part) => sum + (weights.get(`${name}/${part}`)?.values.length ?? 0), 0);
    return { parameters: [...weights.values()].reduce((sum, { values }) => sum + values.length, 0), layers: layers.map(({ name }) => ({ name, weights: count(name) })) };
  }

  /** One slice of the training under way. */
  advance(): void {
    const from_ms = this.clock();
    while (this.#job && this.clock() - from_ms < slice_ms) this.#advanceOne(this.#job, this.#ground!);
  }

  #advanceOne(job: Job, { train, heldOut }: Ground): void {
    if (this.#step === job.steps) {
      this.#report();
      for (const { trial } of this.#lanes) this.say({ kind: 'ended', way: trial.way, ...trial.evaluate(heldOut), ...trial.unmoved() });
      this.#job = undefined;
      this.say({ kind: 'finished' });
      return;
    }
    const lane = this.#lanes[this.#turn]!;
    const counted = this.#step % countEvery === 0 || this.#step === job.steps - 1;
    const { loss, scale, skipped, layers } = lane.trial.step(train, this.#batch(job, train.labels.length), counted);
    lane.said.step = this.#step + 1;
    lane.said.losses.push(loss);
    lane.said.scales.push(scale);
    lane.said.skipped.push(skipped);
    lane.said.layers = layers ?? lane.said.layers;
    this.#turn += 1;
    if (this.#turn < this.#lanes.length) return;
    this.#turn = 0;
    this.#step += 1;
    if (this.clock() - this.#said_ms >= sayEvery_ms) this.#report();
  }

  #report(): void {
    this.#said_ms = this.clock();
    for (const lane of this.#lanes) {
      if (lane.said.losses.length === 0) continue;
      this.say(lane.said);
      lane.said = nothing(lane.trial.way, lane.said.step);
    }
  }

  /** Whole batches of an order that is shuffled anew each epoch; what is left of it is not used. */
  #batch({ batch_size }: Job, count: number): Uint32Array {
    while (this.#batches.length <= this.#step) {
      const order = this.#ground!.arithmetic.permutation(count);
      for (let from = 0; from + batch_size <= count; from += batch_size) this.#batches.push(order.subarray(from, from + batch_size));
    }
    return this.#batches[this.#step]!;
  }
}

const nothing = (way: Progress['way'], step: number): Progress => ({ kind: 'progress', way, step, losses: [], scales: [], skipped: [], layers: null });
