// Scenes: several real digits of random size and place on one sheet, and the tight box of each. The same seed and
// settings, the same scene.
import { generator } from '../language/random.ts';
import type { Truth } from './ap.ts';
import { iouOf, type Box } from './boxes.ts';

export const side = 96;
/** Of a digit's ink, in pixels. */
export const heights = [20, 36] as const;
/** Of the digits' own pictures. */
const picture = 28;
/** Fainter ink is no part of a digit's box. */
const inkLeast = 40;
/** Two digits in a crowd overlap by so much, and their centres are so far apart. */
const crowdIou = [0.12, 0.5] as const;
const centresApart = 9;
const tries = 40;

export interface Digits {
  count: number;
  /** [count][28·28], 0 paper to 255 ink. */
  bytes: Uint8Array;
  labels: ArrayLike<number>;
}

/** One digit of a pool at its place: its ink's upper left corner and height. */
export interface Placed {
  digit: number;
  x: number;
  y: number;
  height: number;
}

export interface Scene {
  /** [side][side], 0 paper to 1 ink. */
  image: Float32Array<ArrayBuffer>;
  placed: Placed[];
  truths: Truth[];
}

export interface SceneSettings {
  /** At most; at least 2. */
  digits: number;
  /** In [0, 1]: how often the next digit overlaps one that stands there. */
  crowd: number;
}

/** Where the ink is in a digit's picture: left, top, right, bottom, the last two just beyond. */
type Ink = [number, number, number, number];

/** Digits to draw scenes from. */
export class Pool {
  #inks = new Map<number, Ink>();
  #byLabel: number[][] = Array.from({ length: 10 }, () => []);

  constructor(private readonly digits: Digits) {
    for (let at = 0; at < digits.count; at += 1) this.#byLabel[digits.labels[at]!]!.push(at);
  }

  get count(): number {
    return this.digits.count;
  }

  labelOf(digit: number): number {
    return this.digits.labels[digit]!;
  }

  /** Some digit of a class; `chance` in [0, 1). */
  some(label: number, chance: number): number {
    return this.nth(label, Math.floor(chance * this.#byLabel[label]!.length));
  }

  /** They come round again. */
  nth(label: number, nth: number): number {
    const own = this.#byLabel[label]!;
    return own[nth % own.length]!;
  }

  get labels(): number[] {
    return this.#byLabel.flatMap((own, label) => (own.length > 0 ? [label] : []));
  }

  pictureOf(digit: number): Uint8Array {
    return this.digits.bytes.subarray(digit * picture ** 2, (digit + 1) * picture ** 2);
  }

  inkOf(digit: number): Ink {
    let ink = this.#inks.get(digit);
    if (!ink) this.#inks.set(digit, (ink = inkIn(this.pictureOf(digit))));
    return ink;
  }

  boxOf({ digit, x, y, height }: Placed): Box {
    const [left, top, right, bottom] = this.inkOf(digit);
    return [x, y, x + ((right - left) * height) / (bottom - top), y + height];
  }
}

/** The whole picture where nothing is dark enough. */
export function inkIn(bytes: Uint8Array, width = picture): Ink {
  const ink: Ink = [width, bytes.length / width, 0, 0];
  bytes.forEach((dark, at) => {
    if (dark < inkLeast) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    ink[0] = Math.min(ink[0], x);
    ink[1] = Math.min(ink[1], y);
    ink[2] = Math.max(ink[2], x + 1);
    ink[3] = Math.max(ink[3], y + 1);
  });
  return ink[2] > 0 ? ink : [0, 0, width, bytes.length / width];
}

export function sceneOf(pool: Pool, seed: number, { digits, crowd }: SceneSettings): Scene {
  const chance = generator(seed);
  const between = (least: number, most: number) => least + (most - least) * chance();
  const count = 2 + Math.floor(chance() * (digits - 1));
  const { labels } = pool;
  const [placed, truths]: [Placed[], Truth[]] = [[], []];
  while (placed.length < count) {
    const partner = placed.length > 0 && chance() < crowd ? truths[Math.floor(chance() * truths.length)]! : null;
    // In a crowd every other digit is of its partner's class: those are what NMS can take for one.
    const label = partner && chance() < 0.5 ? partner.label : labels[Math.floor(chance() * labels.length)]!;
    const digit = pool.some(label, chance());
    const height = Math.round(between(...heights));
    const [, , width] = pool.boxOf({ digit, x: 0, y: 0, height });
    let found: Placed | undefined;
    for (let attempt = 0; attempt < tries && !found; attempt += 1) {
      const [x, y] = partner
        ? [partner.box[0] + between(-0.8, 0.8) * width, partner.box[1] + between(-0.8, 0.8) * height].map(Math.round) as [number, number]
        : [Math.round(between(0, side - width)), Math.round(between(0, side - height))];
      const box = pool.boxOf({ digit, x, y, height });
      if (x >= 0 && y >= 0 && box[2] <= side && box[3] <= side && fits(box, truths, partner)) found = { digit, x, y, height };
    }
    // No room any more: the scene has fewer.
    if (!found) break;
    placed.push(found);
    truths.push({ box: pool.boxOf(found), label });
  }
  return { image: draw(pool, placed), placed, truths };
}

function fits(box: Box, truths: readonly Truth[], partner: Truth | null): boolean {
  return truths.every((truth) => {
    const iou = iouOf(box, truth.box);
    if (truth !== partner) return iou < 0.02;
    const apart = Math.hypot(box[0] + box[2] - truth.box[0] - truth.box[2], box[1] + box[3] - truth.box[1] - truth.box[3]) / 2;
    return iou >= crowdIou[0] && iou <= crowdIou[1] && apart >= centresApart;
  });
}

/** The darkest ink of all digits at each pixel. */
export function draw(pool: Pool, placed: readonly Placed[]): Float32Array<ArrayBuffer> {
  const image = new Float32Array(side * side);
  for (const each of placed) {
    const bytes = pool.pictureOf(each.digit);
    const [left, top, , bottom] = pool.inkOf(each.digit);
    const scale = (bottom - top) / each.height;
    // A pixel beyond the box on each side: faint ink of the edge.
    const [x1, y1, x2, y2] = pool.boxOf(each);
    for (let y = Math.max(0, y1 - 1); y < Math.min(side, y2 + 1); y += 1) {
      for (let x = Math.max(0, Math.floor(x1) - 1); x < Math.min(side, Math.ceil(x2) + 1); x += 1) {
        const ink = sample(bytes, left - 0.5 + (x + 0.5 - x1) * scale, top - 0.5 + (y + 0.5 - y1) * scale) / 255;
        if (ink > image[y * side + x]!) image[y * side + x] = ink;
      }
    }
  }
  return image;
}

/** Between the four pixels around, in units of pixels' centres. */
function sample(bytes: Uint8Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [x - left, y - top];
  const at = (column: number, row: number) => (column >= 0 && row >= 0 && column < picture && row < picture ? bytes[row * picture + column]! : 0);
  const upper = at(left, top) * (1 - across) + at(left + 1, top) * across;
  const lower = at(left, top + 1) * (1 - across) + at(left + 1, top + 1) * across;
  return upper * (1 - down) + lower * down;
}
