// The part of the benchmark that runs in a Web Worker of Chromium. Messages: {id, call, …} in,
// {id, value} or {id, error} out.
import { load } from './danlu/index.js';

export const REFERENCE_LAYERS = [
  { type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' },
  { type: 'max_pool2d', size: [2, 2] },
  { type: 'flatten' },
  { type: 'dense', units: 64, activation: 'relu' },
  { type: 'dense', units: 10, activation: 'softmax' },
];
const SAMPLES = 2048;
export const WARM_UP_STEPS = 80;

const sessions = new Map();
const peaks = new Map();

/** Images of noise with a bright band whose height tells the class; the same in every run. */
export function makeData() {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Uint32Array.from({ length: SAMPLES }, (_, i) => i % 10);
  const x = Float32Array.from({ length: SAMPLES * 784 }, (_, i) => {
    const row = Math.floor((i % 784) / 28);
    const bright = Math.floor(row / 3) === labels[Math.floor(i / 784)];
    return 0.6 * random() + (bright ? 0.4 : 0);
  });
  return { x, labels };
}

async function prepare({ variant, batch }) {
  const engine = await load({ variant });
  const model = { input: [28, 28, 1], layers: REFERENCE_LAYERS };
  const session = engine.createSession({ model, batch_size: batch }, 1);
  const { x, labels } = makeData();
  session.setData('train', x, labels);
  session.runSteps(WARM_UP_STEPS);
  sessions.set(`${variant} ${batch}`, session);
}

/** Samples a second of each stretch of 128 samples, for about `ms`. */
function train({ variant, batch, ms }) {
  const session = sessions.get(`${variant} ${batch}`);
  const rates = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const start = performance.now();
    const { samples } = session.runSteps(Math.ceil(128 / batch));
    rates.push((samples / (performance.now() - start)) * 1000);
  }
  return rates;
}

async function preparePeak({ variant, bytes }) {
  const { instance } = await WebAssembly.instantiate(bytes);
  peaks.set(variant, instance.exports.peak);
  instance.exports.peak(2_000_000);
}

/** Turns of the peak loop a second. */
function peak({ variant, turns }) {
  const start = performance.now();
  peaks.get(variant)(turns);
  return (turns / (performance.now() - start)) * 1000;
}

const calls = { prepare, train, preparePeak, peak };

onmessage = async ({ data: { id, call, ...options } }) => {
  try {
    postMessage({ id, value: await calls[call](options) });
  } catch (error) {
    postMessage({ id, error: String(error?.stack ?? error) });
  }
};
