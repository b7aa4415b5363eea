import { expect, it } from 'vitest';
import { queryOf, settingsOf, usual, type Settings } from './detect-address.ts';

it('the usual settings need no address, others come back from theirs', () => {
  expect(queryOf(usual).toString()).toBe('');
  expect(settingsOf(new URLSearchParams())).toEqual({ settings: usual, refused: [] });
  const other: Settings = {
    steps: 300, box: 'l1', seed: 9, digits: 3, crowd: 0, scenes: 40, kind: 'placed', scene: 12,
    placed: [{ digit: 17, x: 30, y: 0, height: 28 }, { digit: 1999, x: 44, y: 41, height: 48 }], score: 5, nms: 0, by: 'any',
  };
  expect(settingsOf(queryOf(other))).toEqual({ settings: other, refused: [] });
});

it('what cannot be is told by name, and the rest is taken', () => {
  const { settings, refused } = settingsOf(new URLSearchParams('nms=101&box=l2&placed=2000.1.1.20&colour=red&scene=4'));
  expect(settings).toEqual({ ...usual, scene: 4 });
  expect(refused).toEqual([
    { name: 'nms', got: '101', expected: '0–100' },
    { name: 'box', got: 'l2', expected: 'l1, iou, giou' },
    { name: 'placed', got: '2000.1.1.20', expected: '17.30.40.28-…' },
    { name: 'colour', got: 'red', expected: Object.keys(usual).join(', ') },
  ]);
});
