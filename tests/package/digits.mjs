// What the package's tests train on: the page's digits and the reference network.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const read = (name) => readFileSync(resolve(root, `build/data/mnist-${name}.idx.gz`));
// Says 'up to date' when there is nothing to do.
execFileSync(process.execPath, [resolve(root, 'www/scripts/mnist.mjs')]);

/** The reference network, with Keras's defaults. */
export const SPEC = {
  model: {
    input: [28, 28, 1],
    layers: [
      { type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' },
      { type: 'max_pool2d', size: [2, 2] },
      { type: 'flatten' },
      { type: 'dense', units: 64, activation: 'relu' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
};

/** Images in [0, 1] and labels of some samples of the files. */
function pick({ images, labels }, samples) {
  const pixels = 28 * 28;
  const x = new Float32Array(samples.length * pixels);
  samples.forEach((sample, at) => {
    const image = images.data.subarray(sample * pixels, (sample + 1) * pixels);
    image.forEach((value, pixel) => (x[at * pixels + pixel] = value / 255));
  });
  return { x, labels: Uint32Array.from(samples, (sample) => labels.data[sample]) };
}

/** 8,000 digits to train on and 2,000 held out. */
export function digits(engine) {
  const files = { images: engine.parseIdx(read('images')), labels: engine.parseIdx(read('labels')) };
  const { train, heldOut } = engine.stratifiedSplit(files.labels.data, 0.2, 1);
  return { files, train: pick(files, train), validation: pick(files, heldOut) };
}

/** A session on those digits. */
export function digitSession(engine, seed, spec = SPEC) {
  const session = engine.createSession(spec, seed);
  const { train, validation } = digits(engine);
  session.setData('train', train.x, train.labels);
  session.setData('validation', validation.x, validation.labels);
  return session;
}
