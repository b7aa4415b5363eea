import { load } from 'danlu';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { Shelf } from '../../workers/lab/data.ts';
import { Lab } from '../../workers/lab/lab.ts';
import { experiments, outcomeOf, type Outcome } from './experiments.ts';
import { emptyCurves, type RunRecord } from './records.ts';
import type { LabSpec } from './spec.ts';

const root = resolve(import.meta.dirname, '../../..');
const file = (name: string) => new Uint8Array(readFileSync(resolve(root, 'build/data', name)));

async function outcome(spec: LabSpec): Promise<Outcome> {
  const engine = await load({ variant: 'simd' });
  const shelf = new Shelf(async () => [file('mnist-images.idx.gz'), file('mnist-labels.idx.gz')]);
  const record = { curves: emptyCurves() } as RunRecord;
  const { training, heldOut } = record.curves;
  const lab = new Lab(async () => engine, shelf, (event) => {
    if (event.kind === 'finished') Object.assign(record, { state: event.reason, step: event.step });
    if (event.kind !== 'progress') return;
    record.steps_per_epoch = event.steps_per_epoch;
    event.training_points.forEach((value, at) => [training.step, training.loss, training.accuracy, training.rate][at % 4]!.push(value));
    event.held_out_points.forEach((value, at) => [heldOut.step, heldOut.loss, heldOut.accuracy][at % 3]!.push(value));
  });
  await lab.perform({ id: 1, call: 'start', ask: { run: 'a', spec } });
  while (lab.busy) lab.advance();
  return outcomeOf(record);
}

// The whole table takes minutes; the quickest of them proves the way from a spec to its verdict.
it('the experiment on initialisation comes as its text says, on the real digits', { timeout: 120_000 }, async () => {
  const { specs, holds } = experiments.find(({ id }) => id === 'init')!;
  const outcomes: Outcome[] = [];
  for (const spec of specs) outcomes.push(await outcome(spec));
  expect(holds(outcomes)).toBe(true);
  expect(holds(outcomes.toReversed())).toBe(false);
});

it('every experiment leads to a question and an exercise that exist, and its runs differ', () => {
  for (const { id, question, exercise, specs } of experiments) {
    expect(existsSync(resolve(root, 'www/questions', question)), `${id}: ${question}`).toBe(true);
    expect(existsSync(resolve(root, 'www/exercises', exercise)), `${id}: ${exercise}`).toBe(true);
    expect(new Set(specs.map((spec) => JSON.stringify(spec))).size, id).toBe(specs.length);
  }
});
