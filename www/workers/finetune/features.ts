// What frozen layers answer, computed once for each picture and kept: layers that never change answer alike in every epoch.
import type { ChainSpec, Engine, Session } from 'danlu';
import { fileOf } from '../safetensors.ts';
import { gap, weightsFor } from './network.ts';
import type { Weights } from './hash.ts';
import type { Samples, Side } from './samples.ts';

interface Kept {
  /** Of one sample. */
  shape: number[];
  width: number;
  rows: Record<Side, Map<number, Float32Array>>;
}

/** Of the base as it came, before any of it trained. */
export class Features {
  #kept = new Map<number, Kept>();

  constructor(
    private readonly engine: Engine,
    private readonly base: ChainSpec,
    private readonly weights: Weights,
    private readonly samples: Samples,
    /** Pictures at a time. */
    readonly breath: number,
  ) {}

  /** The shape of what comes out of the first `cut` layers; the last of all layers is the average over places. */
  shapeAt(cut: number): number[] {
    return this.#keptAt(cut).shape;
  }

  /** How many of these are still to be computed. */
  missing(cut: number, side: Side, wanted: readonly number[]): number {
    if (cut === 0) return 0;
    const { rows } = this.#keptAt(cut);
    return wanted.reduce((count, sample) => count + (rows[side].has(sample) ? 0 : 1), 0);
  }

  /** Computes what is missing, a few pictures between two yields. */
  *keep(cut: number, side: Side, wanted: readonly number[]): Generator<number, void> {
    if (cut === 0) return;
    const kept = this.#keptAt(cut);
    const missing = wanted.filter((sample) => !kept.rows[side].has(sample));
    if (missing.length === 0) return;
    const from = this.#nearest(cut, side, missing);
    const input = this.shapeAt(from);
    const session = this.#session(from, cut, input);
    try {
      for (let at = 0; at < missing.length; at += this.breath) {
        const some = missing.slice(at, at + this.breath);
        const answers = session.predict(this.batch(from, side, some));
        some.forEach((sample, nth) => kept.rows[side].set(sample, answers.slice(nth * kept.width, (nth + 1) * kept.width)));
        yield some.length;
      }
    } finally {
      session.free();
    }
  }

  /** Samples one after another, as they come out of the first `cut` layers. They must have been kept. */
  batch(cut: number, side: Side, wanted: readonly number[]): Float32Array<ArrayBuffer> {
    const width = cut === 0 ? this.samples.width : this.#keptAt(cut).width;
    const x = new Float32Array(wanted.length * width);
    wanted.forEach((sample, at) => {
      if (cut === 0) this.samples.write(side, sample, x, at * width);
      else x.set(this.#keptAt(cut).rows[side].get(sample)!, at * width);
    });
    return x;
  }

  /** The deepest layer before `cut` at which all of these are kept. */
  #nearest(cut: number, side: Side, wanted: readonly number[]): number {
    const cuts = [...this.#kept.keys()].filter((at) => at < cut).sort((a, b) => b - a);
    return cuts.find((at) => wanted.every((sample) => this.#kept.get(at)!.rows[side].has(sample))) ?? 0;
  }

  #keptAt(cut: number): Kept {
    let kept = this.#kept.get(cut);
    if (!kept) {
      const shape = cut === 0 ? this.samples.input : this.#shapeOf(cut);
      kept = { shape, width: shape.reduce((size, side) => size * side, 1), rows: { train: new Map(), heldOut: new Map() } };
      this.#kept.set(cut, kept);
    }
    return kept;
  }

  #layers() {
    return [...this.base.layers, { type: 'global_avg_pool2d', name: gap } as const];
  }

  #shapeOf(cut: number): number[] {
    return this.engine.describe({ model: { input: this.samples.input, layers: this.#layers().slice(0, cut) }, loss: 'mean_squared_error' }).at(-1)!.outputShape;
  }

  #session(from: number, to: number, input: number[]): Session {
    const model = { input, layers: this.#layers().slice(from, to).map((layer) => ({ ...layer, trainable: false })) };
    const session = this.engine.createSession({ model, loss: 'mean_squared_error', batch_size: this.breath }, 0);
    const names = namesIn(session);
    session.setWeights(fileOf(weightsFor(names, this.weights)));
    return session;
  }
}

/** The names of a session's arrays, in its own order. */
export function namesIn(session: Session): string[] {
  const bytes = session.getWeights();
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, unknown>;
  return Object.keys(header).filter((name) => name !== '__metadata__');
}
