import { load, type Engine } from 'danlu';
import { beforeAll, expect, it, vi } from 'vitest';
import { pixels, type Digits, type Split } from './digits.ts';
import type { Checkpoint, RunSettings, WorkerEvent } from './protocol.ts';
import { Trainer } from './trainer.ts';

// These train for real; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

/** Ten kinds of bars, one for each label, with a little seeded noise: learnable, and made in no time. */
function digits(count: number, seed: number): Digits {
  let state = seed;
  const noise = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const bytes = new Uint8Array(count * pixels);
  const labels = Uint32Array.from({ length: count }, (_, at) => at % 10);
  for (let at = 0; at < bytes.length; at += 1) {
    const label = labels[Math.floor(at / pixels)]!;
    const row = Math.floor((at % pixels) / 28);
    bytes[at] = Math.floor((row >= 2 * label + 3 && row < 2 * label + 6 ? 200 : 0) + 55 * noise());
  }
  return { count, bytes, images: Float32Array.from(bytes, (ink) => ink / 255), labels };
}

const split: Split = { train: digits(200, 1), heldOut: digits(60, 2) };
const settings: RunSettings = { seed: 5, epochs: 2, learning_rate: 0.001, batch_size: 32, optimizer: 'adam', augment: false };

function setUp() {
  const events: WorkerEvent[] = [];
  const trainer = new Trainer(engine, split, (event) => void events.push(event));
  const finish = () => {
    while (trainer.busy) trainer.advance();
  };
  const points = (which: 'training_points' | 'held_out_points') =>
    events.flatMap((event) => (event.kind === 'progress' ? [...event[which]] : []));
  const last = () => events.findLast((event): event is Checkpoint => event.kind === 'checkpoint');
  return { trainer, events, finish, points, last };
}

type Run = ReturnType<typeof setUp>;
const sameBytes = (a: Run, b: Run) => Buffer.compare(a.last()!.weights, b.last()!.weights) === 0;

it('a run ends after its epochs, with a checkpoint and a point for every judgement', () => {
  const { trainer, events, finish, points, last } = setUp();
  trainer.start({ settings });
  finish();
  expect(events.at(-1)).toEqual({ kind: 'finished', reason: 'complete' });
  expect(last()).toMatchObject({ epochs_done: 2 });
  const steps = points('held_out_points').filter((_, at) => at % 3 === 0);
  expect(steps[0]).toBe(0);
  expect(steps.at(-1)).toBe(14);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
});

it('pauses and drawings change neither the weights nor the curve', () => {
  const whole = setUp();
  whole.trainer.start({ settings });
  whole.finish();

  const cut = setUp();
  cut.trainer.start({ settings });
  for (let turn = 0; cut.trainer.busy; turn += 1) {
    cut.trainer.advance();
    cut.trainer.look({ image: split.heldOut.images.slice(0, pixels) });
    cut.trainer.guesses();
    if (!cut.trainer.busy || turn % 3 > 0) continue;
    cut.trainer.pause();
    cut.trainer.resume();
  }
  expect(sameBytes(cut, whole)).toBe(true);
  // Means of means: the same but for the last bits.
  const points = whole.points('training_points');
  expect(cut.points('training_points')).toHaveLength(points.length);
  cut.points('training_points').forEach((value, at) => expect(value).toBeCloseTo(points[at]!, 10));
});

it('training on is the same as having asked for more epochs', () => {
  const whole = setUp();
  whole.trainer.start({ settings: { ...settings, epochs: 3 } });
  whole.finish();

  const twice = setUp();
  twice.trainer.start({ settings });
  twice.finish();
  twice.trainer.extend({ epochs: 3 });
  twice.finish();
  expect(sameBytes(twice, whole)).toBe(true);
});

it('a stopped run can be looked at and goes on where it stood', () => {
  const { trainer, events, finish, last } = setUp();
  trainer.start({ settings });
  for (let turn = 0; turn < 4; turn += 1) trainer.advance();
  trainer.stop();
  expect(events.at(-1)).toEqual({ kind: 'finished', reason: 'stopped' });
  expect(trainer.busy).toBe(false);
  const { probabilities, filters } = trainer.look({ image: split.heldOut.images.slice(0, pixels) });
  expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 4);
  expect(filters).toHaveLength(288);
  trainer.extend({ epochs: 2 });
  finish();
  expect(last()).toMatchObject({ epochs_done: 2 });
});

it('a fresh worker goes on from a checkpoint and counts on from it', () => {
  const first = setUp();
  first.trainer.start({ settings });
  first.finish();
  const { weights, epochs_done } = first.last()!;

  const second = setUp();
  const { accuracy } = second.trainer.restore({ settings, from: { weights: weights.slice(), epochs_done } });
  expect(accuracy).toBe(first.last()!.accuracy);
  second.trainer.start({ settings: { ...settings, epochs: 3 }, from: { weights, epochs_done } });
  second.finish();
  expect(second.last()).toMatchObject({ epochs_done: 3 });
  expect(second.points('held_out_points')[0]).toBe(14);
});

it('what makes no sense now is refused by its code', () => {
  const { trainer } = setUp();
  expect(() => trainer.pause()).toThrow('no_run');
  expect(() => trainer.look({ image: new Float32Array(pixels) })).toThrow('no_run');
});
