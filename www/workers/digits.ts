// The real handwritten digits: fetched once, split into those to train on and those held out.
import type { Engine } from 'danlu';

export const pixels = 28 * 28;
/** The split never changes with a run's seed, so that a held-out digit is never trained on, whichever run goes on. */
const splitSeed = 1;
const heldOutFraction = 0.2;

export interface Digits {
  count: number;
  /** [count][28·28], 0 paper to 255 ink. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The same, 0 to 1. */
  images: Float32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
}

export interface Split {
  train: Digits;
  heldOut: Digits;
}

export class DownloadFailure extends Error {
  override name = 'DownloadFailure';

  constructor(
    readonly file: string,
    readonly status: number,
  ) {
    super(`${file}: ${status}`);
  }
}

export async function fetchBytes(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  const file = address.pathname.slice(address.pathname.lastIndexOf('/') + 1);
  const response = await fetch(address).catch(() => undefined);
  if (!response?.ok) throw new DownloadFailure(file, response?.status ?? 0);
  return new Uint8Array(await response.arrayBuffer());
}

/** `base` is the page's own address. */
export async function fetchDigits(base: string): Promise<[Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]> {
  return Promise.all([
    fetchBytes(new URL('data/mnist-images.idx.gz', base)),
    fetchBytes(new URL('data/mnist-labels.idx.gz', base)),
  ]);
}

export function splitDigits(engine: Engine, imageFile: Uint8Array, labelFile: Uint8Array): Split {
  const { data: bytes } = engine.parseIdx(imageFile);
  const { data: labels } = engine.parseIdx(labelFile);
  const split = engine.stratifiedSplit(Uint32Array.from(labels), heldOutFraction, splitSeed);
  return { train: gather(bytes, labels, split.train), heldOut: gather(bytes, labels, split.heldOut) };
}

function gather(bytes: Uint8Array, labels: Uint8Array, indices: Uint32Array): Digits {
  const picked: Digits = {
    count: indices.length,
    bytes: new Uint8Array(indices.length * pixels),
    images: new Float32Array(indices.length * pixels),
    labels: new Uint32Array(indices.length),
  };
  indices.forEach((from, to) => {
    picked.bytes.set(bytes.subarray(from * pixels, (from + 1) * pixels), to * pixels);
    picked.labels[to] = labels[from]!;
  });
  picked.bytes.forEach((ink, at) => (picked.images[at] = ink / 255));
  return picked;
}
