// Stages, freezing and caching on real digits and the base that ships with the page.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load, type Engine } from 'danlu';
import { beforeAll, describe, expect, it } from 'vitest';
import { Shelf } from '../lab/data.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import { shippedBase, type Base } from './base.ts';
import { namesIn } from './features.ts';
import { Finetune } from './finetune.ts';
import { blocksOf, stageNetwork, weightsFor } from './network.ts';
import type { FinetuneEvent, Method, Stage, Trial } from './protocol.ts';

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

/** A room's worker without its door; `run` trains and gives what was said. */
async function opened() {
  const said: FinetuneEvent[] = [];
  const shelf = new Shelf(async () => [read('mnist-images.idx.gz'), read('mnist-labels.idx.gz')]);
  const finetune = new Finetune(async () => engine, shelf, async () => base(), (event) => said.push(event));
  const facts = (await finetune.perform({ id: 1, call: 'open', ask: { file: null, side: 28, heldOutMost: 200, task: { kind: 'fresh' } } })) as {
    base: { hash: string };
  };
  return {
    facts,
    finetune,
    async run(...trials: Trial[]) {
      said.length = 0;
      await finetune.perform({ id: 2, call: 'start', ask: { trials } });
      while (finetune.busy) finetune.advance();
      await finetune.quiet;
      return <K extends FinetuneEvent['kind']>(kind: K) => said.filter((event): event is Of<K> => event.kind === kind);
    },
  };
}

const trialOf = (method: Method, stages: Stage[], part: Partial<Trial> = {}): Trial => ({
  id: method, method, perClass: 10, seed: 1, units: 16, batch_size: 16, stages, lora: { rank: 4, alpha: 8 }, inverted: false, norms: 'still', cached: true, ...part,
});
const headOnly: Stage[] = [{ open: 0, epochs: 3, rate: 0.01 }];
const inStages: Stage[] = [...headOnly, { open: 1, epochs: 2, rate: 0.001 }, { open: 3, epochs: 1, rate: 0.0001 }];

it('a frozen base is the same to the bit after training, and its head has learnt', async () => {
  const room = await opened();
  const said = await room.run(trialOf('frozen', [{ ...headOnly[0]!, epochs: 20 }]));
  const [stage] = said('stage');
  expect(stage).toMatchObject({ weightsMoved: 0, statisticsMoved: 0, baseTraining: 0, training: 64 * 16 + 16 + 16 * 5 + 5, kept: true });
  expect(stage!.before).toBe(room.facts.base.hash);
  expect(stage!.after).toBe(stage!.before);
  expect(said('ended')[0]!.accuracy).toBeGreaterThan(0.7);
  expect(said('point').at(-1)!.point.epoch).toBe(20);
}, 60_000);

it('kept features train the same head to the bit as a base that answers anew', async () => {
  const room = await opened();
  const said = await room.run(trialOf('frozen', headOnly), trialOf('frozen', headOnly, { id: 'anew', cached: false }));
  const [kept, anew] = said('ended');
  expect([kept!.accuracy, kept!.loss]).toEqual([anew!.accuracy, anew!.loss]);
  expect(said('stage').map((stage) => stage.kept)).toEqual([true, false]);
  const timings = (await room.finetune.perform({ id: 3, call: 'time', ask: { trial: trialOf('frozen', headOnly) } })) as { difference: number; samples: number };
  expect(timings).toMatchObject({ difference: 0, samples: 50 });
}, 60_000);

it('stages open the base from the output, and norms stand still throughout', async () => {
  const said = await (await opened()).run(trialOf('staged', inStages), trialOf('staged', inStages, { id: 'anew', cached: false }));
  const stages = said('stage').filter((stage) => stage.trial === 'staged');
  const head = 64 * 16 + 16 + 16 * 5 + 5;
  // 18,432 = 3·3·32·64, 23,184 with 3·3·16·32 and 3·3·16: convolutions alone, without gamma and beta.
  expect(stages.map((stage) => [stage.baseTraining, stage.training - stage.baseTraining])).toEqual([[0, head], [18432, head], [23184, head]]);
  expect(stages.map((stage) => stage.statisticsMoved)).toEqual([0, 0, 0]);
  expect(stages[0]!.weightsMoved).toBe(0);
  expect(stages[1]!.weightsMoved).toBeGreaterThan(10_000);
  expect(stages[1]!.weightsMoved).toBeLessThanOrEqual(18432);
  expect(stages[2]!.weightsMoved).toBeGreaterThan(18432);
  // Each stage goes on from where the one before ended.
  expect(stages[1]!.before).toBe(stages[0]!.after);
  expect(stages[2]!.before).toBe(stages[1]!.after);
  expect(stages[2]!.after).not.toBe(stages[2]!.before);
  const [kept, anew] = said('ended');
  expect([kept!.accuracy, kept!.loss]).toEqual([anew!.accuracy, anew!.loss]);
}, 60_000);

describe('batch norm that follows the batches', () => {
  it('moves its statistics though no weight of the base trains', async () => {
    const [stage] = (await (await opened()).run(trialOf('frozen', headOnly, { norms: 'moving' })))('stage');
    // Mean and variance of 16 + 32 + 64 channels; a channel that never varies may stay.
    expect(stage!.statisticsMoved).toBeGreaterThan(200);
    expect(stage).toMatchObject({ weightsMoved: 0, baseTraining: 0, kept: false });
    expect(stage!.after).not.toBe(stage!.before);
  }, 60_000);

  it('answers as the norm it stands for until a batch has moved it', () => {
    const { model, weights } = base();
    const blocks = blocksOf(model.layers, () => 1);
    const trial = trialOf('frozen', headOnly, { cached: false });
    const answers = (['still', 'moving'] as const).map((norms) => {
      const { layers } = stageNetwork(model, blocks, headOnly[0]!, { ...trial, norms }, 5);
      const session = engine.createSession({ model: { input: model.input, layers: layers.slice(0, -2) }, loss: 'mean_squared_error' }, 1);
      session.setWeights(fileOf(weightsFor(namesIn(session), weights)));
      const answer = session.predict(Float32Array.from({ length: 2 * 784 }, (_, at) => Math.max(0, Math.sin(at))));
      session.free();
      return answer;
    });
    expect(answers[0]!.some((value) => value > 0.1)).toBe(true);
    answers[0]!.forEach((value, at) => expect(answers[1]![at]!).toBeCloseTo(value, 4));
  });
});

it('every method begins with the same head, and from scratch with a base of its own', async () => {
  const said = await (await opened()).run(trialOf('scratch', [{ open: 3, epochs: 2, rate: 0.001 }]));
  const [stage] = said('stage');
  expect(stage!.training).toBe(23184 + 2 * 112 + 64 * 16 + 16 + 16 * 5 + 5);
  expect(stage!.statisticsMoved).toBeGreaterThan(0);
  expect(tensorsOf(read('base.safetensors')).size).toBe(15);
}, 60_000);

it('more samples a class than there are is refused with how many there are', async () => {
  const { finetune } = await opened();
  const asked = finetune.perform({ id: 4, call: 'start', ask: { trials: [trialOf('frozen', headOnly, { perClass: 5000 })] } });
  await expect(asked).rejects.toMatchObject({ code: 'finetune_too_few', fields: { asked: 5000 } });
});
