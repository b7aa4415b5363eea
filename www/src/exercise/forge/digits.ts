/** A small set of the page's digits, each halved to 14 × 14, packed for Python. */
import type { Packed } from './assemble.ts';

const TRAIN = 1000;
const HELD_OUT = 300;
const SIDE = 28;
const HALF = SIDE / 2;

/** The bytes of an IDX file after its head, gunzipped where it still is gzipped. */
export async function bodyOf(file: ArrayBuffer): Promise<Uint8Array> {
  const [first, second] = new Uint8Array(file, 0, 2);
  const stream = new Blob([file]).stream();
  const plain = first === 0x1f && second === 0x8b ? stream.pipeThrough(new DecompressionStream('gzip')) : stream;
  const bytes = new Uint8Array(await new Response(plain).arrayBuffer());
  return bytes.subarray(4 + 4 * bytes[3]!);
}

/** The mean of each 2 × 2 pixels. */
function halved(images: Uint8Array, from: number, count: number): Uint8Array<ArrayBuffer> {
  const small = new Uint8Array(count * HALF * HALF);
  for (let image = 0; image < count; image += 1) {
    for (let row = 0; row < HALF; row += 1) {
      for (let column = 0; column < HALF; column += 1) {
        const at = ((from + image) * SIDE + 2 * row) * SIDE + 2 * column;
        const sum = images[at]! + images[at + 1]! + images[at + SIDE]! + images[at + SIDE + 1]!;
        small[(image * HALF + row) * HALF + column] = Math.round(sum / 4);
      }
    }
  }
  return small;
}

async function packedBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const deflated = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  let text = '';
  for (const byte of new Uint8Array(await new Response(deflated).arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
}

export async function pack(imageFile: ArrayBuffer, labelFile: ArrayBuffer): Promise<Packed> {
  const [images, labels] = await Promise.all([bodyOf(imageFile), bodyOf(labelFile)]);
  // The files' order is fixed; the end of it is nowhere trained on here.
  const last = labels.length - HELD_OUT;
  const [trainImages, trainLabels, heldImages, heldLabels] = await Promise.all([
    packedBytes(halved(images, 0, TRAIN)), packedBytes(labels.slice(0, TRAIN)),
    packedBytes(halved(images, last, HELD_OUT)), packedBytes(labels.slice(last)),
  ]);
  return { trainImages, trainLabels, heldImages, heldLabels };
}

export async function fetchPacked(): Promise<Packed> {
  const files = ['mnist-images.idx.gz', 'mnist-labels.idx.gz'].map(async (name) => {
    const response = await fetch(new URL(`data/${name}`, document.baseURI));
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.arrayBuffer();
  });
  const [images, labels] = await Promise.all(files);
  return pack(images!, labels!);
}
