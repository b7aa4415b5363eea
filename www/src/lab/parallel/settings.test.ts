import { expect, it } from 'vitest';
import { queryOf, settingsOf, usual, type Settings } from './settings.ts';

it('the usual settings need no address, others come back from theirs', () => {
  expect(queryOf(usual).toString()).toBe('');
  expect(settingsOf(new URLSearchParams())).toEqual({ settings: usual, refused: [] });
  const other: Settings = { model: 'mlp', batch_size: 32, workers: 5, topology: 'star', grid: false, policy: 'replacement', epochs: 3, limit: 500, seed: 9, compare: false };
  expect(settingsOf(queryOf(other))).toEqual({ settings: other, refused: [] });
});

it('what cannot be is told by name, and the rest is taken', () => {
  const { settings, refused } = settingsOf(new URLSearchParams('workers=99&model=gpt&seed=-1&grid=maybe&colour=red&epochs=4'));
  expect(settings).toEqual({ ...usual, epochs: 4 });
  expect(refused).toEqual([
    { name: 'workers', got: '99', expected: '1–8' },
    { name: 'model', got: 'gpt', expected: 'lenet, mlp, article, vgg' },
    { name: 'seed', got: '-1', expected: '0–4294967295' },
    { name: 'grid', got: 'maybe', expected: 'false, true' },
    { name: 'colour', got: 'red', expected: Object.keys(usual).join(', ') },
  ]);
});
