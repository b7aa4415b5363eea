// One training from beginning to end, in one way of keeping numbers.
import type { Arithmetic, Tensor } from './arithmetic.ts';
import { crossEntropy, meanSquare, Network, type Tallies } from './network.ts';
import { networks } from './networks.ts';
import { Optimizer } from './optimizer.ts';
import type { Job, Progress, WayName } from './protocol.ts';
import { roundAll, type Kept } from './rounding.ts';
import { LossScaler } from './scaler.ts';
import { Tally } from './tally.ts';
import { keptOf } from './ways.ts';

export interface Samples {
  x: Float32Array;
  labels: Uint32Array;
}

export interface Step {
  loss: number;
  /** That its gradients carried. */
  scale: number;
  skipped: boolean;
  layers: Progress['layers'];
}

export class Trial {
  readonly #network: Network;
  readonly #weights: Map<string, Tensor>;
  readonly #first: ReadonlyMap<string, Tensor>;
  readonly #optimizer: Optimizer;
  readonly #scaler: LossScaler;
  readonly #kept: Kept;
  /** Whether somebody looks for infinity and NaN before the update. */
  readonly #watched: boolean;

  constructor(
    private readonly arithmetic: Arithmetic,
    private readonly job: Job,
    readonly way: WayName,
    weights: ReadonlyMap<string, Tensor>,
  ) {
    const { layers, loss } = networks[job.network];
    this.#network = new Network(arithmetic, layers, loss);
    this.#kept = keptOf(way);
    this.#first = weights;
    this.#weights = new Map([...weights].map(([name, { shape, values }]) => [name, { shape, values: roundAll(values.slice(), job.master ? 'f32' : this.#kept) }]));
    this.#optimizer = new Optimizer(job.optimizer, job.rate);
    this.#watched = way === 'f16-static' || way === 'f16-dynamic';
    const scale = way === 'f16-static' ? 2 ** job.static_scale : way === 'f16-dynamic' ? 2 ** job.first_scale : 1;
    this.#scaler = new LossScaler({ scale, growth: 2, backoff: 0.5, interval: way === 'f16-dynamic' ? job.interval : Infinity });
  }

  step(samples: Samples, numbers: Uint32Array, counted: boolean): Step {
    const { x, pixels, labels } = batchOf(samples, numbers, networks[this.job.network].input);
    const { scale } = this.#scaler;
    const tallies: Tallies | undefined = counted ? new Map(this.#network.layers.map(({ name }) => [name, { parameters: new Tally(), answers: new Tally() }])) : undefined;
    const { loss, gradients } = this.#network.learn(x, { labels, pixels }, this.#rounded(), { kept: this.#kept, weight: this.job.weight, scale }, tallies);
    const finite = !this.#watched || [...gradients.values()].every(({ values }) => allFinite(values));
    if (finite) this.#optimizer.step(this.#weights, gradients, scale, this.job.master ? 'f32' : this.#kept);
    this.#scaler.hear(finite);
    const layers = tallies ? [...tallies].map(([name, { parameters, answers }]) => ({ name, parameters: parameters.facts(), answers: answers.facts() })) : null;
    return { loss, scale, skipped: !finite, layers };
  }

  /** Loss and accuracy on samples, in the way's own numbers. */
  evaluate(samples: Samples): { loss: number; accuracy: number | null } {
    const { input, loss } = networks[this.job.network];
    const count = samples.labels.length;
    const weights = this.#rounded();
    let [sum, right] = [0, 0];
    for (let from = 0; from < count; from += 250) {
      const numbers = Uint32Array.from({ length: Math.min(250, count - from) }, (_, at) => from + at);
      const { x, pixels, labels } = batchOf(samples, numbers, input);
      const y = this.#network.answer(x, weights, this.#kept);
      const judged = loss === 'classes' ? crossEntropy(this.arithmetic, y, labels, 1) : meanSquare(y, pixels, 1);
      sum += judged.loss * numbers.length;
      right += judged.correct;
    }
    return { loss: sum / count, accuracy: loss === 'classes' ? right / count : null };
  }

  /** How many weights are where they began. */
  unmoved(): { unmoved: number; weights: number } {
    let [unmoved, weights] = [0, 0];
    for (const [name, { values }] of this.#weights) {
      const first = roundAll(this.#first.get(name)!.values.slice(), this.job.master ? 'f32' : this.#kept);
      weights += values.length;
      for (let at = 0; at < values.length; at += 1) if (values[at] === first[at]) unmoved += 1;
    }
    return { unmoved, weights };
  }

  /** The weights that passes are computed with. */
  #rounded(): Map<string, Tensor> {
    if (this.#kept === 'f32') return this.#weights;
    return new Map([...this.#weights].map(([name, { shape, values }]) => [name, { shape, values: roundAll(values.slice(), this.#kept) }]));
  }
}

const allFinite = (values: Float32Array): boolean => values.every((value) => Number.isFinite(value));

function batchOf({ x, labels }: Samples, numbers: Uint32Array, input: number[]): { x: Tensor; pixels: Float32Array; labels: Uint32Array } {
  const size = input.reduce((product, side) => product * side, 1);
  const values = new Float32Array(numbers.length * size);
  numbers.forEach((from, to) => values.set(x.subarray(from * size, (from + 1) * size), to * size));
  return { x: { shape: [numbers.length, ...input], values }, pixels: values, labels: Uint32Array.from(numbers, (from) => labels[from]!) };
}
