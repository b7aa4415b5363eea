import { expect, it } from 'vitest';
import { cellOf, leaders, smallestNearBest, type Cell } from './finetune-grid.ts';
import type { Course, Method, Trial } from './finetune.svelte.ts';

const course = (method: Method, seed: number, accuracy?: number): Course => ({
  trial: { id: `${method}/${seed}`, method, perClass: 10, seed } as Trial,
  points: accuracy === undefined ? [{ epoch: 1, training_loss: 1, training_accuracy: 0.5, loss: 1, accuracy: 0.25 }] : [],
  stages: [],
  adapted: null,
  keeping: null,
  ended: accuracy === undefined ? null : { accuracy, loss: 1, train_ms: 2000, keeping_ms: 0 },
});

it('a cell is the mean of the repeats that have ended, with their spread', () => {
  const courses = [course('frozen', 1, 0.8), course('frozen', 2, 0.9), course('staged', 1, 0.1), course('frozen', 3)];
  const cell = cellOf(courses, 10, 'frozen');
  expect(cell).toMatchObject({ ended: 2, all: 3, seconds: 2 });
  expect(cell.accuracy).toBeCloseTo(0.85, 12);
  expect(cell.spread).toBeCloseTo(Math.sqrt(0.005), 12);
  expect(cellOf([course('frozen', 1)], 10, 'frozen')).toMatchObject({ ended: 0, all: 1, accuracy: 0.25 });
  expect(cellOf(courses, 50, 'frozen').accuracy).toBeNaN();
});

it('nobody is ahead before all have ended, nor by less than a point', () => {
  const cell = (method: Method, accuracy: number, ended = 1): Cell => ({ perClass: 10, method, ended, all: 1, accuracy, spread: NaN, seconds: 1 });
  expect(leaders([cell('scratch', 0.7), cell('frozen', 0.8, 0)])).toBeUndefined();
  expect(leaders([cell('scratch', 0.9), cell('frozen', 0.8), cell('staged', 0.85)])).toMatchObject({ first: { method: 'scratch' }, second: { method: 'staged' }, level: false });
  expect(leaders([cell('scratch', 0.9), cell('frozen', 0.892)])).toMatchObject({ level: true });
});

it('the smallest within a point of the best is named once all have ended', () => {
  const tried = [0.8, 0.915, 0.92].map((accuracy, at) => ({ rank: 2 ** at, accuracy }));
  expect(smallestNearBest(tried)?.rank).toBe(2);
  expect(smallestNearBest([...tried, { rank: 8, accuracy: NaN }])).toBeUndefined();
  expect(smallestNearBest([])).toBeUndefined();
});
