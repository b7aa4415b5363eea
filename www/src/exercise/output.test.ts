import { expect, test } from 'vitest';
import { RunOutput } from './output.svelte.ts';

const figure = (number: number, live = false) => ({ stream: 'figure' as const, drawing: JSON.stringify({ width: 10, height: 10, number, live, items: [] }) });
const text = (words: string) => ({ stream: 'stdout' as const, text: words });
const kinds = (output: RunOutput) => output.pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'figure' ? `figure ${piece.drawing.number}` : piece.kind));

test('text and figures stay in the order in which they came', () => {
  const output = new RunOutput();
  for (const chunk of [text('a'), text('b'), figure(1), text('c'), figure(2)]) output.add(chunk);
  expect(kinds(output)).toEqual(['ab', 'figure 1', 'c', 'figure 2']);
  expect(output.text).toBe('abc');
  output.clear();
  expect(output.empty).toBe(true);
});

test('a figure shown while it is open gives way to its next drawing', () => {
  const output = new RunOutput();
  for (const chunk of [figure(1, true), text('x'), figure(1, true), figure(2), figure(1), figure(1)]) output.add(chunk);
  expect(kinds(output)).toEqual(['figure 1', 'x', 'figure 2', 'figure 1']);
});

test('what is no drawing is left out, and too many are counted', () => {
  const output = new RunOutput();
  output.add({ stream: 'figure', drawing: '{"width": -1}' });
  expect(output.empty).toBe(true);
  for (let n = 0; n < 65; n += 1) output.add(figure(n));
  expect([output.pieces.length, output.figuresCut]).toEqual([60, 5]);
});
