// Trains the small network that the lab's fine-tuning room starts from: build/data/base.safetensors, and base.json with
// its layers and how it was made.
//
// It knows the digits 0 to 4 of the page's training part and never sees another: 5 to 9 are the new task. It tells which
// digit and by how many quarter turns it lies, twenty classes in all, because five upright digits alone teach features
// that serve little else (turns as a task: Gidaris, Singh, Komodakis 2018, "Unsupervised representation learning by
// predicting image rotations"). Exact mode and fixed seeds: the bytes are the same on every machine.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from '../../pkg-config/pkg/index.js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = [0, 1, 2, 3, 4];
const TURNS = 4;
const STEPS = 1000;
const BATCH = 32;
const RATE = 0.002;
const SEED = 1;

const script = fileURLToPath(import.meta.url);
const repository = resolve(dirname(script), '../..');
const folder = resolve(repository, 'build/data');
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** Three blocks; each convolution without a bias, because the batch norm behind it has one. */
function baseLayers() {
  return [16, 32, 64].flatMap((filters, at) => {
    const name = (part) => `block${at + 1}_${part}`;
    return [
      { type: 'conv2d', name: name('conv'), filters, kernel: [3, 3], padding: 'same', use_bias: false, init: 'he_normal' },
      { type: 'batch_normalization', name: name('bn'), momentum: 0.9 },
      { type: 'relu', name: name('relu') },
      ...(at < 2 ? [{ type: 'max_pool2d', name: name('pool'), size: [2, 2] }] : []),
    ];
  });
}

/** A picture turned by quarter turns against the clock, and its class. */
function turned(images, labels, samples) {
  const count = samples.length * TURNS;
  const x = new Float32Array(count * PIXELS);
  const y = new Uint32Array(count);
  samples.forEach((sample, at) => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const place = at * TURNS + turn;
      y[place] = CLASSES.indexOf(labels[sample]) + CLASSES.length * turn;
      for (let row = 0; row < SIDE; row += 1) {
        for (let column = 0; column < SIDE; column += 1) {
          let [r, c] = [row, column];
          for (let again = 0; again < turn; again += 1) [r, c] = [c, SIDE - 1 - r];
          x[place * PIXELS + row * SIDE + column] = images[sample * PIXELS + r * SIDE + c] / 255;
        }
      }
    }
  });
  return { x, y };
}

/** The arrays of a safetensors file with these names' beginnings, as a file of their own. */
function partOf(file, layers) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const entries = JSON.parse(Buffer.from(file.subarray(8, 8 + length)).toString());
  const header = {};
  const parts = [];
  let end = 0;
  for (const layer of layers) {
    for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(entries)) {
      if (!name.startsWith(`${layer}/`)) continue;
      header[name] = { dtype, shape, data_offsets: [end, end + to - from] };
      parts.push(file.subarray(8 + length + from, 8 + length + to));
      end += to - from;
    }
  }
  let text = JSON.stringify(header);
  text += ' '.repeat((8 - (text.length % 8)) % 8);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, Buffer.from(text), ...parts]);
}

async function train(images, labels) {
  const engine = await load({ variant: 'simd' });
  const base = baseLayers();
  const split = engine.stratifiedSplit(Uint32Array.from(labels), 0.2, 1); // As the page splits them.
  const known = (samples) => samples.filter((sample) => CLASSES.includes(labels[sample]));
  const layers = [...base, { type: 'global_avg_pool2d', name: 'gap' }, { type: 'dense', name: 'answer', units: CLASSES.length * TURNS, activation: 'softmax' }];
  const session = engine.createSession(
    {
      model: { input: [SIDE, SIDE, 1], layers },
      optimizer: { type: 'adam', learning_rate: RATE },
      schedule: { type: 'cosine', decay_steps: STEPS },
      batch_size: BATCH,
    },
    SEED,
  );
  const training = turned(images, labels, known(split.train));
  const heldOut = turned(images, labels, known(split.heldOut));
  session.setData('train', training.x, training.y);
  session.setData('validation', heldOut.x, heldOut.y);
  session.runSteps(STEPS);
  const { accuracy } = session.evaluate();
  const parameters = session.layers().filter(({ name }) => name.startsWith('block')).reduce((sum, layer) => sum + layer.parameters, 0);
  const weights = partOf(session.getWeights(), base.map(({ name }) => name));
  return {
    weights,
    about: {
      model: { input: [SIDE, SIDE, 1], layers: base },
      parameters,
      made: { classes: CLASSES, turns: TURNS, digits: training.y.length / TURNS, steps: STEPS, batch_size: BATCH, rate: RATE, seed: SEED, accuracy },
      sha256: sha256(weights),
    },
  };
}

const engine = readFileSync(resolve(repository, 'pkg-config/pkg/danlu_simd.wasm'));
const [imageFile, labelFile] = ['images', 'labels'].map((name) => readFileSync(resolve(folder, `mnist-${name}.idx.gz`)));
const [weightsPath, aboutPath] = ['base.safetensors', 'base.json'].map((name) => resolve(folder, name));
const from = sha256(readFileSync(script), engine, imageFile, labelFile);

function isMade() {
  if (!existsSync(aboutPath) || !existsSync(weightsPath)) return false;
  const about = JSON.parse(readFileSync(aboutPath, 'utf8'));
  return about.from === from && about.sha256 === sha256(readFileSync(weightsPath));
}

if (isMade()) {
  console.log('base: up to date');
} else {
  console.log('base: training the network that fine-tuning starts from, some twenty seconds');
  const { parseIdx } = await load({ variant: 'simd' }).then((reader) => ({ parseIdx: (file) => reader.parseIdx(file).data }));
  const { weights, about } = await train(parseIdx(imageFile), parseIdx(labelFile));
  writeFileSync(weightsPath, weights);
  writeFileSync(aboutPath, `${JSON.stringify({ ...about, from }, null, 1)}\n`);
  console.log(`base: ${weights.length} bytes, ${(100 * about.made.accuracy).toFixed(1)} % of ${about.made.turns * about.made.classes.length} classes, SHA-256 ${about.sha256}`);
}
