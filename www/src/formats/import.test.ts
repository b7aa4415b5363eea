// Files that real Keras and PyTorch saved (tests/fixtures/record_imports.py), our own exports, and broken files.
import { readFileSync } from 'node:fs';
import { load, type Engine, type RunSpec } from 'danlu';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputsOf, invented, joined, nets } from '../../../tests/fixtures/export_nets.mjs';
import answers from '../../../tests/fixtures/imported/answers.json';
import { exportFiles, exportOne } from './export.ts';
import { FormatFailure } from './failure.ts';
import { importModel } from './import.ts';
import { decodeModel, encodeModel } from './onnx/proto.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../../../tests/fixtures/imported/${name}`, import.meta.url)));
const none: RunSpec['model'] = { input: [1], layers: [{ type: 'dense', units: 1 }] };

function answersOf(name: string, bytes: Uint8Array, inputs: Float32Array[], count: number) {
  const { model, loss, weights } = importModel(name, bytes, none);
  const run = engine.createSession({ model, loss }, 1);
  try {
    run.setWeights(weights);
    return run.predict(joined(inputs, count));
  } finally {
    run.free();
  }
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - b[at]!)));
};

describe('a model that a real library saved answers here as there', () => {
  it.each(Object.entries(answers))('%s', (name, { inputs, outputs }) => {
    expect(distance(answersOf(name, fixture(name), inputs.map((x) => Float32Array.from(x)), 2), outputs)).toBeLessThan(1e-5);
  });
});

function exported(name: string) {
  const spec = nets[name]!;
  const run = engine.createSession(spec, 1);
  const { tensors } = readSafetensors(run.getWeights(), name);
  const weights = writeSafetensors(invented(tensors, 3));
  run.setWeights(weights);
  const inputs = inputsOf(spec);
  const made = { spec, layers: run.layers(), weights };
  const expected = run.predict(joined(inputs));
  run.free();
  return { made, inputs, expected };
}

describe('what was exported comes back', () => {
  it.each(Object.keys(nets))('%s', (name) => {
    const { made, inputs, expected } = exported(name);
    const onnx = exportFiles('onnx', made)['model.onnx']!;
    expect(distance(answersOf('model.onnx', onnx, inputs, 3), expected), 'ONNX').toBeLessThan(1e-5);
    const zip = exportOne('safetensors', made).bytes;
    expect(importModel('model.zip', zip, none)).toMatchObject({ model: made.spec.model, weights: made.weights, turned: false });
  });
});

it('weights alone are taken for the model at hand', () => {
  const { made } = exported('article');
  expect(importModel('w.safetensors', made.weights, made.spec.model)).toMatchObject({ model: made.spec.model, loss: 'categorical_cross_entropy' });
});

/** What went wrong, as code and fields. */
function refused(name: string, bytes: Uint8Array): unknown {
  try {
    return importModel(name, bytes, none);
  } catch (error) {
    return error instanceof FormatFailure ? { code: error.code, ...error.fields } : error;
  }
}

it('what the engine doesn’t know is refused by its name', () => {
  expect(refused('unsupported.keras', fixture('unsupported.keras'))).toMatchObject({ code: 'unsupported', place: 'memory', got: 'LSTM' });
  const lstm = refused('unsupported.onnx', fixture('unsupported.onnx')) as { code: string; place: string };
  expect([lstm.code, lstm.place.split(' ')[0]]).toEqual(['unsupported', 'LSTM']);
  const model = decodeModel(exportFiles('onnx', exported('article').made)['model.onnx']!, 'm');
  const conv = model.graph!.node.find((node) => node.op_type === 'Conv')!;
  conv.attribute.push({ name: 'auto_pad', type: 3, s: strToU8('SAME_LOWER'), f: 0, i: 0, t: undefined, ints: [] });
  expect(refused('m.onnx', encodeModel(model as object))).toEqual({
    code: 'unsupported', file: 'm.onnx', place: 'Conv conv2d, auto_pad', expected: 'NOTSET | VALID | SAME_UPPER', got: 'SAME_LOWER',
  });
  conv.op_type = 'QLinearConv';
  expect(refused('m.onnx', encodeModel(model as object))).toMatchObject({ code: 'unsupported', place: 'QLinearConv conv2d', got: 'QLinearConv' });
});

it('a broken file is told with its place, what was expected and what came', () => {
  expect(refused('a.bin', Uint8Array.of(1, 2, 3))).toEqual({ code: 'malformed', file: 'a.bin', place: '@0', expected: 'ONNX | HDF5 (.h5) | zip (.keras) | safetensors', got: '01 02 03' });
  const onnx = exportFiles('onnx', exported('article').made)['model.onnx']!;
  const cut = refused('cut.onnx', onnx.subarray(0, 700)) as { code: string; file: string; place: string };
  expect(cut).toMatchObject({ code: 'malformed', file: 'cut.onnx', expected: 'ONNX Model' });
  expect(cut.place).toMatch(/^@\d+$/);
  const h5 = fixture('graph.h5');
  expect(refused('cut.h5', h5.subarray(0, 3000))).toMatchObject({ code: 'malformed', file: 'cut.h5', expected: 'HDF5' });
  const files = unzipSync(fixture('graph.keras'));
  expect(refused('b.keras', zipSync({ ...files, 'config.json': strToU8('{') }))).toMatchObject({ code: 'malformed', file: 'b.keras/config.json', expected: 'JSON' });
  const { 'model.weights.h5': _, ...rest } = files;
  expect(refused('c.keras', zipSync(rest))).toMatchObject({ code: 'malformed', place: 'model.weights.h5', got: 'no such entry' });
  const { made } = exported('article');
  const short = made.weights.slice(0, made.weights.length - 4);
  expect(refused('d.safetensors', short)).toMatchObject({ code: 'malformed', file: 'd.safetensors', place: 'dense_1/kernel' });
  const long = made.weights.slice();
  new DataView(long.buffer).setBigUint64(0, 1n << 40n, true);
  expect(refused('e.safetensors', long)).toMatchObject({ code: 'malformed', place: '@0', got: '1099511627776 bytes' });
});

it('a file cut or changed anywhere is refused or read, and nothing else happens', () => {
  const onnx = exportFiles('onnx', exported('article').made)['model.onnx']!;
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const sources = { 'a.onnx': onnx, 'a.keras': fixture('graph.keras'), 'a.safetensors': exported('article').made.weights, 'a.h5': fixture('convolutional.h5') };
  for (const [name, bytes] of Object.entries(sources)) {
    for (let round = 0; round < 40; round += 1) {
      const changed = round % 2 === 0 ? bytes.slice(0, Math.floor(next() * bytes.length)) : bytes.slice();
      if (round % 2 === 1) for (let times = 0; times < 3; times += 1) changed[Math.floor(next() * Math.min(2000, changed.length))] = Math.floor(next() * 256);
      const result = refused(name, changed);
      if (result instanceof Error) throw new Error(`${name}, round ${round}: ${result.stack}`);
    }
  }
});
