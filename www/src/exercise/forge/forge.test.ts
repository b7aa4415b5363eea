import { expect, test } from 'vitest';
import { SLOTS, asFramework, assemble } from './assemble.ts';
import { takeLine } from './forge.svelte.ts';

const packed = { trainImages: 'a', trainLabels: 'b', heldImages: 'c', heldLabels: 'SECRET' };

test('only lines of the form that a run prints are taken, and the mean of the milliseconds with them', () => {
  const ran = { curve: { step: [], loss: [] }, ms: null, accuracy: null, report: null };
  expect(['step 4 loss 2.3 ms 10.0', 'hello', 'step 8 loss nan ms 30.0'].map((line) => takeLine(ran, line))).toEqual([true, false, true]);
  expect(ran).toMatchObject({ curve: { step: [4, 8], loss: [2.3, NaN] }, ms: 20 });
});

test('the labels that the accuracy is counted by never reach the learner’s runtime', () => {
  const { solution, exercise } = assemble(new Map([['adam', 'class Adam: pass']]), packed);
  expect(exercise.checks).toContain('SECRET');
  expect(solution + exercise.given).not.toContain('SECRET');
});

test('each part is the reader’s where there is an answer, else the engine’s', () => {
  const { solution } = assemble(new Map([['conv2d-naive', "def conv2d(x, w, b=None):\n    '''doc'''\n    return '\\n'\n"]]), packed);
  expect(solution).toContain('"conv2d": conv2d_naive.conv2d,');
  expect(solution).toContain('"dense": given.dense,');
  expect(solution).toContain("\\'\\'\\'doc");
});

test('the framework names each answer by its exercise', () => {
  const words = { head: 'h', net: 'n', theirs: 't', digits: 'd' };
  const code = new Map(SLOTS.map(({ exercise }) => [exercise, 'pass']));
  const text = asFramework(code, packed, words, (exercise) => `Title of ${exercise}`);
  for (const { exercise } of SLOTS) expect(text).toContain(`# Title of ${exercise}\n`);
  expect(text).not.toContain('given');
  expect(text).not.toContain('danlu');
});
