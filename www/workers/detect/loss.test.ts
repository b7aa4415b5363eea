// The detector's loss: its gradient against differences, who answers for what, and that the engine gets that gradient.
import { load } from 'danlu';
import { describe, expect, it } from 'vitest';
import { generator } from '../language/random.ts';
import { tensorsOf } from '../safetensors.ts';
import type { Truth } from './ap.ts';
import { giouOf, iouOf, type Box } from './boxes.ts';
import { assign, boxLosses, lossOf, overlapLoss, targetsFor } from './loss.ts';
import { batch, boxAt, cells, channels, decode, grid, specOf, stride } from './network.ts';
import { side } from './scenes.ts';

const chance = generator(7);
const between = (least: number, most: number) => least + (most - least) * chance();
const truths: Truth[][] = [
  [{ box: [10, 12, 28, 41], label: 3 }, { box: [20, 14, 35, 40], label: 8 }, { box: [60, 60, 68, 92], label: 1 }],
  [],
  [{ box: [0, 70, 20, 96], label: 0 }],
];
const answers = () => Float32Array.from({ length: truths.length * cells * channels }, () => between(-1, 1));
const total = ({ objectness, label, box }: { objectness: number; label: number; box: number }) => objectness + label + box;

describe('The loss of the detector', () => {
  it.each(boxLosses)('has the gradient that differences say, with %s for the boxes', (boxLoss) => {
    const answer = answers();
    const gradient = new Float32Array(answer.length);
    lossOf(answer, truths, boxLoss, gradient);
    // Every number of the cells that answer for a digit, and some of the others.
    const owned = truths.flatMap((own, scene) => [...assign(own).entries()].filter(([, truth]) => truth >= 0).map(([cell]) => (scene * cells + cell) * channels));
    expect(owned.length).toBeGreaterThan(12);
    const places = [...owned.flatMap((at) => Array.from({ length: channels }, (_, number) => at + number)), 0, 1, 5, cells * channels, cells * channels + 3];
    const h = 1 / 256;
    const scratch = new Float32Array(answer.length);
    for (const place of places) {
      const at = (step: number) => total(lossOf(answer.with(place, answer[place]! + step), truths, boxLoss, scratch));
      expect(gradient[place]!).toBeCloseTo((at(h) - at(-h)) / (2 * h), 3);
    }
  });

  it('of two boxes is 1 − IoU and 1 − GIoU; apart, only the second has a slope', () => {
    const [p, q]: Box[] = [[0, 0, 10, 10], [4, 5, 12, 18]];
    expect(overlapLoss(p!, q!, false).loss).toBeCloseTo(1 - iouOf(p!, q!), 12);
    expect(overlapLoss(p!, q!, true).loss).toBeCloseTo(1 - giouOf(p!, q!), 12);
    const apart: Box = [30, 30, 40, 40];
    expect(overlapLoss(p!, apart, false).edges.every((edge) => edge === 0)).toBe(true);
    // The upper edges want to go right and down, towards the other box.
    const { edges } = overlapLoss(p!, apart, true);
    expect(edges[2]).toBeLessThan(0);
    expect(edges[3]).toBeLessThan(0);
  });

  it('makes the cells around a centre answer, the nearer digit first', () => {
    const owner = assign(truths[0]!);
    const cellsOf = (truth: number) => [...owner.entries()].filter(([, one]) => one === truth).map(([cell]) => [cell % grid, Math.floor(cell / grid)]);
    // Centres at columns 1.875 and 2.94, rows 2.81 and 2.88, counted in cells' centres: column 2 is the first one's.
    expect(cellsOf(0)).toEqual([[1, 2], [2, 2], [1, 3], [2, 3]]);
    expect(cellsOf(1)).toEqual([[3, 2], [3, 3]]);
    expect(cellsOf(2)).toEqual([[7, 8], [8, 8], [7, 9], [8, 9], [7, 10], [8, 10]]);
  });

  it('reaches the engine as the gradient of its own loss', async () => {
    const engine = await load({ variant: 'simd' });
    const session = engine.createSession({ ...specOf(10), optimizer: 'sgd' }, 1);
    const x = Float32Array.from({ length: batch * side * side }, () => chance());
    const answer = session.predict(x);
    const gradient = new Float32Array(answer.length);
    const own = Array.from({ length: batch }, (_, at) => truths[at % truths.length]!);
    lossOf(answer, own, 'giou', gradient);
    session.trainBatch(x, targetsFor(answer, gradient));
    // The head's biases are added to each cell: their gradient is the sum over cells.
    const bias = [...tensorsOf(session.getGradients())].findLast(([name]) => name.endsWith('bias'))![1].values;
    for (let number = 0; number < channels; number += 1) {
      let sum = 0;
      for (let at = number; at < gradient.length; at += channels) sum += gradient[at]!;
      expect(bias[number]!).toBeCloseTo(sum, 3);
    }
    session.free();
  });
});

it('a cell’s numbers mean a box around its centre, and its score is objectness times probability', () => {
  const answer = new Float32Array(cells * channels).fill(-9);
  const cell = 3 * grid + 5;
  answer.set([2, 0.25, -0.5, Math.log(20 / 16), Math.log(30 / 26), ...Array.from({ length: 10 }, (_, digit) => (digit === 7 ? 4 : 0))], cell * channels);
  const [only, ...none] = decode(answer, 0.05);
  expect(none).toEqual([]);
  expect(only).toMatchObject({ cell, label: 7 });
  expect(only!.score).toBeCloseTo((1 / (1 + Math.exp(-2))) * (Math.exp(4) / (Math.exp(4) + 9)), 5);
  const centre = [5.75 * stride, 3 * stride];
  const wanted = [centre[0]! - 10, centre[1]! - 15, centre[0]! + 10, centre[1]! + 15];
  boxAt(answer, cell * channels, cell).forEach((edge, at) => expect(edge).toBeCloseTo(wanted[at]!, 4));
});
