// One pass forward and one back in which every tensor that reaches memory is rounded.
//
// A product sums in f32 whatever its factors were rounded to: the product of two f16 or bf16 numbers fits into f32, and so
// this is what a tensor core does (Markidis et al., NVIDIA Tensor Core Programmability, 2018), in the engine's order of
// sums. Softmax and the loss are computed in f32, as autocast does.
import type { Arithmetic, Called, Tensor } from './arithmetic.ts';
import type { Layer } from './networks.ts';
import { roundAll, type Kept } from './rounding.ts';
import { Tally } from './tally.ts';

export interface Target {
  labels: Uint32Array;
  /** What an autoencoder is to answer. */
  pixels: Float32Array;
}

export interface Pass {
  /** Of the batch, in f32, without weight and scale. */
  loss: number;
  correct: number;
}

export interface Way {
  kept: Kept;
  /** What the loss is multiplied by: its weight among other losses, and the scale against underflow. */
  weight: number;
  scale: number;
}

/** What a backward pass wrote, by layer: the gradients of its parameters, and of what it answered. */
export type Tallies = Map<string, { parameters: Tally; answers: Tally }>;

export class Network {
  constructor(
    private readonly arithmetic: Arithmetic,
    readonly layers: readonly Layer[],
    private readonly lossOf: 'classes' | 'pixels',
  ) {}

  /** The answers to x, in the layers' numbers; softmax's input where the loss is of classes. */
  answer(x: Tensor, weights: ReadonlyMap<string, Tensor>, kept: Kept): Tensor {
    return this.#forward(x, weights, kept, false).y;
  }

  #forward(x: Tensor, weights: ReadonlyMap<string, Tensor>, kept: Kept, learning: boolean): { y: Tensor; calls: Called[] } {
    const calls: Called[] = [];
    let y = { shape: x.shape, values: roundAll(x.values.slice(), kept) };
    this.layers.forEach(({ name, op, settings, parameters }, at) => {
      const inputs = parameters ? [y, weights.get(`${name}/kernel`)!, weights.get(`${name}/bias`)!] : [y];
      // The gradient by the images themselves is nobody's wish.
      const wanted = !learning ? 0 : parameters ? (at === 0 ? 0b110 : 0b111) : at === 0 ? 0 : 1;
      const called = this.arithmetic.call(op, inputs, settings, wanted);
      calls.push(called);
      y = { shape: called.y.shape, values: roundAll(called.y.values, kept) };
    });
    return { y, calls };
  }

  /**
   * Loss and gradients of a batch; `weights` are rounded already. Gradients are of loss · weight · scale, and stand as
   * they lie in memory. `tallies` counts what was written.
   */
  learn(x: Tensor, target: Target, weights: ReadonlyMap<string, Tensor>, { kept, weight, scale }: Way, tallies?: Tallies): Pass & { gradients: Map<string, Tensor> } {
    const { y, calls } = this.#forward(x, weights, kept, true);
    const { loss, correct, dy } = this.#judge(y, target, Math.fround(weight * scale));
    const gradients = new Map<string, Tensor>();
    let coming: Tensor | null = { shape: y.shape, values: this.#write(dy, kept, tallies?.get(this.layers.at(-1)!.name)?.answers) };
    for (let at = this.layers.length - 1; at >= 0; at -= 1) {
      const { name, parameters } = this.layers[at]!;
      const [dx, dkernel, dbias] = calls[at]!.back(coming!.values) as [Tensor | null, Tensor | undefined, Tensor | undefined];
      if (parameters) {
        const tally = tallies?.get(name)?.parameters;
        gradients.set(`${name}/kernel`, { ...dkernel!, values: this.#write(dkernel!.values, kept, tally) });
        gradients.set(`${name}/bias`, { ...dbias!, values: this.#write(dbias!.values, kept, tally) });
      }
      const before = this.layers[at - 1];
      coming = dx && { ...dx, values: this.#write(dx.values, kept, before && tallies?.get(before.name)?.answers) };
    }
    return { loss, correct, gradients };
  }

  #write(values: Float32Array<ArrayBuffer>, kept: Kept, tally: Tally | undefined): Float32Array<ArrayBuffer> {
    tally?.before(values);
    roundAll(values, kept);
    tally?.after(values);
    return values;
  }

  /** In f32: the loss, how many are right, and the gradient of `factor` times the loss by the answers. */
  #judge(y: Tensor, { labels, pixels }: Target, factor: number): Pass & { dy: Float32Array<ArrayBuffer> } {
    return this.lossOf === 'classes' ? crossEntropy(this.arithmetic, y, labels, factor) : meanSquare(y, pixels, factor);
  }
}

/** −mean log p of the right class; its gradient is (p − 1 at the right class) / N. */
export function crossEntropy(arithmetic: Arithmetic, y: Tensor, labels: Uint32Array, factor: number): Pass & { dy: Float32Array<ArrayBuffer> } {
  const [count, classes] = y.shape as [number, number];
  const dy = arithmetic.call('softmax', [y]).y.values;
  let [loss, correct] = [0, 0];
  for (let sample = 0; sample < count; sample += 1) {
    const row = dy.subarray(sample * classes, (sample + 1) * classes);
    const right = labels[sample]!;
    const p = row[right]!;
    loss -= Math.log(Math.max(p, 1e-38)) / count;
    if (Number.isNaN(p)) loss = NaN;
    if (row.every((other) => other <= p)) correct += 1;
    row[right] = p - 1;
  }
  for (let at = 0; at < dy.length; at += 1) dy[at] = (dy[at]! * factor) / count;
  return { loss, correct, dy };
}

/** The mean of (y − x)² over every pixel of every image; its gradient is 2 (y − x) / their number. */
export function meanSquare(y: Tensor, pixels: Float32Array, factor: number): Pass & { dy: Float32Array<ArrayBuffer> } {
  const dy = new Float32Array(pixels.length);
  let loss = 0;
  for (let at = 0; at < dy.length; at += 1) {
    const off = y.values[at]! - pixels[at]!;
    loss += (off * off) / dy.length;
    dy[at] = (2 * off * factor) / dy.length;
  }
  return { loss, correct: 0, dy };
}
