import { expect, it } from 'vitest';
// @ts-expect-error plain JavaScript.
import { plainText } from './corpus.mjs';

it('keeps the sentences and drops formulas, marks, addresses and sources', () => {
  const markdown = [
    '<!-- section: short -->',
    'Subtract the **maximum**: see [softmax](#/exercises/stable-softmax).',
    '',
    'Because $e^{x}$ overflows.',
    '$$\ne^{x}\n$$',
    '<!-- section: listen -->',
    '- `exp` of 1000 is infinite.',
    '<!-- section: sources -->',
    '- A. Author. 2020.',
  ].join('\n');
  expect(plainText(markdown)).toBe('Subtract the maximum: see softmax.\nexp of 1000 is infinite.');
});
