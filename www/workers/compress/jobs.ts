// What takes long in the room, in slices: training, pruning while it trains, and teaching.
import type { Engine, RunSpec, Session } from 'danlu';
import { logits, prune, setTaughtData } from 'danlu/compression';
import type { Dataset } from '../lab/protocol.ts';
import type { Judgement } from './models.ts';
import type { Lines, Method, What } from './protocol.ts';
import { growthOf } from './schedule.ts';

export interface Finished {
  method: Method;
  spec: RunSpec;
  weights: Uint8Array;
  judged: Judgement;
}

export interface Job {
  readonly what: What;
  done: number;
  readonly all: number;
  /** Points since they were last taken. */
  lines: Lines;
  /** A few milliseconds of work. */
  advance(): void;
  finish(): Finished[];
  free(): void;
}

/** Held-out samples that are judged at once. */
const part = 250;
/** How often a run is judged; in parts of it. */
const looks = 12;

/** Loss and accuracy on what was kept back. */
export function judge(model: Pick<Session, 'evaluateOn'>, { heldOut, shape }: Dataset): Judgement {
  const width = shape.reduce((all, size) => all * size, 1);
  const perSample = heldOut.labels.length / heldOut.count;
  let [loss, accuracy] = [0, 0];
  for (let first = 0; first < heldOut.count; first += part) {
    const last = Math.min(heldOut.count, first + part);
    const judged = model.evaluateOn(heldOut.x.subarray(first * width, last * width), heldOut.labels.subarray(first * perSample, last * perSample));
    loss += judged.loss * (last - first);
    accuracy += judged.accuracy * (last - first);
  }
  return { loss: loss / heldOut.count, accuracy: accuracy / heldOut.count };
}

/** One network that trains. `before` may change it before each step. */
abstract class Training implements Job {
  abstract readonly what: What;
  done = 0;
  readonly all: number;
  lines: Lines = {};
  protected readonly perEpoch: number;

  constructor(
    protected readonly trained: { name: string; session: Session; method: Method; spec: RunSpec }[],
    protected readonly data: Dataset,
    epochs: number,
    batch: number,
  ) {
    this.perEpoch = Math.ceil(data.train.count / batch);
    this.all = Math.max(0, Math.round(epochs * this.perEpoch));
  }

  protected before(): void {}

  /** What the curve tells at this place beside the accuracy. */
  protected abstract told(loss: number): number;

  advance() {
    if (this.done === 0 && Object.keys(this.lines).length === 0) this.look();
    if (this.done >= this.all) return;
    this.before();
    for (const { session } of this.trained) session.runSteps(1);
    this.done += 1;
    if (this.done % Math.max(1, Math.floor(this.all / looks)) === 0 || this.done === this.all) this.look();
  }

  protected look() {
    for (const { name, session } of this.trained) {
      const { loss, accuracy } = judge(session, this.data);
      (this.lines[name] ??= []).push(this.done / this.perEpoch, this.told(loss), accuracy);
    }
  }

  finish(): Finished[] {
    return this.trained.map(({ session, method, spec }) => ({ method, spec, weights: session.getWeights(), judged: judge(session, this.data) }));
  }

  free() {
    for (const { session } of this.trained) session.free();
  }
}

/** The base, as the lab's runs train. */
export class BaseTraining extends Training {
  readonly what = 'train';

  constructor(session: Session, spec: RunSpec, data: Dataset, epochs: number) {
    super([{ name: 'base', session, method: { type: 'base' }, spec }], data, epochs, spec.batch_size ?? 32);
  }

  protected told(loss: number): number {
    return loss;
  }
}

/** Pruned at once or by and by; training goes on with what is pruned held at zero. */
export class Pruning extends Training {
  readonly what = 'prune';
  #growth = new Map<number, number>();
  #sparsity = 0;

  constructor(session: Session, spec: RunSpec, data: Dataset, private readonly method: Extract<Method, { type: 'pruned' }>) {
    super([{ name: 'pruned', session, method, spec }], data, method.way === 'one-shot' ? 0 : method.epochs, spec.batch_size ?? 32);
    if (method.way === 'gradual') this.#growth = growthOf(this.all, method.sparsity);
    else this.#prune(method.sparsity);
  }

  #prune(sparsity: number) {
    const layers = prune(this.trained[0]!.session, { sparsity, global: this.method.global });
    const sum = (key: 'count' | 'zeros') => layers.reduce((all, layer) => all + layer[key], 0);
    this.#sparsity = sum('zeros') / Math.max(1, sum('count'));
  }

  protected override before() {
    const sparsity = this.#growth.get(this.done);
    if (sparsity !== undefined) this.#prune(sparsity);
  }

  protected told(): number {
    return this.#sparsity;
  }

  override finish(): Finished[] {
    // A run so short that the schedule's end was never reached.
    if (this.method.way === 'gradual') this.#prune(this.method.sparsity);
    return super.finish();
  }
}

/** The same small network twice, from the same weights: once with the teacher, once with labels alone. */
export class Teaching extends Training {
  readonly what = 'distil';

  constructor(engine: Engine, teacher: Session, spec: RunSpec, data: Dataset, seed: number, how: Omit<Extract<Method, { type: 'student' }>, 'type' | 'taught'> & { temperature: number; alpha: number }) {
    const { student, epochs, temperature, alpha } = how;
    const made = (['taught', 'alone'] as const).map((name) => ({
      name,
      session: engine.createSession(spec, seed),
      method: { type: 'student' as const, student, epochs, taught: name === 'taught' ? { temperature, alpha } : null },
      spec,
    }));
    super(made, data, epochs, spec.batch_size ?? 32);
    const [taught, alone] = made;
    try {
      setTaughtData(taught!.session, data.train.x, data.train.labels, logits(teacher, data.train.x), { temperature, alpha });
      alone!.session.setData('train', data.train.x, data.train.labels);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  protected told(loss: number): number {
    return loss;
  }
}
