// The room's worker on the engine and the real digits: it trains a detector that finds digits it has never seen.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { load, type Engine } from 'danlu';
import { beforeAll, expect, it, vi } from 'vitest';
import { Detect } from './detect.ts';
import { countsOf, thresholds } from './measure.ts';
import type { DetectCalls, DetectEvent, Measured, SceneAnswer } from './protocol.ts';

// It trains for real; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const repository = new URL('../../../', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(`build/data/${name}`, repository)));
let engine: Engine;
beforeAll(async () => {
  execFileSync(process.execPath, [new URL('www/scripts/mnist.mjs', repository).pathname]);
  engine = await load({ variant: 'simd' });
}, 120_000);

function opened() {
  const said: DetectEvent[] = [];
  const detect = new Detect(async () => engine, async () => [read('mnist-images.idx.gz'), read('mnist-labels.idx.gz')], (event) => void said.push(event));
  const ask = <K extends keyof DetectCalls>(call: K, given: DetectCalls[K]['ask']) => detect.perform({ id: 1, call, ask: given } as never) as Promise<DetectCalls[K]['answer']>;
  const finish = () => {
    while (detect.busy) detect.advance();
  };
  return { detect, said, ask, finish };
}

const settings = { digits: 5, crowd: 0.4 };

it('finds digits that it has never seen, needs NMS for it, and is measured the same twice', async () => {
  const { said, ask, finish } = opened();
  expect(await ask('train', { steps: 400, box: 'giou', seed: 1 })).toMatchObject({ variant: 'simd' });
  finish();
  const losses = said.flatMap((event) => (event.kind === 'progress' ? [event.loss] : []));
  expect(losses.at(-1)!.label).toBeLessThan(0.7 * losses[0]!.label);
  expect(losses.at(-1)!.iou).toBeGreaterThan(0.6);

  const measure = async (byClass: boolean): Promise<Measured> => {
    await ask('measure', { settings, scenes: 40, byClass });
    finish();
    return said.flatMap((event) => (event.kind === 'measured' ? [event.measured] : [])).at(-1)!;
  };
  const measured = await measure(true);
  expect(measured.points.map(({ threshold }) => threshold)).toEqual(thresholds);
  const at = (threshold: number) => measured.points.find((point) => point.threshold === threshold)!;
  // Ten classes and a box that must fit: guessing gets next to nothing.
  expect(at(0.5).map50).toBeGreaterThan(0.35);
  expect(at(0.5).map50).toBeGreaterThan(at(1).map50 + 0.05);
  expect(at(0.5).map).toBeLessThan(at(0.5).map50);
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  expect(sum(at(0.05).duplicates)).toBe(0);
  expect(sum(at(1).duplicates)).toBeGreaterThan(sum(at(0.5).duplicates) + 20);
  expect(sum(at(0.05).found)).toBeLessThanOrEqual(sum(at(0.5).found));
  expect(sum(at(1).found)).toBeLessThanOrEqual(measured.truths);
  expect(at(0.5).curves.reduce((all, { truths }) => all + truths, 0)).toBe(measured.truths);

  const any = await measure(false);
  expect(any.points.at(-1)).toEqual(at(1)); // Nothing removes nothing, by class or not.
  expect(any.points[0]!.map50).toBeLessThanOrEqual(measured.points[0]!.map50 + 1e-9);
  expect(await measure(true)).toEqual(measured);

  // A scene that is looked at is one of those it is judged on.
  const scene = (await ask('scene', { kind: 'random', number: 3, settings })) as SceneAnswer;
  expect(scene.truths).toHaveLength(measured.truthsOf[3]!);
  expect(scene.proposals!.length).toBeGreaterThan(0);
  expect(countsOf({ detections: scene.proposals!, truths: scene.truths })).toMatchObject({ found: at(1).found[3], duplicates: at(1).duplicates[3] });
});

it('looks at scenes that a reader makes, refuses to measure what has not learnt, and stops', async () => {
  const { detect, said, ask } = opened();
  const refused = (asked: Promise<unknown>) => asked.then(() => undefined, (error: { code?: string }) => error.code);
  expect(await refused(ask('measure', { settings, scenes: 5, byClass: true }))).toBe('detect_untrained');
  const { digit } = await ask('pick', { label: 4, nth: 2 });
  const placed = [{ digit, x: 30, y: 40, height: 30 }];
  const scene = await ask('scene', { kind: 'placed', placed });
  expect(scene).toMatchObject({ placed, truths: [{ label: 4 }], proposals: null });
  expect(scene.truths[0]!.box.slice(0, 2)).toEqual([30, 40]);
  await ask('train', { steps: 1000, box: 'l1', seed: 2 });
  detect.advance();
  expect(await refused(ask('measure', { settings, scenes: 5, byClass: true }))).toBe('detect_untrained');
  await ask('stop', {});
  expect(detect.busy).toBe(false);
  expect(said.at(-1)).toEqual({ kind: 'stopped' });
  expect((await ask('scene', { kind: 'drawn', image: scene.image })).proposals).not.toBeNull();
});
