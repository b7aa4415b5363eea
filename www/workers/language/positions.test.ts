// The study on a text whose order matters: what it claims of each kind of positions is measured here.
import { load } from 'danlu';
import { expect, it } from 'vitest';
import { PositionsStudy, sizes } from './positions.ts';
import type { PositionsEvent, Studied } from './positions.protocol.ts';
import { generator } from './random.ts';

/** Enough to learn where to look. */
const STEPS = 200;

/** Each letter is that of four places before, mostly: only who counts can guess. */
function periodic(length: number): string {
  const random = generator(5);
  const letters = [...'abcdefgh'];
  const text: string[] = [];
  for (let at = 0; at < length; at += 1) text.push(at >= 4 && random() < 0.9 ? text[at - 4]! : letters[Math.floor(random() * letters.length)]!);
  return text.join('');
}

async function studied(text: string) {
  const engine = await load({ variant: 'simd' });
  const events: PositionsEvent[] = [];
  const study = new PositionsStudy(() => Promise.resolve(engine), (event) => events.push(event), () => performance.now(), STEPS);
  const begun = await study.perform({ id: 1, call: 'study', ask: { text, seed: 1 } });
  while (study.busy) study.advance();
  const results = new Map(events.flatMap((event) => (event.kind === 'studied' ? [[event.result.positions, event.result] as const] : [])));
  return { begun, events, results };
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

it('trains each kind alike, reads beyond the context where that can be done, and moves what it reads', async () => {
  const { begun, events, results } = await studied(periodic(4000));
  expect([...results.keys()]).toEqual(['learned', 'rotary', 'none']);
  expect(begun).toMatchObject({ context: 32, reach: 64, steps: STEPS });
  expect(events.at(-1)).toMatchObject({ kind: 'finished' });
  const { learned, rotary, none } = Object.fromEntries(results) as Record<string, Studied>;
  // The first characters can't be known.
  for (const one of [learned, rotary, none]) expect(one!.readings[0]!.loss[0]).toBeGreaterThan(1.5);
  expect(rotary!.held_out_loss).toBeLessThan(none!.held_out_loss);
  expect(rotary!.parameters).toBe(none!.parameters);
  expect(learned!.parameters - none!.parameters).toBe(sizes.context * sizes.width);

  expect(learned!.refusal).toMatchObject({ fatal: false, fields: { expected: '[64,64]', got: '[32,64]' } });
  expect(learned!.readings.map(({ how, loss }) => [how, loss.length])).toEqual([['plain', 32]]);
  expect(none!.readings.map(({ how, loss }) => [how, loss.length])).toEqual([['plain', 64]]);
  expect(rotary!.readings.map(({ how, loss }) => [how, loss.length])).toEqual([['plain', 64], ['ntk', 64], ['interpolated', 64]]);
  // Other angles are other numbers.
  const [plain, ntk, interpolated] = rotary!.readings.map(({ loss }) => mean(loss));
  expect(new Set([plain, ntk, interpolated]).size).toBe(3);

  // Only learned rows know where they stand.
  expect(rotary!.moved.most).toBeLessThan(1e-4);
  expect(none!.moved.most).toBe(0);
  expect(learned!.moved.most).toBeGreaterThan(0.05);
  expect(rotary!.moved.moved_loss).toBeCloseTo(rotary!.moved.loss, 4);

  // A head that looks a fixed way back: the period is 4, so 3 before is what comes next.
  for (const { layer, heads, shares } of rotary!.attention) {
    expect([layer.startsWith('block_'), heads, shares.length]).toEqual([true, 4, 4 * 16]);
    for (let head = 0; head < heads; head += 1) expect(shares.subarray(16 * head, 16 * head + 16).reduce((sum, share) => sum + share, 0)).toBeLessThan(1.0001);
  }
  const strongest = Math.max(...rotary!.attention.flatMap(({ shares }) => [0, 1, 2, 3].map((head) => shares[16 * head + 3]!)));
  expect(strongest).toBeGreaterThan(0.5);
}, 120_000);

it('refuses a text that is too short, and a stop gives the study up', async () => {
  const engine = await load({ variant: 'simd' });
  const events: PositionsEvent[] = [];
  const study = new PositionsStudy(() => Promise.resolve(engine), (event) => events.push(event));
  await expect(study.perform({ id: 1, call: 'study', ask: { text: 'short', seed: 1 } })).rejects.toMatchObject({ code: 'text_too_short' });
  await study.perform({ id: 2, call: 'study', ask: { text: periodic(2000), seed: 1 } });
  study.advance();
  await study.perform({ id: 3, call: 'stop', ask: {} });
  expect(study.busy).toBe(false);
  expect(events.every(({ kind }) => kind === 'progress')).toBe(true);
});
