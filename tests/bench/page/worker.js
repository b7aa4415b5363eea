// The part of the benchmark that runs in a Web Worker of Chromium. Messages: {id, call, …} in,
// {id, value} or {id, error} out. It measures seconds; what they mean is said in Node.
import { load } from './danlu/index.js';
import { createTeam } from './danlu/team.js';
import { makeData, MODELS, WARM_UP_STEPS } from './nets.js';

/** By key: { step(count), predict(x) }, a session, a team or the eager tape. */
const runs = new Map();
/** By key: what a kernel or the peak loop runs, `count` times. */
const loops = new Map();
const kernelModules = new Map();
const samples = new Map();

const bytesOf = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
  return response.arrayBuffer();
};

function dataFor(net, count) {
  const key = `${net} ${count}`;
  if (!samples.has(key)) samples.set(key, makeData(MODELS[net].input, count));
  return samples.get(key);
}

const specOf = (net, batch) => ({ model: MODELS[net], batch_size: batch });

/** Keeps what `open` made, after the steps that warm it up. */
async function keep(key, run, warmUp = WARM_UP_STEPS) {
  if (warmUp > 0) await run.step(warmUp);
  runs.set(key, run);
}

const calls = {
  /** A session; `trains` says whether it gets data and warms up. */
  async openSession({ key, variant, net, batch, trains }) {
    const engine = await load({ variant });
    const session = engine.createSession(specOf(net, batch), 1);
    if (trains) {
      const { x, labels } = dataFor(net, 2048);
      session.setData('train', x, labels);
    }
    const memory = async () => (await engine.raw()).memory.buffer.byteLength;
    const run = { step: (count) => session.runSteps(count), predict: (x) => session.predict(x), memory };
    await keep(key, run, trains ? WARM_UP_STEPS : 0);
  },

  async openTeam({ key, variant, net, batch, options }) {
    const team = await createTeam(specOf(net, batch), 1, { variant, ...options });
    const { x, labels } = dataFor(net, 2048);
    await team.setData('train', x, labels);
    await keep(key, { step: (count) => team.runSteps(count) });
  },

  /** The eager tape on the reference net; see ../eager. */
  async openEager({ key, variant, batch }) {
    const { createGlue } = await import(`./eager/${variant}.js`);
    const glue = createGlue();
    const exports = await glue({ module_or_path: await bytesOf(`./eager/${variant}.wasm`) });
    const { x, labels } = dataFor('reference', 2048);
    const run = new glue.EagerRun(batch, x, labels);
    await keep(key, { step: (count) => run.step(count), memory: () => exports.memory.buffer.byteLength });
  },

  /**
   * Seconds of each stretch of `count` steps, for about `ms` and at least one stretch.
   */
  async timeSteps({ key, count, ms }) {
    const run = runs.get(key);
    return stretches(ms, () => run.step(count));
  },

  /** Seconds of each stretch of `count` predictions of a batch, divided by `count`. */
  async timePredict({ key, net, batch, count, ms }) {
    const run = runs.get(key);
    const { x } = dataFor(net, batch);
    const seconds = await stretches(ms, () => {
      for (let k = 0; k < count; k++) run.predict(x);
    });
    return seconds.map((time) => time / count);
  },

  /** Bytes of the engine's memory after each of some numbers of steps. */
  async memoryAfter({ key, counts }) {
    const run = runs.get(key);
    const found = [];
    for (const count of counts) {
      await run.step(count);
      found.push(await run.memory());
    }
    return found;
  },

  async openPeak({ key, bytes }) {
    const { instance } = await WebAssembly.instantiate(Uint8Array.from(bytes));
    loops.set(key, instance.exports.peak);
    instance.exports.peak(2_000_000);
  },

  /** The kernels of a variant: { index, name, flop, elements }; see ../kernels. */
  async openKernels({ variant }) {
    const { instance } = await WebAssembly.instantiate(await bytesOf(`./kernels/${variant}.wasm`));
    const kernels = instance.exports;
    kernelModules.set(variant, kernels);
    const text = (at, length) => new TextDecoder().decode(new Uint8Array(kernels.memory.buffer, at, length));
    return Array.from({ length: kernels.count() }, (_, index) => ({
      index,
      name: text(kernels.name(index), kernels.name_len(index)),
      flop: kernels.flop(index),
      elements: kernels.elements(index),
    }));
  },

  /** Makes one kernel ready, and says how often it runs in `ms`. */
  prepareKernel({ key, variant, index, ms }) {
    const kernels = kernelModules.get(variant);
    kernels.prepare(index);
    loops.set(key, kernels.run);
    let count = 1;
    while (secondsOf(() => kernels.run(count)) * 1000 < ms) count *= 2;
    return count;
  },

  /** Seconds of one turn of a loop, over `count` turns. */
  timeLoop({ key, count }) {
    const loop = loops.get(key);
    return secondsOf(() => loop(count)) / count;
  },
};

function secondsOf(action) {
  const start = performance.now();
  action();
  return (performance.now() - start) / 1000;
}

async function stretches(ms, action) {
  const seconds = [];
  const end = performance.now() + ms;
  do {
    const start = performance.now();
    // A turn of the event loop is only for what needs one.
    const answer = action();
    if (answer instanceof Promise) await answer;
    seconds.push((performance.now() - start) / 1000);
  } while (performance.now() < end);
  return seconds;
}

onmessage = async ({ data: { id, call, ...options } }) => {
  try {
    postMessage({ id, value: await calls[call](options) });
  } catch (error) {
    postMessage({ id, error: String(error?.stack ?? error) });
  }
};
