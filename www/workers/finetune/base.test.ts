// A base out of a file: what of it is taken, what is refused, and that kept features train as a base that answers anew.
import { load, type ChainSpec, type Engine, type GraphSpec, type LayerSpec } from 'danlu';
import { beforeAll, expect, it } from 'vitest';
import { Shelf } from '../lab/data.ts';
import type { Dataset, Part } from '../lab/protocol.ts';
import { baseOfFile, chainOf, withoutTop } from './base.ts';
import { Finetune } from './finetune.ts';
import type { BaseFile, FinetuneEvent, Trial } from './protocol.ts';
import { Samples } from './samples.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

const conv = (name: string, filters: number): LayerSpec => ({ type: 'conv2d', name, filters, kernel: [3, 3], padding: 'same', activation: 'relu' });
const pool = (name: string): LayerSpec => ({ type: 'max_pool2d', name, size: [2, 2] });
/** As VGG16 in small, with a top. */
const small: ChainSpec = {
  input: [32, 32, 3],
  layers: [
    conv('block1_conv1', 4), conv('block1_conv2', 4), pool('block1_pool'),
    conv('block2_conv1', 8), pool('block2_pool'),
    { type: 'flatten', name: 'flatten' }, { type: 'dense', name: 'fc1', units: 6 },
  ],
};

function fileOf(model: BaseFile['model'], pixels: BaseFile['pixels'] = 'caffe'): BaseFile {
  const session = engine.createSession({ model, loss: 'mean_squared_error' }, 3);
  const weights = new Uint8Array(session.getWeights());
  session.free();
  return { name: 'small.h5', model, weights, pixels };
}

/** Coloured 10 × 6 pictures of three classes, each brighter in one channel. */
function pictures(): Dataset {
  const part = (count: number): Part => {
    const x = new Float32Array(count * 180);
    for (let at = 0; at < x.length; at += 1) {
      const [sample, channel] = [Math.floor(at / 180), at % 3];
      x[at] = 0.25 * (1 + Math.sin(at * 1.7)) + (channel === sample % 3 ? 0.5 : 0);
    }
    return { count, x, labels: Uint32Array.from({ length: count }, (_, at) => at % 3) };
  };
  return { ref: { name: 'own', hash: 'h' }, shape: [10, 6, 3], classes: ['a', 'b', 'c'], train: part(24), heldOut: part(12) };
}

it('the top is left out, and a straight graph is a chain', () => {
  expect(withoutTop(small.layers).map(({ name }) => name)).toEqual(['block1_conv1', 'block1_conv2', 'block1_pool', 'block2_conv1', 'block2_pool']);
  const nodes = small.layers.map((layer, at) => ({ ...layer, inputs: [at === 0 ? 'image' : small.layers[at - 1]!.name!] })) as GraphSpec['nodes'];
  const graph: GraphSpec = { inputs: [{ name: 'image', shape: [32, 32, 3] }], nodes: nodes.toReversed(), output: 'fc1' };
  expect(chainOf('x', graph)).toEqual(small);
  const base = baseOfFile(engine, fileOf(graph), 16);
  expect(base.model.input).toEqual([16, 16, 3]);
  expect([...base.weights.keys()].every((name) => name.startsWith('block'))).toBe(true);
});

it('what cannot be a base says why', () => {
  const refused = (model: BaseFile['model'], side = 16) => {
    try {
      baseOfFile(engine, fileOf(model), side);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'taken';
  };
  expect(refused({ input: [8], layers: [{ type: 'dense', units: 2 }] })).toBe('finetune_no_images');
  expect(refused({ input: [8, 8, 2], layers: [conv('a', 2)] })).toBe('finetune_channels');
  expect(refused({ input: [8, 8, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 2 }] })).toBe('finetune_no_convolution');
  expect(refused(small, 2)).toBe('finetune_too_small');
  const branched: GraphSpec = {
    inputs: [{ name: 'image', shape: [8, 8, 1] }],
    nodes: [{ ...conv('a', 2), inputs: ['image'] }, { ...conv('b', 2), inputs: ['a'] }, { type: 'add', name: 'sum', inputs: ['a', 'b'] }],
    output: 'sum',
  };
  expect(refused(branched)).toBe('finetune_no_chain');
  expect(refused(small)).toBe('taken');
});

it('a picture reaches VGG16 as Keras’s preprocess_input gives it: blue first, about the mean colour', () => {
  const samples = new Samples(pictures(), [10, 6, 3], 'caffe', 12);
  const written = new Float32Array(180);
  samples.write('train', 4, written, 0);
  const { x } = pictures().train;
  const [red, green, blue] = x.subarray(4 * 180, 4 * 180 + 3);
  expect(written[0]).toBeCloseTo(255 * blue! - 103.939, 3);
  expect(written[1]).toBeCloseTo(255 * green! - 116.779, 3);
  expect(written[2]).toBeCloseTo(255 * red! - 123.68, 3);
});

it('a picture is resized by the pixels’ middles, and made grey or coloured as the base wants it', () => {
  const data = pictures();
  // Rows 0, 1, 2, … of a ramp: what is twice as large goes in halves, and stays within.
  data.train.x.forEach((_, at) => (data.train.x[at] = Math.floor((at % 180) / 18)));
  const grey = new Samples(data, [20, 12, 1], 'unit', 12);
  const written = new Float32Array(240);
  grey.write('train', 0, written, 0);
  const column = Array.from({ length: 20 }, (_, row) => written[row * 12]!);
  [0, 0.25, 0.75, 1.25].forEach((value, row) => expect(column[row]).toBeCloseTo(value, 5));
  expect(column[19]).toBeCloseTo(9, 5);
});

it('a reader’s coloured pictures train a head on a file’s base, alike with kept features and without', async () => {
  const said: FinetuneEvent[] = [];
  const shelf = new Shelf(() => Promise.reject(new Error('no digits here')));
  const finetune = new Finetune(async () => engine, shelf, () => Promise.reject(new Error('no base here')), (event) => said.push(event));
  // As the page keeps them: bytes, and not yet split.
  const { shape, classes, train } = pictures();
  const own = { hash: 'h', name: 'own', shape, classes, values: Uint8Array.from(train.x, (value) => 255 * value), labels: train.labels, testFrom: train.count };
  await finetune.perform({ id: 0, call: 'own', ask: { own } });
  const task = { kind: 'own', data: { name: 'own', hash: 'h', prepare: { heldOut: 0.25, seed: 1, scale: 'unit' } } } as const;
  const opened = await finetune.perform({ id: 1, call: 'open', ask: { file: fileOf(small), side: 16, heldOutMost: 6, task } });
  expect(opened).toMatchObject({ base: { parameters: 112 + 148 + 296, features: 8, norms: 0, blocks: [{ name: 'block1' }, { name: 'block2' }] }, task: { perClass: 6, heldOut: 6 } });
  const trial: Trial = {
    id: 'kept', method: 'staged', perClass: 6, seed: 1, units: 8, batch_size: 8, lora: { rank: 2, alpha: 4 }, inverted: false, norms: 'still', cached: true,
    stages: [{ open: 0, epochs: 30, rate: 0.01 }, { open: 1, epochs: 5, rate: 0.001 }],
  };
  await finetune.perform({ id: 2, call: 'start', ask: { trials: [trial, { ...trial, id: 'anew', cached: false }] } });
  while (finetune.busy) finetune.advance();
  await finetune.quiet;
  const ends = said.filter((event) => event.kind === 'ended');
  expect(ends[0]!.accuracy).toBe(1);
  expect([ends[0]!.loss, ends[0]!.accuracy]).toEqual([ends[1]!.loss, ends[1]!.accuracy]);
  const stages = said.filter((event) => event.kind === 'stage' && event.trial === 'kept');
  expect(stages).toMatchObject([{ weightsMoved: 0, baseTraining: 0 }, { baseTraining: 296 }]);
}, 30_000);

it('data that cannot be a task say why: no pictures, or a class with nothing to train on', async () => {
  const shelf = new Shelf(() => Promise.reject(new Error('no digits here')));
  const rows = pictures();
  shelf.give({ ...rows, ref: { name: 'rows', hash: 'r' }, shape: [180] });
  shelf.give({ ...rows, ref: { name: 'gap', hash: 'g' }, classes: ['a', 'b', 'c', 'd'] });
  const finetune = new Finetune(async () => engine, shelf, () => Promise.reject(new Error('no base here')), () => {});
  const open = (name: string, hash: string) =>
    finetune.perform({ id: 1, call: 'open', ask: { file: fileOf(small), side: 16, heldOutMost: 6, task: { kind: 'own', data: { name, hash } } } });
  await expect(open('rows', 'r')).rejects.toMatchObject({ code: 'finetune_no_pictures', fields: { got: '[180]' } });
  await expect(open('gap', 'g')).rejects.toMatchObject({ code: 'finetune_empty_class' });
  await expect(open('none', 'n')).rejects.toMatchObject({ code: 'no_dataset' });
});
