import { expect, it } from 'vitest';
import type { Settings } from '../../../workers/language/protocol.ts';
import { askedBy, bounds, queryOf, sections, usual } from './settings.ts';

it('the usual settings need no address, others come back from theirs, with the section', () => {
  expect(queryOf(usual).toString()).toBe('');
  expect(askedBy(new URLSearchParams())).toEqual({ settings: usual, section: undefined, refused: [] });
  const other: Settings = { ...usual, tokeniser: 'bpe', vocabulary: 300, positions: 'rotary', context: 32, width: 48, heads: 3, blocks: 1, batch_size: 8, learning_rate: 2.5e-5, steps: 90, seed: 7 };
  for (const section of [undefined, ...sections]) expect(askedBy(queryOf(other, section))).toEqual({ settings: other, section, refused: [] });
});

it('what cannot be is told by name, and the rest is taken', () => {
  const { settings, section, refused } = askedBy(new URLSearchParams('section=nowhere&context=7&learning_rate=fast&steps=10'));
  expect(settings).toEqual({ ...usual, steps: 10 });
  expect(section).toBeUndefined();
  expect(refused).toEqual([
    { name: 'context', got: '7', expected: bounds.context.join('–') },
    { name: 'learning_rate', got: 'fast', expected: bounds.learning_rate.join('–') },
    { name: 'section', got: 'nowhere', expected: sections.join(', ') },
  ]);
});
