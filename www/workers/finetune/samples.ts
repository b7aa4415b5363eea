// The new task's samples: which belong to it, which of them a training gets, and how the base is given them.
import type { Dataset, Part } from '../lab/protocol.ts';
import { generator } from '../language/random.ts';
import type { BaseFile } from './protocol.ts';

/** Means that Keras's VGG16 subtracts (Simonyan and Zisserman 2015; keras.applications.vgg16.preprocess_input), blue first. */
const caffeMeans = [103.939, 116.779, 123.68];

export type Side = 'train' | 'heldOut';

export class Samples {
  readonly classes: string[];
  readonly #byClass: number[][];
  readonly #x: Record<Side, Float32Array>;
  readonly width: number;

  constructor(
    private readonly data: Dataset,
    /** What the base takes. */
    readonly input: number[],
    private readonly pixels: BaseFile['pixels'],
    heldOutMost: number,
    /** Whether light and dark are swapped; pixels are 0 to 1 before. */
    private readonly inverted = false,
  ) {
    this.classes = data.classes;
    // Asked for once: a set that keeps bytes makes its numbers when they are wanted.
    this.#x = { train: data.train.x, heldOut: data.heldOut.x };
    this.width = input.reduce((size, side) => size * side, 1);
    this.#byClass = data.classes.map(() => []);
    data.train.labels.forEach((label, sample) => this.#byClass[label]?.push(sample));
    this.heldOut = inTurn(data.heldOut, data.classes.length, heldOutMost);
  }

  /** Held-out samples that are judged: the classes in turn. */
  readonly heldOut: number[];

  get perClass(): number {
    return Math.min(...this.#byClass.map((members) => members.length));
  }

  labels(side: Side): Uint32Array {
    return this.data[side].labels;
  }

  /** So many of each class, by the seed; fewer of the same seed are always among more. */
  chosen(perClass: number, seed: number): number[] {
    const random = generator(seed);
    return this.#byClass.flatMap((members) => shuffled(members, random).slice(0, perClass));
  }

  /** Writes a sample as the base takes it. */
  write(side: Side, sample: number, into: Float32Array, at: number, pixels = this.pixels) {
    const { shape } = this.data;
    const size = shape.reduce((product, one) => product * one, 1);
    const from = this.#x[side].subarray(sample * size, (sample + 1) * size);
    const [height, width, channels] = shape as [number, number, number];
    const [h, w, c] = this.input as [number, number, number];
    if (h === height && w === width && c === channels && pixels === 'unit') {
      if (this.inverted) for (let pixel = 0; pixel < size; pixel += 1) into[at + pixel] = 1 - from[pixel]!;
      else into.set(from, at);
      return;
    }
    for (let y = 0; y < h; y += 1) {
      const [y0, y1, dy] = between(y, h, height);
      for (let x = 0; x < w; x += 1) {
        const [x0, x1, dx] = between(x, w, width);
        const value = (channel: number) => {
          const one = (r: number, s: number) => from[(r * width + s) * channels + channel]!;
          const mixed = (1 - dy) * ((1 - dx) * one(y0, x0) + dx * one(y0, x1)) + dy * ((1 - dx) * one(y1, x0) + dx * one(y1, x1));
          return this.inverted ? 1 - mixed : mixed;
        };
        const place = at + (y * w + x) * c;
        if (c === 1) into[place] = channels >= 3 ? 0.299 * value(0) + 0.587 * value(1) + 0.114 * value(2) : value(0);
        else for (let channel = 0; channel < c; channel += 1) into[place + channel] = value(channels >= 3 ? channel : 0);
        if (pixels === 'caffe') {
          const [red, green, blue] = [into[place]!, into[place + 1]!, into[place + 2]!];
          [blue, green, red].forEach((colour, channel) => (into[place + channel] = 255 * colour - caffeMeans[channel]!));
        }
      }
    }
  }
}

/** Red, green, blue, opaque: as the base is given them, before VGG16's mean is taken off. */
export function shown(samples: Samples, wanted: readonly number[]): Uint8ClampedArray<ArrayBuffer> {
  const [height, width, channels] = samples.input as [number, number, number];
  const picture = new Float32Array(samples.width);
  const colours = new Uint8ClampedArray(wanted.length * height * width * 4);
  wanted.forEach((sample, nth) => {
    samples.write('train', sample, picture, 0, 'unit');
    for (let place = 0; place < height * width; place += 1) {
      const at = 4 * (nth * height * width + place);
      for (let colour = 0; colour < 3; colour += 1) colours[at + colour] = 255 * picture[place * channels + (channels === 1 ? 0 : colour)]!;
      colours[at + 3] = 255;
    }
  });
  return colours;
}

/** The two places around place `at` of `to`, seen on `of`, and how far the second weighs: bilinear, by the pixels' middles. */
function between(at: number, to: number, of: number): [number, number, number] {
  const place = Math.min(of - 1, Math.max(0, ((at + 0.5) * of) / to - 0.5));
  const low = Math.floor(place);
  return [low, Math.min(of - 1, low + 1), place - low];
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}

function inTurn(part: Part, classes: number, most: number): number[] {
  const byClass = Array.from({ length: classes }, () => [] as number[]);
  part.labels.forEach((label, sample) => byClass[label]?.push(sample));
  const chosen: number[] = [];
  const longest = Math.max(0, ...byClass.map((members) => members.length));
  for (let nth = 0; nth < longest && chosen.length < most; nth += 1) {
    for (const members of byClass) if (nth < members.length && chosen.length < most) chosen.push(members[nth]!);
  }
  return chosen.sort((a, b) => a - b);
}

/** The samples of some classes, numbered anew; `change` is applied to each pixel. */
export function ofClasses(data: Dataset, wanted: number[], name: string, change: (ink: number) => number = (ink) => ink): Dataset {
  const size = data.shape.reduce((product, one) => product * one, 1);
  const only = ({ x, labels }: Part): Part => {
    const members = [...labels.keys()].filter((sample) => wanted.includes(labels[sample]!));
    const picked = { count: members.length, x: new Float32Array(members.length * size), labels: new Uint32Array(members.length) };
    members.forEach((sample, at) => {
      for (let pixel = 0; pixel < size; pixel += 1) picked.x[at * size + pixel] = change(x[sample * size + pixel]!);
      picked.labels[at] = wanted.indexOf(labels[sample]!);
    });
    return picked;
  };
  return { ref: { name }, shape: data.shape, classes: wanted.map((label) => data.classes[label]!), train: only(data.train), heldOut: only(data.heldOut) };
}
