// The data sets that a lab worker holds, by name and hash; the built-in digits it makes itself.
import type { Engine } from 'danlu';
import { partOf as ownPart, scaling, sidesOf, type OwnData } from '../data/own.ts';
import { splitDigits, type Digits } from '../digits.ts';
import { Refused } from '../failure.ts';
import type { DataRef, Dataset, DataSummary, Part, Preparation } from './protocol.ts';

export const digitsName = 'digits';

/** The same data set, however much of it is trained on. */
export function keyOf({ name, hash }: DataRef): string {
  return hash ? `${hash} ${name}` : name;
}

/** What a reader's own data start with: their own test part, or a fifth held out. */
export function usualPreparation({ testFrom, labels, values }: Pick<OwnData, 'testFrom' | 'labels' | 'values'>): Preparation {
  return { heldOut: testFrom < labels.length ? 'own' : 0.2, seed: 1, scale: values instanceof Uint8Array ? 'unit' : 'standard' };
}

export class Shelf {
  #held = new Map<string, Dataset>();
  /** The last part that was asked for. */
  #part: { whole: Dataset; limit: number; train: Part } | undefined;

  /** A reader's own, by hash. */
  #own = new Map<string, OwnData>();
  /** The last of these that was prepared, and as what. */
  #prepared: { own: OwnData; by: string; dataset: Dataset } | undefined;

  constructor(private readonly fetchFiles: () => Promise<[Uint8Array, Uint8Array]>) {}

  give(dataset: Dataset): DataSummary {
    this.#held.set(keyOf(dataset.ref), dataset);
    return summaryOf(dataset);
  }

  /** As they are kept; what is asked for says how they are split and scaled. */
  own(own: OwnData) {
    this.#own.set(own.hash, own);
  }

  #prepare(own: OwnData, ref: DataRef, engine: Engine): Dataset {
    const by = JSON.stringify(ref);
    if (this.#prepared?.own === own && this.#prepared.by === by) return this.#prepared.dataset;
    const prepare = ref.prepare ?? usualPreparation(own);
    const { train, heldOut, renumbered, classes } = sidesOf(own, prepare, ref.limit, engine);
    const scaled = scaling(own, prepare, train);
    const held = ownPart(own, heldOut, renumbered, scaled);
    // Looked at all the time, and smaller: these floats stay.
    const dataset: Dataset = { ref, shape: own.shape, classes, train: ownPart(own, train, renumbered, scaled), heldOut: { ...held } };
    this.#prepared = { own, by, dataset };
    return dataset;
  }

  /** The data set with as many training samples as the reference says. */
  async find(ref: DataRef, engine: Engine): Promise<Dataset> {
    const own = ref.hash === undefined ? undefined : this.#own.get(ref.hash);
    if (own) return this.#prepare(own, ref, engine);
    const key = keyOf(ref);
    if (key === digitsName && !this.#held.has(key)) {
      const [images, labels] = await this.fetchFiles();
      const { train, heldOut } = splitDigits(engine, images, labels);
      const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
      this.#held.set(key, { ref: { name: digitsName }, shape: [28, 28, 1], classes, train: partOf(train), heldOut: partOf(heldOut) });
    }
    const whole = this.#held.get(key);
    if (!whole) throw new Refused('no_dataset', { name: ref.name });
    if (ref.limit === undefined || ref.limit >= whole.train.count) return { ...whole, ref };
    if (this.#part?.whole !== whole || this.#part.limit !== ref.limit) {
      this.#part = { whole, limit: ref.limit, train: firstOf(whole.train, whole.classes.length, ref.limit) };
    }
    return { ...whole, ref, train: this.#part.train };
  }
}

function partOf({ count, images, labels }: Digits): Part {
  return { count, x: images, labels };
}

/** `limit` samples, the classes in turn, each in its order: fewer samples are always a part of more. */
function firstOf(part: Part, classes: number, limit: number): Part {
  const byClass = Array.from({ length: classes }, () => [] as number[]);
  part.labels.subarray(0, part.count).forEach((label, sample) => byClass[label]?.push(sample));
  const longest = Math.max(...byClass.map((members) => members.length));
  const chosen: number[] = [];
  for (let nth = 0; nth < longest && chosen.length < limit; nth += 1) {
    for (const members of byClass) if (nth < members.length && chosen.length < limit) chosen.push(members[nth]!);
  }
  chosen.sort((a, b) => a - b);
  const width = part.x.length / part.count;
  const perSample = part.labels.length / part.count;
  const picked: Part = { count: chosen.length, x: new Float32Array(chosen.length * width), labels: new Uint32Array(chosen.length * perSample) };
  chosen.forEach((from, to) => {
    picked.x.set(part.x.subarray(from * width, (from + 1) * width), to * width);
    picked.labels.set(part.labels.subarray(from * perSample, (from + 1) * perSample), to * perSample);
  });
  return picked;
}

export function summaryOf({ ref, shape, classes, train, heldOut }: Dataset): DataSummary {
  const balance = classes.map(() => 0);
  train.labels.forEach((label) => {
    if (label < balance.length) balance[label]! += 1;
  });
  return { ref, shape, classes, train: train.count, heldOut: heldOut.count, balance };
}
