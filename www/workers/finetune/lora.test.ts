// Adapters on the base that ships with the page: where they begin, what trains, what merging and swapping change.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load, type ChainSpec, type Engine } from 'danlu';
import { beforeAll, expect, it } from 'vitest';
import { Shelf } from '../lab/data.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import { shippedBase, type Base } from './base.ts';
import { namesIn } from './features.ts';
import { Finetune } from './finetune.ts';
import { adapted, adaptedLayers, drawnAdapters, merged, withAdapters } from './lora.ts';
import { weightsFor } from './network.ts';
import type { FinetuneEvent, SwapFacts, Trial } from './protocol.ts';

const repository = new URL('../../../', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(`build/data/${name}`, repository)));

let engine: Engine;
let base: () => Base;
beforeAll(async () => {
  execFileSync(process.execPath, [new URL('www/scripts/mnist.mjs', repository).pathname]);
  execFileSync(process.execPath, [new URL('www/scripts/base.mjs', repository).pathname]);
  engine = await load({ variant: 'simd' });
  const [about, weights] = [read('base.json'), read('base.safetensors')];
  base = () => shippedBase(about, weights);
}, 120_000);

type Of<K extends FinetuneEvent['kind']> = Extract<FinetuneEvent, { kind: K }>;
const trialOf = (id: string, part: Partial<Trial> = {}): Trial => ({
  id, method: 'lora', perClass: 10, seed: 1, units: 16, batch_size: 16, stages: [{ open: 3, epochs: 3, rate: 0.01 }],
  lora: { rank: 2, alpha: 4 }, inverted: false, norms: 'still', cached: true, ...part,
});

async function trained(...trials: Trial[]) {
  const said: FinetuneEvent[] = [];
  const shelf = new Shelf(async () => [read('mnist-images.idx.gz'), read('mnist-labels.idx.gz')]);
  const finetune = new Finetune(async () => engine, shelf, async () => base(), (event) => said.push(event));
  const facts = (await finetune.perform({ id: 1, call: 'open', ask: { file: null, side: 28, heldOutMost: 100, task: { kind: 'fresh' } } })) as { base: { hash: string } };
  await finetune.perform({ id: 2, call: 'start', ask: { trials } });
  while (finetune.busy) finetune.advance();
  await finetune.quiet;
  return { finetune, facts, said: <K extends FinetuneEvent['kind']>(kind: K) => said.filter((event): event is Of<K> => event.kind === kind) };
}

it('training begins at the base to the bit, moves none of its weights, and merging changes no answer', async () => {
  const { facts, said } = await trained(trialOf('all'));
  const [came] = said('adapted');
  expect(came!.start).toEqual({ difference: 0, otherwise: 0, compared: 100 });
  // r (9 C + O) for each convolution: r = 2, C = 1, 16, 32 and O = 16, 32, 64.
  expect(came!.layers.map(({ numbers, kernel }) => [numbers, kernel])).toEqual([[2 * (9 + 16), 144], [2 * (144 + 32), 4608], [2 * (288 + 64), 18432]]);
  for (const { moved } of came!.layers) expect(moved).toBeGreaterThan(0.001);
  expect(came!.merged).toMatchObject({ otherwise: 0, compared: 100 });
  expect(came!.merged.difference).toBeLessThan(1e-5);
  const [stage] = said('stage');
  expect(stage).toMatchObject({ weightsMoved: 0, statisticsMoved: 0, baseTraining: 0, adaptersTraining: 50 + 352 + 704, training: 1106 + 64 * 16 + 16 + 16 * 5 + 5 });
  expect(stage!.before).toBe(facts.base.hash);
  expect(stage!.after).toBe(facts.base.hash);
  expect(came!.bytes.adapters).toBeGreaterThan(4 * 1106);
  expect(came!.bytes.whole).toBeGreaterThan(came!.bytes.adapters + came!.bytes.head);
}, 60_000);

it('adapters in the last block alone train on kept features as on a base that answers anew', async () => {
  const last = { stages: [{ open: 1, epochs: 2, rate: 0.01 }] };
  const { said } = await trained(trialOf('kept', last), trialOf('anew', { ...last, cached: false }));
  expect(said('stage').map(({ kept, adaptersTraining }) => [kept, adaptersTraining])).toEqual([[true, 704], [false, 704]]);
  const [kept, anew] = said('ended');
  expect([kept!.accuracy, kept!.loss]).toEqual([anew!.accuracy, anew!.loss]);
}, 60_000);

it('two tasks take turns on one base: each set answers its own, and the base stays', async () => {
  const longer = { perClass: 30, stages: [{ open: 3, epochs: 8, rate: 0.01 }] };
  const { finetune, said } = await trained(trialOf('swap/plain', longer), trialOf('swap/inverted', { ...longer, inverted: true }));
  const facts = (await finetune.perform({ id: 3, call: 'swap', ask: { first: 'swap/plain', second: 'swap/inverted' } })) as SwapFacts;
  const [plain, inverted] = facts.accuracy;
  expect([plain[0], inverted[1]]).toEqual(said('ended').map(({ accuracy }) => accuracy));
  expect(plain[0]).toBeGreaterThan(plain[1] + 0.2);
  expect(inverted[1]).toBeGreaterThan(inverted[0] + 0.2);
  expect(facts).toMatchObject({ moved: 0, back: true });
  expect(facts.bytes.task).toBeLessThan(facts.bytes.whole / 4);
  await expect(finetune.perform({ id: 4, call: 'swap', ask: { first: 'swap/plain', second: 'nobody' } })).rejects.toMatchObject({ code: 'no_run' });
}, 60_000);

it('a convolution with a bias, a stride and an activation is adapted and merged as well; a depthwise one is left', () => {
  const chain: ChainSpec = {
    input: [9, 9, 2],
    layers: [
      { type: 'conv2d', name: 'one', filters: 4, kernel: [3, 2], stride: [2, 1], padding: [1, 0], activation: 'relu' },
      { type: 'depthwise_conv2d', name: 'two', kernel: [3, 3] },
      { type: 'conv2d', name: 'three', filters: 3, kernel: [1, 1] },
    ],
  };
  const names = adapted(chain, [{ name: 'block1', layers: ['one', 'two', 'three'], parameters: 1 }], 1);
  expect(names).toEqual(['one', 'three']);
  const settings = { rank: 2, alpha: 3 };
  const answers = (model: ChainSpec | ReturnType<typeof withAdapters>, weights?: Map<string, { shape: number[]; values: Float32Array<ArrayBuffer> }>) => {
    const session = engine.createSession({ model, loss: 'mean_squared_error' }, 1);
    if (weights) session.setWeights(fileOf(weightsFor(namesIn(session), weights)));
    const answer = session.predict(Float32Array.from({ length: 3 * 162 }, (_, at) => Math.sin(at)));
    const own = tensorsOf(session.getWeights());
    session.free();
    return { answer, own };
  };
  const plain = answers(chain);
  const adapters = drawnAdapters(engine, chain, names, settings, 5);
  const graph = withAdapters(chain, names, settings);
  expect(answers(graph, new Map([...plain.own, ...adapters])).answer).toEqual(plain.answer);
  for (const { values } of adapters.values()) values.forEach((_, at) => (values[at] = Math.cos(3 * at)));
  const side = answers(graph, new Map([...plain.own, ...adapters])).answer;
  const whole = answers(chain, merged(plain.own, adapters, names, settings)).answer;
  side.forEach((value, at) => expect(whole[at]!).toBeCloseTo(value, 4));
  expect(Math.max(...side.map((value, at) => Math.abs(value - plain.answer[at]!)))).toBeGreaterThan(0.1);
  // ‖ΔW‖ against W by hand, for the 1 × 1 one: (alpha / r) A B.
  const [a, b] = ['a', 'b'].map((part) => adapters.get(`three_lora_${part}/kernel`)!.values) as [Float32Array, Float32Array];
  const change = Array.from({ length: 12 }, (_, at) => 1.5 * [0, 1].reduce((sum, way) => sum + a[2 * Math.floor(at / 3) + way]! * b[3 * way + (at % 3)]!, 0));
  const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
  expect(adaptedLayers(plain.own, adapters, names, settings)[1]!.moved).toBeCloseTo(norm(change) / norm(plain.own.get('three/kernel')!.values), 6);
});
