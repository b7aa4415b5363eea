// Exported networks against what real onnxruntime, PyTorch and Keras made of them (tests/fixtures/record_exports.mjs).
import { createHash } from 'node:crypto';
import { load, type Engine, type RunSpec, type Session } from 'danlu';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputsOf, invented, joined, nets, trained, trainedInOrder } from '../../../tests/fixtures/export_nets.mjs';
import recorded from '../../../tests/fixtures/exported_models.json';
import { exportFiles, exportOne } from './export.ts';
import { FormatFailure } from './failure.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

type Libraries = 'onnx' | 'torch' | 'keras';
type Recorded = Record<Libraries | 'engine', number[]> & { files: Record<Libraries, Record<string, string>>; trained?: Record<string, number[]> };
const records = recorded as unknown as Record<string, Recorded>;
const specs = nets as unknown as Record<string, RunSpec>;

function session(name: string): { run: Session; weights: Uint8Array } {
  const run = engine.createSession(specs[name]!, 1);
  const { tensors } = readSafetensors(run.getWeights(), name);
  const weights = writeSafetensors(invented(tensors, 3));
  run.setWeights(weights);
  return { run, weights };
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - b[at]!)));
};

describe.each(Object.keys(nets))('%s', (name) => {
  it('answers in real libraries as in the engine, and is exported as it was for them', () => {
    const { run, weights } = session(name);
    const answers = run.predict(joined(inputsOf(specs[name]!)));
    for (const library of ['onnx', 'torch', 'keras'] as const) {
      expect(distance(answers, records[name]![library]), library).toBeLessThan(1e-5);
      const files = exportFiles(library, { spec: specs[name]!, layers: run.layers(), weights });
      const hashes = Object.fromEntries(Object.entries(files).map(([file, bytes]) => [file, hash(bytes)]));
      expect(hashes, `${library}: run tests/fixtures/record_exports.mjs again`).toEqual(records[name]!.files[library]);
    }
    run.free();
  });
});

it.each(trained)('%s is trained by the exported programs as by the engine', (name) => {
  const { run } = session(name);
  trainedInOrder(run, specs[name]!);
  const answers = run.predict(joined(inputsOf(specs[name]!)));
  const programs = records[name]!.trained!;
  // Keras on TensorFlow trains an embedding otherwise (see record_exports.py).
  const embeds = JSON.stringify(specs[name]).includes('"embedding"');
  expect(Object.keys(programs).sort()).toEqual(['engine', ...(embeds ? [] : ['keras']), 'torch', 'torchrun']);
  for (const [program, theirs] of Object.entries(programs)) expect(distance(answers, theirs), program).toBeLessThan(1e-4);
  // It did train: the answers are others than before.
  expect(distance(answers, records[name]!.engine)).toBeGreaterThan(1e-3);
  run.free();
});

it('one file is the same bytes every time', () => {
  const { run, weights } = session('article');
  const made = () => exportOne('all', { spec: specs['article']!, layers: run.layers(), weights });
  expect(made().ending).toBe('zip');
  expect(hash(made().bytes)).toBe(hash(made().bytes));
  run.free();
});

it('what a format has no words for is refused by the layer’s name', () => {
  const spec = { ...specs['lenet']!, model: { input: [8, 8, 1], layers: [{ type: 'conv2d', name: 'far', filters: 1, kernel: [2, 2], stride: [2, 2], dilation: [2, 2] }] } } as RunSpec;
  const run = engine.createSession(spec, 1);
  const made = { spec, layers: run.layers(), weights: run.getWeights() };
  const refused = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return error instanceof FormatFailure ? { code: error.code, ...error.fields } : error;
    }
    return undefined;
  };
  expect(refused(() => exportFiles('keras', made))).toEqual({ code: 'unsayable', format: 'Keras', place: 'far', what: 'stride > 1 + dilation > 1' });
  const cycle = { ...made, spec: { ...specs['lenet']!, schedule: 'one_cycle' } as RunSpec, ...(({ layers, weights }) => ({ layers, weights }))(trainedPieces('lenet')) };
  expect(refused(() => exportFiles('keras', cycle))).toMatchObject({ code: 'unsayable', place: 'schedule', what: 'cycle_momentum' });
  run.free();
});

function trainedPieces(name: string) {
  const { run, weights } = session(name);
  return { layers: run.layers(), weights };
}
