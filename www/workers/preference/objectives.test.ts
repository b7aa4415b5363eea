// Held to the solution of the exercise dpo-grpo: tests/fixtures/record_preference.py wrote down what it answers.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dpo, grpo, groupOf, weightsOf } from './objectives.ts';

interface Recorded {
  dpo: { chosen: number[]; rejected: number[]; ref_chosen: number[]; ref_rejected: number[]; beta: number; loss: number; dchosen: number[]; drejected: number[] }[];
  groups: { rewards: number[][]; advantages: number[][] }[];
  grpo: { rows: number; clip: number; beta: number; logp: number[]; old: number[]; ref: number[]; mask: number[]; advantage: number[]; loss: number; dlogp: number[] }[];
}

const recorded = JSON.parse(readFileSync(new URL('../../../tests/fixtures/preference.json', import.meta.url), 'utf8')) as Recorded;

function expectClose(got: ArrayLike<number>, expected: readonly number[]) {
  expect(got.length).toBe(expected.length);
  expected.forEach((value, at) => expect(Math.abs(got[at]! - value), `at ${at}: ${got[at]} for ${value}`).toBeLessThanOrEqual(1e-12 + 1e-9 * Math.abs(value)));
}

describe('the exercise’s solution and the room agree', () => {
  it.each(recorded.dpo)('on DPO with β = $beta', ({ ref_chosen, ref_rejected, loss, dchosen, drejected, ...pairs }) => {
    const got = dpo({ ...pairs, refChosen: ref_chosen, refRejected: ref_rejected });
    expectClose([got.loss], [loss]);
    expectClose(got.dchosen, dchosen);
    expectClose(got.drejected, drejected);
  });

  it('on advantages, which are 0 in a group of equal rewards', () => {
    for (const { rewards, advantages } of recorded.groups) rewards.forEach((row, at) => expectClose(groupOf(row).advantages, advantages[at]!));
    expect(groupOf([0.1, 0.1, 0.1])).toMatchObject({ deviation: 0, advantages: [0, 0, 0] });
  });

  it.each(recorded.grpo)('on GRPO with ε = $clip, β = $beta', ({ logp, old, ref, mask, loss, dlogp, ...rest }) => {
    const got = grpo({ ...rest, logp: Float64Array.from(logp), old: Float64Array.from(old), ref: Float64Array.from(ref), mask: Uint8Array.from(mask) });
    expectClose([got.loss], [loss]);
    expectClose(got.dlogp, dlogp);
  });
});

it('counts a token as held exactly where its ratio is past where its advantage pushes it', () => {
  const old = Float64Array.of(0, 0, 0, 0);
  const logp = Float64Array.from([1.5, 1.5, 0.5, 0.5], Math.log);
  const got = grpo({ logp, old, ref: old, mask: Uint8Array.of(1, 1, 1, 1), rows: 1, advantage: [1, -1, 1, -1], clip: 0.2, beta: 0 });
  expect([...got.held]).toEqual([1, 0, 0, 1]);
  expectClose(got.dlogp, [0, 0.375, -0.125, 0]);
});

it('gives the engine weights whose mean over all positions is the sum of what was asked', () => {
  expectClose(weightsOf(Float64Array.of(0.5, -0.25, 0, 0)), [-2, 1, -0, -0]);
});
