import { load } from 'danlu';
import { expect, it } from 'vitest';
import { linePoints } from '../../src/lab/plane/points.ts';
import { closedForm, landscape } from '../../src/lab/plane/regression.ts';
import { usual, type NetSettings } from '../../src/lab/plane/settings.ts';
import { descentOf, meanOf, openingOf, staleOf } from '../../src/lab/plane/specs.ts';
import { variance } from '../../src/lab/plane/pairs.ts';
import { batches, descend, mean, stale } from './lessons.ts';
import { Plane } from './plane.ts';
import type { PlaneCalls, PlaneEvent, Shown } from './protocol.ts';

const engine = load({ variant: 'simd' });

function room() {
  const events: PlaneEvent[] = [];
  const plane = new Plane(() => engine, (event) => events.push(event), () => 0, () => Promise.resolve());
  const ask = async <K extends keyof PlaneCalls>(call: K, what: PlaneCalls[K]['ask']) =>
    (await plane.perform({ id: 1, call, ask: what } as never)) as PlaneCalls[K]['answer'];
  return { plane, events, ask };
}

const net = (change: Partial<NetSettings> = {}) => openingOf({ ...usual.net, ...change });
const weights = ({ tensors }: Shown) => tensors.map(({ values }) => [...values]);

it('shows every unit over the plane, trains batch by batch with the gradient of each weight, and the same again', async () => {
  const { ask } = room();
  const first = await ask('open', net());
  expect(first.tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ['h1/kernel', [2, 4]], ['h1/bias', [4]], ['h2/kernel', [4, 3]], ['h2/bias', [3]], ['out/kernel', [3, 1]], ['out/bias', [1]],
  ]);
  expect(first.maps.map(({ name, units, values }) => [name, units, values.length / units])).toEqual([
    ['h1', 4, 1600], ['h2', 3, 1600], ['out', 1, 1600], ['answer', 1, 1600],
  ]);
  expect(first.step).toBe(0);
  const next = await ask('step', { steps: 1 });
  // Plain SGD: each weight moves by the rate times its gradient.
  next.tensors.forEach(({ values, gradient }, at) => values.forEach((value, place) => expect(value).toBeCloseTo(first.tensors[at]!.values[place]! - 0.1 * gradient[place]!, 6)));
  expect(next.batchLoss).toBeGreaterThan(0);
  const end = await ask('step', { steps: 600 });
  expect(end.train.accuracy).toBeGreaterThan(0.95);
  expect(end.test!.accuracy).toBeGreaterThan(0.9);
  const again = room();
  await again.ask('open', net());
  expect(weights(await again.ask('step', { steps: 601 }))).toEqual(weights(end));
});

it('runs until it is paused, takes a weight by hand, and stops where nothing is finite any more', async () => {
  const { plane, events, ask } = room();
  await expect(ask('run', { speed: 'full' })).rejects.toThrow('no_run');
  await ask('open', net());
  const weighed = await ask('weigh', { tensor: 'h1/kernel', at: 3, value: 2.5 });
  expect(weighed.tensors[0]!.values[3]).toBe(2.5);
  await ask('run', { speed: 'slow' });
  await plane.advance();
  expect(events.at(-1)!.shown.step).toBe(1);
  const paused = await ask('pause', {});
  expect(plane.busy).toBe(false);
  expect(paused.step).toBe(1);
  await ask('open', net({ activation: 'relu', loss: 'mse', rate: 100, data: 'spirals', init: 'normal', optimizer: 'momentum', features: 'x2-y2-xy', l2: 1 }));
  await ask('run', { speed: 'full' });
  for (let turn = 0; turn < 50 && plane.busy; turn += 1) await plane.advance();
  expect(plane.busy).toBe(false);
  expect(events.at(-1)!.shown.broken).toBe(true);
});

it('learns every set of points with the features or units that it needs, and three classes by a softmax', async () => {
  const { ask } = room();
  const reach = async (change: Partial<NetSettings>, steps: number) => {
    await ask('open', net(change));
    return (await ask('step', { steps })).train.accuracy;
  };
  expect(await reach({ data: 'xor', features: 'xy', layers: '' }, 300)).toBeGreaterThan(0.94);
  // One straight line can't part them.
  expect(await reach({ data: 'xor', layers: '' }, 300)).toBeLessThan(0.75);
  expect(await reach({ data: 'gaussians', classes: 4, layers: '' }, 300)).toBeGreaterThan(0.95);
  expect(await reach({ data: 'moons', optimizer: 'adam', rate: 0.02 }, 500)).toBeGreaterThan(0.95);
  expect(await reach({ data: 'spirals', classes: 3, noise: 0.05, layers: '8-8', optimizer: 'adam', rate: 0.02 }, 3000)).toBeGreaterThan(0.95);
  // All zeros: the units of a layer stay each other's copies.
  await ask('open', net({ init: 'zeros' }));
  const zeros = await ask('step', { steps: 200 });
  expect(new Set(zeros.tensors[0]!.values).size).toBe(1);
});

it('finds the answer that is wrong with most confidence, as logits', async () => {
  const { ask } = room();
  await ask('open', net({ data: 'xor', layers: '' }));
  const { logits, label, wrong } = await ask('surest', {});
  expect([logits.length, logits[0], wrong]).toEqual([2, 0, true]);
  expect(logits[label]!).toBeLessThan(logits[1 - label]!);
});

it('descends to the closed form below 2 / λ_max, and above it to infinity and NaN', async () => {
  const points = linePoints('line', { count: 24, noise: 0.4, seed: 1 });
  for (const [degree, scaled, ridge] of [[1, false, 0], [1, false, 0.5], [3, true, 0.1]] as const) {
    const { design, limit, quickest, best } = landscape(points, degree, scaled, ridge);
    const below = descend(await engine, descentOf({ rate: quickest, ridge, steps: 1500 }, design, points));
    closedForm(design, points, ridge).forEach((w, at) => expect(below.path[1500 * (degree + 1) + at]).toBeCloseTo(w, 3));
    expect(descend(await engine, descentOf({ rate: 0.97 * limit, ridge, steps: 400 }, design, points)).losses.at(-1)).toBeLessThan(below.losses[0]!);
    const above = descend(await engine, descentOf({ rate: 1.1 * limit, ridge, steps: 2000 }, design, points));
    expect(above.losses.at(-1)).toBeNaN();
    expect(above.losses).toContain(Infinity);
    // Each step multiplies the distance along the steepest direction by |1 − η λ_max| = 1.2, and the loss by its square.
    expect(above.losses[150]! / above.losses[149]!).toBeCloseTo(1.44, 2);
    expect(best).toHaveLength(degree + 1);
  }
});

it('comes to the mean with the N × N loss and stops at the variance, where the right loss fits the curve', async () => {
  const points = linePoints('curve', { count: 96, noise: 0.15, seed: 1 });
  const { right, wrong } = mean(await engine, meanOf(points, 1, [-2, -1, 0, 1, 2]));
  const spread = variance(points.map(({ y }) => y));
  const late = (losses: number[]) => losses.slice(-60).reduce((all, loss) => all + loss, 0) / 60;
  expect(Math.abs(late(wrong.losses) / spread - 1)).toBeLessThan(0.05);
  expect(late(right.losses)).toBeLessThan(0.1 * spread);
  expect(Math.max(...wrong.fit) - Math.min(...wrong.fit)).toBeLessThan(0.3);
  expect(Math.max(...right.fit) - Math.min(...right.fit)).toBeGreaterThan(2);
});

it('moves no weight where the optimiser holds others, while gradients are there and pile up', async () => {
  const { right, wrong } = stale(await engine, staleOf({ ...usual.net, batch: 200 }, 100));
  expect(wrong.moved).toBe(0);
  expect(right.moved).toBeGreaterThan(0.3);
  expect(new Set(wrong.losses).size).toBe(1);
  expect(right.losses.at(-1)).toBeLessThan(0.8 * right.losses[0]!);
  // The same gradient a hundred times.
  expect(wrong.norms[0]).toBeGreaterThan(0.01);
  expect(wrong.norms[99]! / wrong.norms[0]!).toBeCloseTo(100, 2);
});

it('makes batches that hold each row once an epoch', () => {
  const made = batches(10, 5, 4, 1);
  expect(made.slice(0, 2).flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(made[0]).not.toEqual(made[2]);
});
