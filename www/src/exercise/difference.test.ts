import { expect, test } from 'vitest';
import { compare, shapeText, type Line } from './difference.ts';

const marked = (lines: Line[]) => lines.map((line) => line.map(({ text, mark }) => {
  const sign = { same: '', differs: '~', first: '!', worst: '*' }[mark];
  return sign + text + sign;
}).join('')).join('\n');

function checkMarks(expected: string, got: string, left: string, right: string): void {
  const difference = compare({ text: expected }, { text: got });
  expect(marked(difference.expected)).toBe(left);
  expect(marked(difference.got)).toBe(right);
}

test('equal texts have no difference', () => {
  expect(compare({ text: '[1. 2.]' }, { text: '[1. 2.]' }).first).toBeNull();
});

test('the first differing number is marked on both sides', () =>
  checkMarks('[0.1 0.2]\n[0.3 0.4]', '[0.1 0.2]\n[0.5 0.6]', '[0.1 0.2]\n[!0.3! ~0.4~]', '[0.1 0.2]\n[!0.5! ~0.6~]'));

test('padding between columns is no difference', () =>
  checkMarks('[1.  10.]', '[1. 10.]', '[1.  10.]', '[1. 10.]'));

test('a sign and an exponent belong to their number', () =>
  checkMarks('[-1e-05 2]', '[1e-05 2]', '[!-1e-05! 2]', '[!1e-05! 2]'));

test('nan and inf are numbers', () => checkMarks('[0.5 1.]', '[nan inf]', '[!0.5! ~1.~]', '[!nan! ~inf~]'));

test('lines of different length agree at both ends', () =>
  checkMarks('(2, 3, 4)', '(2, 4)', '(2, !3!~,~ 4)', '(2, 4)'));

test('a line that is missing on one side differs as a whole', () =>
  checkMarks('[1]', '[1]\n[2]', '[1]', '[1]\n![!~2]~'));

test('the first difference is told by line and tokens', () => {
  expect(compare({ text: 'a\n[1 2]' }, { text: 'a\n[1 3]' }).first).toEqual({ line: 2, expected: '2', got: '3' });
});

test('the worst element is marked where the whole array is printed', () => {
  const value = (text: string) => ({ text, shape: [2, 2], worst_index: [1, 1] });
  const difference = compare(value('[[1 2]\n [3 4]]'), value('[[1 5]\n [6 9]]'));
  expect(marked(difference.got)).toBe('[[1 !5!]\n [~6~ *9*]]');
  expect(marked(difference.expected)).toBe('[[1 !2!]\n [~3~ *4*]]');
});

test('a shortened array marks no worst element, because its place in the text is unknown', () => {
  const value = (text: string) => ({ text, shape: [1000], worst_index: [999] });
  expect(marked(compare(value('[1 ... 2]'), value('[1 ... 3]')).got)).toBe('[1 ... !3!]');
});

test('shapes are written as Python writes them', () => {
  expect([[], [3], [2, 3]].map(shapeText)).toEqual(['()', '(3,)', '(2, 3)']);
});
