// The part of the benchmark that runs in a Web Worker of Chromium. Messages: {id, call, …} in,
// {id, value} or {id, error} out.
import { load } from './danlu/index.js';
import { makeData, REFERENCE_LAYERS, WARM_UP_STEPS } from './net.js';

const sessions = new Map();
const peaks = new Map();

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
