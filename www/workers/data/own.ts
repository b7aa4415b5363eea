// A reader's own data set as it is kept, and what training sees of it once it is split and scaled.
import type { Engine } from 'danlu';
import type { Preparation } from '../../src/lab/spec.ts';
import { Refused } from '../failure.ts';
import type { Part } from '../lab/protocol.ts';

export interface OwnData {
  /** SHA-256 of the contents: shape, values, labels and where the test part begins; names are not part of it. */
  hash: string;
  name: string;
  /** Of one sample: [height, width, channels] or [features]. */
  shape: number[];
  /** The classes' names, in the order of their numbers. */
  classes: string[];
  /** One sample after another, as the files had them; bytes where they are pictures. */
  values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
  /** The set's own test part begins here; the count where it has none. */
  testFrom: number;
}

export const widthOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
/** Channels of a picture, or features: what has a mean of its own. */
export const channelsOf = (shape: readonly number[]): number => shape.at(-1) ?? 1;

export interface Sides {
  /** Sample numbers, ascending. */
  train: Uint32Array;
  heldOut: Uint32Array;
  /** The new number of each class; −1 for those left out. */
  renumbered: Int32Array;
  classes: string[];
}

/** Which samples are trained on and which are held out. */
export function sidesOf(own: OwnData, { heldOut, seed, classes }: Preparation, limit: number | undefined, engine: Engine): Sides {
  const { labels, testFrom } = own;
  const renumbered = new Int32Array(own.classes.length).fill(-1);
  const chosen = (classes ?? own.classes.map((_, at) => at)).filter((at) => at < own.classes.length);
  chosen.forEach((old, now) => (renumbered[old] = now));
  if (chosen.length < 2) throw new Refused('data_one_class', { name: own.classes[chosen[0] ?? 0] ?? '' });

  const pool: number[] = [];
  for (let at = 0; at < labels.length; at += 1) if (renumbered[labels[at]!]! >= 0) pool.push(at);
  let sides: { train: Uint32Array; heldOut: Uint32Array };
  if (heldOut === 'own') {
    sides = { train: Uint32Array.from(pool.filter((at) => at < testFrom)), heldOut: Uint32Array.from(pool.filter((at) => at >= testFrom)) };
  } else {
    const split = engine.stratifiedSplit(Uint32Array.from(pool, (at) => labels[at]!), heldOut, seed);
    const real = (numbers: Uint32Array) => numbers.map((number) => pool[number]!);
    sides = { train: real(split.train), heldOut: real(split.heldOut) };
  }
  for (const side of ['train', 'heldOut'] as const) {
    if (sides[side].length === 0) throw new Refused(side === 'train' ? 'data_no_training' : 'data_no_held_out', { name: own.name });
  }
  if (limit !== undefined && limit < sides.train.length) sides.train = inTurn(sides.train, labels, own.classes.length, limit);
  return { ...sides, renumbered, classes: chosen.map((at) => own.classes[at]!) };
}

/** `limit` of these samples, the classes in turn, each in its order: fewer are always a part of more. */
function inTurn(samples: Uint32Array, labels: Uint32Array, classes: number, limit: number): Uint32Array {
  const byClass = Array.from({ length: classes }, () => [] as number[]);
  samples.forEach((at) => byClass[labels[at]!]!.push(at));
  const picked: number[] = [];
  for (let nth = 0; picked.length < limit; nth += 1) {
    for (const members of byClass) if (nth < members.length && picked.length < limit) picked.push(members[nth]!);
  }
  return Uint32Array.from(picked).sort();
}

export interface Figures {
  mean: number[];
  /** Of all training values of a channel, not corrected for its own mean. */
  std: number[];
}

/** Mean and standard deviation of each channel over these samples alone. */
export function figuresOf({ values, shape }: OwnData, samples: Uint32Array): Figures {
  const width = widthOf(shape);
  const channels = channelsOf(shape);
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  // Around a first value, so that large numbers close together lose no digits.
  const first = Float64Array.from({ length: channels }, (_, channel) => values[(samples[0] ?? 0) * width + channel] ?? 0);
  for (const sample of samples) {
    const from = sample * width;
    for (let at = 0; at < width; at += channels) {
      for (let channel = 0; channel < channels; channel += 1) {
        const value = values[from + at + channel]! - first[channel]!;
        sum[channel]! += value;
        squares[channel]! += value * value;
      }
    }
  }
  const count = samples.length * (width / channels);
  return {
    mean: Array.from(sum, (total, channel) => first[channel]! + total / count),
    std: Array.from(squares, (total, channel) => Math.sqrt(Math.max(0, total / count - (sum[channel]! / count) ** 2))),
  };
}

/** What is taken away from each channel's values, and what they are divided by then. */
export function scaling(own: OwnData, { scale }: Preparation, train: Uint32Array): { shift: number[]; divisor: number[] } {
  const channels = channelsOf(own.shape);
  if (scale !== 'standard') return { shift: Array<number>(channels).fill(0), divisor: Array<number>(channels).fill(scale === 'unit' ? 255 : 1) };
  const { mean, std } = figuresOf(own, train);
  // A channel that never changes becomes 0.
  return { shift: mean, divisor: std.map((deviation) => (deviation > 0 ? deviation : 1)) };
}

/** These samples as the engine takes them. */
export function gather({ values, shape }: OwnData, samples: Uint32Array, { shift, divisor }: ReturnType<typeof scaling>): Float32Array<ArrayBuffer> {
  const width = widthOf(shape);
  const channels = channelsOf(shape);
  const x = new Float32Array(samples.length * width);
  // Bytes take 256 values: each is scaled once.
  const table = values instanceof Uint8Array ? shift.map((less, channel) => Float32Array.from({ length: 256 }, (_, byte) => (byte - less) / divisor[channel]!)) : undefined;
  let to = 0;
  for (const sample of samples) {
    const from = sample * width;
    for (let at = 0, channel = 0; at < width; at += 1, to += 1) {
      const value = values[from + at]!;
      x[to] = table ? table[channel]![value]! : (value - shift[channel]!) / divisor[channel]!;
      channel = channel + 1 === channels ? 0 : channel + 1;
    }
  }
  return x;
}

/**
 * One side as the engine takes it. Floats are four times the bytes, and only wanted while they are handed over: they are
 * made when somebody asks, and made again once nobody holds them any more.
 */
export function partOf(own: OwnData, samples: Uint32Array, renumbered: Int32Array, by: ReturnType<typeof scaling>): Part {
  let made: WeakRef<Float32Array<ArrayBuffer>> | undefined;
  return {
    count: samples.length,
    labels: Uint32Array.from(samples, (at) => renumbered[own.labels[at]!]!),
    get x() {
      let x = made?.deref();
      if (!x) {
        x = gather(own, samples, by);
        made = new WeakRef(x);
      }
      return x;
    },
  };
}
