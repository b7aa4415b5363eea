// Whether many steps grow anything: the engine's memory, in pages of wasm, and the arrays and tensors that
// are alive, after a warm-up and after the steps.
//
//   node tests/package/steady.mjs [--steps 10000] [--variant simd]
//
// Needs `make wasm`. Prints a line for a session and one for the tape, and fails where one grew. The tests
// of the package run fewer steps (tests/package/steady.test.mjs).
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from '../../pkg-config/pkg/index.js';

const PAGE = 65_536;
const WARM_UP = 100;
const FLOAT64 = 3;

/** An engine of its own, and a look at how much it holds. */
async function freshEngine(variant) {
  let memory;
  const watched = (raw) =>
    new Proxy(raw, {
      async apply(start, self, args) {
        const exports = await Reflect.apply(start, self, args);
        memory = exports.memory;
        return exports;
      },
    });
  const glue = async (name) => {
    const { createGlue } = await import(`../../pkg-config/pkg/danlu_${name}.js`);
    return { createGlue: () => watched(createGlue()) };
  };
  const engine = await load({ variant, glue });
  return { engine, held: () => ({ pages: memory.buffer.byteLength / PAGE }) };
}

/** The module of Python, and how much it holds. */
async function freshPython() {
  const file = (name) => new URL(`../../pkg-config/pkg/danlu_python.${name}`, import.meta.url);
  const { createGlue } = await import(file('js'));
  const raw = createGlue();
  const { memory } = raw.initSync({ module: await readFile(file('wasm')) });
  const held = () => ({ pages: memory.buffer.byteLength / PAGE, arrays: raw.np_live(), tensors: raw.ag_live() });
  return { raw, held };
}

/** What is held after the warm-up and after as many steps as asked for. */
function watch(held, step, steps) {
  for (let done = 0; done < WARM_UP; done++) step(done);
  const before = held();
  for (let done = 0; done < steps; done++) step(done);
  return { before, after: held() };
}

/** Trains a small net with every kind of layer, and asks it and its weights now and then. */
export async function sessionHolds(variant, steps) {
  const { engine, held } = await freshEngine(variant);
  const spec = {
    model: {
      input: [10, 10, 1],
      layers: [
        { type: 'conv2d', filters: 4, kernel: [3, 3], activation: 'relu' },
        { type: 'max_pool2d', size: [2, 2] },
        { type: 'flatten' },
        { type: 'dense', units: 8, activation: 'relu' },
        { type: 'dense', units: 3, activation: 'softmax' },
      ],
    },
    batch_size: 8,
    augment: { shift: 1, rotate_deg: 5, zoom: 0.1 },
  };
  const session = engine.createSession(spec, 1);
  const x = Float32Array.from({ length: 50 * 100 }, (_, at) => ((at * 7919) % 256) / 256);
  const labels = Uint32Array.from({ length: 50 }, (_, sample) => sample % 3);
  session.setData('train', x, labels);
  const result = watch(
    held,
    (step) => {
      session.runSteps(1);
      session.trainBatch(x.subarray(0, 800), labels.subarray(0, 8));
      if (step % 25 > 0) return;
      session.evaluate('train');
      session.predict(x.subarray(0, 200));
      session.setWeights(session.getWeights());
    },
    steps,
  );
  session.free();
  return result;
}

/** Trains two dense layers op by op, as Python does. */
export async function tapeHolds(steps) {
  const { raw, held } = await freshPython();
  const array = (shape, scale) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float64Array.from({ length: count }, (_, at) => (((at * 7919) % 256) / 128 - 1) * scale);
    raw.np_numbers(shape.length, ...shape, ...Array(6 - shape.length).fill(0));
    return raw.np_from_bytes(FLOAT64, new Uint8Array(values.buffer));
  };
  const tensor = (kind, shape, scale) => {
    const handle = array(shape, scale);
    const made = raw[kind](handle);
    raw.np_free(handle);
    return made;
  };
  const x = tensor('ag_constant', [6, 5], 1);
  const rate = tensor('ag_constant', [1], 0.1);
  let parameters = [[5, 4], [4], [4, 3], [3]].map((shape) => tensor('ag_parameter', shape, 0.5));
  const result = watch(
    held,
    () => {
      const temporary = [];
      const call = (name, inputs, settings = {}) => {
        temporary.push(raw.ag_call(name, inputs, JSON.stringify(settings)));
        return temporary.at(-1);
      };
      const [w1, b1, w2, b2] = parameters;
      const hidden = call('relu', [call('dense', [x, w1, b1])]);
      const loss = call('cross_entropy', [call('dense', [hidden, w2, b2])], { labels: [0, 1, 2, 0, 1, 2] });
      raw.np_numbers(0, 0, 0, 0, 0, 0, 0);
      const one = raw.np_full(1, FLOAT64);
      const gradients = [...raw.ag_vjp(loss, one, parameters)];
      raw.np_free(one);
      parameters = parameters.map((parameter, index) => {
        temporary.push(parameter, raw.ag_constant(gradients[index]));
        raw.np_free(gradients[index]);
        const change = call('mul', [temporary.at(-1), rate]);
        const value = raw.ag_value(call('sub', [parameter, change]));
        const updated = raw.ag_parameter(value);
        raw.np_free(value);
        return updated;
      });
      temporary.forEach((handle) => raw.ag_free(handle));
    },
    steps,
  );
  return result;
}

const told = (held) => Object.entries(held).map(([what, count]) => `${count} ${what}`).join(', ');

async function main() {
  const { values } = parseArgs({
    options: { steps: { type: 'string', default: '10000' }, variant: { type: 'string', default: 'simd' } },
  });
  const [variant, steps] = [values.variant, Number(values.steps)];
  for (const [name, holds] of [
    ['session', () => sessionHolds(variant, steps)],
    ['tape', () => tapeHolds(steps)],
  ]) {
    const { before, after } = await holds();
    console.log(`${name}: ${told(before)} after ${WARM_UP} steps, ${told(after)} after ${steps} more`);
    if (told(before) !== told(after)) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
