import { load, type Engine } from 'danlu';
import { beforeAll, expect, it } from 'vitest';
import { preset } from '../../src/lab/presets.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import { cutOf, gradCam, tailOf } from './grad-cam.ts';
import { smoothed, suggestion } from './rate-curve.ts';
import { deadUnits, histogram, layerStats, norm, principal } from './stats.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

const picture = Float32Array.from({ length: 784 }, (_, at) => Math.max(0, Math.sin(at * 0.7)));

it('norms and histograms are those of the weights and of the last batch’s gradients', () => {
  expect(norm(Float32Array.of(3, -4))).toBe(5);
  const { counts, most } = histogram(Float32Array.of(-2, -2, 0.1, 2));
  expect([counts[0], counts[16], counts[31], most]).toEqual([2, 1, 1, 2]);
  const session = engine.createSession({ model: preset('mlp') }, 1);
  const before = layerStats(session);
  expect(before.map(({ name }) => name)).toContain('dense/kernel');
  expect(before.every(({ gradientNorm }) => gradientNorm === 0)).toBe(true);
  session.trainBatch(picture, [3]);
  expect(layerStats(session).filter(({ name }) => name.endsWith('kernel')).every(({ gradientNorm }) => gradientNorm > 0)).toBe(true);
  session.free();
});

it('a unit is dead where it answers 0 to every sample', () => {
  const session = engine.createSession({ model: { input: [2], layers: [{ type: 'dense', units: 3, activation: 'relu' }, { type: 'dense', units: 2, activation: 'softmax' }] } }, 1);
  const tensors = tensorsOf(session.getWeights());
  tensors.get('dense/kernel')!.values.set([1, -1, 0, 1, -1, 0]);
  tensors.get('dense/bias')!.values.set([0, 0, 1]);
  session.setWeights(fileOf(tensors));
  expect(deadUnits(session, Float32Array.of(1, 1, 2, 0), new Set(['dense']))).toEqual(new Map([['dense', { dead: 1, units: 3 }]]));
  session.free();
});

it('principal components find the direction in which points lie', () => {
  const rows = Float32Array.from({ length: 300 }, (_, at) => [3, 4, 0][at % 3]! * ((Math.floor(at / 3) % 10) - 5) + (at % 3 === 2 ? Math.sin(at) * 0.01 : 0));
  const { points, explained } = principal(rows, 100, 3);
  expect(explained[0]).toBeGreaterThan(0.999);
  expect(Math.abs(points[2]! - points[0]!)).toBeCloseTo(5, 2);
});

it('Grad-CAM’s channel weights are the gradients of the tape, for chains and graphs', () => {
  // Linear behind the cut: the logit is Σ W·A, so channel k's weight is the mean of W over its places.
  const layers = [{ type: 'conv2d', filters: 3, kernel: [3, 3], activation: 'relu' }, { type: 'flatten' }, { type: 'dense', units: 4, activation: 'softmax' }] as const;
  const model = { input: [6, 6, 1], layers: structuredClone(layers) as never };
  const session = engine.createSession({ model }, 5);
  const sample = picture.slice(0, 36);
  const maps = session.activations(sample)[0]!.data;
  const kernel = tensorsOf(session.getWeights()).get('dense/kernel')!.values;
  const heat = new Float32Array(16);
  for (let channel = 0; channel < 3; channel += 1) {
    let weight = 0;
    for (let place = 0; place < 16; place += 1) weight += kernel[(place * 3 + channel) * 4 + 2]! / 16;
    for (let place = 0; place < 16; place += 1) heat[place]! += weight * maps[place * 3 + channel]!;
  }
  const peak = Math.max(...heat);
  const cam = gradCam(engine, session, model, sample, 2)!;
  expect([cam.layer, cam.width, cam.height]).toEqual(['conv2d', 4, 4]);
  cam.heat.forEach((value, place) => expect(value).toBeCloseTo(Math.max(0, heat[place]!) / peak, 2));
  session.free();

  for (const name of ['resnet', 'vgg'] as const) {
    const run = engine.createSession({ model: preset(name) }, 1);
    const infos = run.layers();
    const cut = cutOf(infos);
    expect(infos[cut]!.outputShape).toHaveLength(3);
    expect(tailOf(preset(name), infos, cut)).toBeDefined();
    expect(gradCam(engine, run, preset(name), picture, 0)!.heat.every((value) => value >= 0 && value <= 1)).toBe(true);
    run.free();
  }
  const flat = engine.createSession({ model: preset('mlp') }, 1);
  expect(gradCam(engine, flat, preset('mlp'), picture, 0)).toBeUndefined();
  flat.free();
});

it('a rate is proposed below the valley of the loss, and none where there is no valley', () => {
  const pairs = (loss: (decade: number) => number) =>
    Float64Array.from({ length: 240 }, (_, at) => (at % 2 === 0 ? 10 ** (-6 + at / 34) : loss(-6 + (at - 1) / 34)));
  const valley = pairs((decade) => 2.3 - 1.5 * Math.exp(-((decade + 1) ** 2)));
  expect(smoothed(valley)[0]).toBeCloseTo(2.3, 3);
  expect(suggestion(valley)).toBeGreaterThan(0.01);
  expect(suggestion(valley)).toBeLessThan(0.2);
  expect(suggestion(pairs(() => 2.3))).toBeUndefined();
});
