// The update in f32, on the master weights: SGD with momentum, or Adam (Kingma and Ba 2015).
import type { Tensor } from './arithmetic.ts';
import { roundAll, type Kept } from './rounding.ts';

export const optimizerNames = ['sgd', 'adam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

const momentum = 0.9;
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

export class Optimizer {
  #first = new Map<string, Float32Array>();
  #second = new Map<string, Float32Array>();
  #steps = 0;

  constructor(
    private readonly name: OptimizerName,
    private readonly rate: number,
  ) {}

  /** Moves the weights by gradients that still carry `scale`. `kept` is what weights are stored in afterwards. */
  step(weights: ReadonlyMap<string, Tensor>, gradients: ReadonlyMap<string, Tensor>, scale: number, kept: Kept): void {
    this.#steps += 1;
    for (const [name, { values }] of weights) {
      const gradient = gradients.get(name)!.values;
      if (this.name === 'sgd') this.#sgd(values, gradient, scale, of(this.#first, name, values.length));
      else this.#adam(values, gradient, scale, of(this.#first, name, values.length), of(this.#second, name, values.length));
      roundAll(values, kept);
    }
  }

  #sgd(weights: Float32Array, gradients: Float32Array, scale: number, velocity: Float32Array): void {
    for (let at = 0; at < weights.length; at += 1) {
      velocity[at] = momentum * velocity[at]! + gradients[at]! / scale;
      weights[at]! -= this.rate * velocity[at]!;
    }
  }

  #adam(weights: Float32Array, gradients: Float32Array, scale: number, m: Float32Array, v: Float32Array): void {
    const [c1, c2] = [1 - beta1 ** this.#steps, 1 - beta2 ** this.#steps];
    for (let at = 0; at < weights.length; at += 1) {
      const g = gradients[at]! / scale;
      m[at] = beta1 * m[at]! + (1 - beta1) * g;
      v[at] = beta2 * v[at]! + (1 - beta2) * g * g;
      weights[at]! -= (this.rate * (m[at]! / c1)) / (Math.sqrt(v[at]! / c2) + epsilon);
    }
  }
}

function of(state: Map<string, Float32Array>, name: string, length: number): Float32Array {
  let values = state.get(name);
  if (!values) state.set(name, (values = new Float32Array(length)));
  return values;
}
