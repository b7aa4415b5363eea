// Images by class: a class is the folder in which its images lie; train/ and test/ may stand above.
import { Refused } from '../failure.ts';
import { named, type Raw } from './arrays.ts';
import type { PictureOptions, Skipped } from './protocol.ts';

export interface Picture {
  path: string;
  blob(): Promise<Blob>;
}

export const isPicture = (path: string) => /\.(png|jpe?g|webp|gif|bmp|avif)$/i.test(path);

const decodedAtOnce = 6;
const isTestFolder = (name: string) => /^(test|testing|val|valid|validation)$/i.test(name);
const isTrainFolder = (name: string) => /^(train|training)$/i.test(name);

/** `…/test/cat/1.png` → cat, for tests. Undefined where no folder names a class. */
export function placeOf(path: string): { name: string; test: boolean } | undefined {
  const folders = path.split('/').slice(0, -1).filter(Boolean);
  const name = folders.at(-1);
  if (name === undefined || isTestFolder(name) || isTrainFolder(name)) return undefined;
  return { name, test: folders.slice(0, -1).some(isTestFolder) };
}

/** Weights of Rec. 601, as image programs make grey. */
export function greyOf(rgba: Uint8ClampedArray, into: Uint8Array, from: number) {
  for (let at = 0, to = from; at < rgba.length; at += 4, to += 1) {
    into[to] = Math.round(0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!);
  }
}

export function coloursOf(rgba: Uint8ClampedArray, into: Uint8Array, from: number) {
  for (let at = 0, to = from; at < rgba.length; at += 4, to += 3) {
    into[to] = rgba[at]!;
    into[to + 1] = rgba[at + 1]!;
    into[to + 2] = rgba[at + 2]!;
  }
}

/** Decodes one into `side` × `side` pixels: its middle, whole in the shorter direction. */
async function decode(blob: Blob, side: number, context: OffscreenCanvasRenderingContext2D): Promise<Uint8ClampedArray> {
  const whole = await createImageBitmap(blob);
  const shorter = Math.min(whole.width, whole.height);
  const [left, top] = [Math.floor((whole.width - shorter) / 2), Math.floor((whole.height - shorter) / 2)];
  const small = shorter === side && whole.width === whole.height ? whole : await createImageBitmap(whole, left, top, shorter, shorter, { resizeWidth: side, resizeHeight: side, resizeQuality: 'high' });
  // What is transparent is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.drawImage(small, 0, 0);
  whole.close();
  if (small !== whole) small.close();
  return context.getImageData(0, 0, side, side).data;
}

export async function readPictures(
  pictures: readonly Picture[],
  { side, colour }: PictureOptions,
  tell: (done: number, file: string) => void,
): Promise<{ raw: Raw; skipped: Skipped[] }> {
  if (typeof OffscreenCanvas === 'undefined') throw new Refused('data_no_canvas', {});
  const places = pictures.map(({ path }) => placeOf(path));
  const homeless = places.indexOf(undefined);
  if (homeless >= 0) throw new Refused('data_no_folder', { file: pictures[homeless]!.path });
  const names = [...new Set(places.map((place) => place!.name))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (names.length < 2) throw new Refused('data_one_class', { name: names[0] ?? '' });

  const channels = colour ? 3 : 1;
  const width = side * side * channels;
  // Training first; within a part by path, so that the same folder is the same set wherever it was dropped.
  const order = pictures.map((_, at) => at).sort((a, b) => Number(places[a]!.test) - Number(places[b]!.test) || (pictures[a]!.path < pictures[b]!.path ? -1 : 1));
  const values = new Uint8Array(order.length * width);
  const good = new Uint8Array(order.length);
  const skipped: Skipped[] = [];
  let next = 0;
  let done = 0;
  async function work() {
    const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
    while (next < order.length) {
      const to = next++;
      const { path, blob } = pictures[order[to]!]!;
      try {
        const rgba = await decode(await blob(), side, context);
        (colour ? coloursOf : greyOf)(rgba, values, to * width);
        good[to] = 1;
      } catch (error) {
        // A damaged archive is another matter than a picture that is none.
        if (error instanceof Refused) throw error;
        skipped.push({ path, code: 'data_not_an_image' });
      }
      tell((done += 1), path);
    }
  }
  await Promise.all(Array.from({ length: decodedAtOnce }, work));

  const kept = order.flatMap((_, to) => (good[to] ? [to] : []));
  if (kept.length === 0) throw new Refused('data_nothing_decoded', { n: skipped.length, file: skipped[0]?.path ?? '' });
  const samples = new Uint8Array(kept.length * width);
  kept.forEach((from, to) => samples.set(values.subarray(from * width, (from + 1) * width), to * width));
  const labels = Uint32Array.from(kept, (at) => names.indexOf(places[order[at]!]!.name));
  const tests = kept.findIndex((at) => places[order[at]!]!.test);
  const testFrom = tests <= 0 ? kept.length : tests;
  skipped.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { raw: named({ shape: [side, side, channels], values: samples, labels, testFrom }, names), skipped };
}
