/**
 * Lays what was expected beside what came, token by token, so that the eye lands on the first difference. The judge
 * sends both texts aligned line by line.
 */
import type { ShownValue } from '../python/types.ts';

/** first: the first difference · worst: the worst element of an array · differs: any other difference. */
export type Mark = 'same' | 'differs' | 'first' | 'worst';
export interface Piece { text: string; mark: Mark }
export type Line = Piece[];

export interface Difference {
  expected: Line[];
  got: Line[];
  /** The line of the first difference, counted from 1, and its two tokens. */
  first: { line: number; expected: string; got: string } | null;
}

const TOKEN = /[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|[+-]?(?:inf|nan)\b|[A-Za-z_]\w*|\s+|[^]/gi;
const NUMBER = /^[+-]?(?:\d|\.\d|inf$|nan$)/i;

const tokens = (line: string): string[] => line.match(TOKEN) ?? [];
const isBlank = (token: string): boolean => token.trim() === '';

/** Which of a line's tokens differ from the other line's. */
function differing(mine: string[], theirs: string[]): boolean[] {
  const solid = (list: string[]) => list.map((token, index) => ({ token, index })).filter(({ token }) => !isBlank(token));
  const [a, b] = [solid(mine), solid(theirs)];
  const result = mine.map(() => false);
  if (a.length === b.length) {
    a.forEach(({ token, index }, n) => { result[index] = token !== b[n]?.token; });
    return result;
  }
  // Lines of different length agree at their start and at their end; everything between is marked.
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head]?.token === b[head]?.token) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail]?.token === b[b.length - 1 - tail]?.token) tail += 1;
  for (const { index } of a.slice(head, a.length - tail)) result[index] = true;
  return result;
}

/** The number of the worst element among the text's numbers, when every element of the array is printed. */
function worstNumber(shape: number[] | undefined, worst: number[] | undefined, lines: string[][]): number | null {
  if (!shape || !worst || worst.length !== shape.length) return null;
  const printed = lines.flat().filter((token) => NUMBER.test(token)).length;
  if (printed !== shape.reduce((product, extent) => product * extent, 1)) return null;
  return worst.reduce((offset, index, axis) => offset * (shape[axis] ?? 0) + index, 0);
}

function mark(lines: string[][], others: string[][], worst: number | null): Line[] {
  let number = -1;
  let firstSeen = false;
  return lines.map((line, row) => {
    const differs = others[row] === undefined ? line.map((token) => !isBlank(token)) : differing(line, others[row]);
    const pieces: Line = [];
    line.forEach((token, index) => {
      if (NUMBER.test(token)) number += 1;
      let kind: Mark = differs[index] ? 'differs' : 'same';
      if (kind === 'differs' && !firstSeen) {
        firstSeen = true;
        kind = 'first';
      } else if (kind === 'differs' && worst !== null && number === worst && NUMBER.test(token)) kind = 'worst';
      const last = pieces.at(-1);
      if (last && last.mark === kind && kind !== 'first' && kind !== 'worst') last.text += token;
      else pieces.push({ text: token, mark: kind });
    });
    return pieces;
  });
}

export function compare(expected: ShownValue, got: ShownValue): Difference {
  const a = expected.text.split('\n').map(tokens);
  const b = got.text.split('\n').map(tokens);
  const worst = got.worst_index ?? expected.worst_index;
  const left = mark(a, b, worstNumber(expected.shape, worst, a));
  const right = mark(b, a, worstNumber(got.shape, worst, b));
  const find = (lines: Line[]) => lines.findIndex((line) => line.some((piece) => piece.mark === 'first'));
  const rows = [find(left), find(right)].filter((row) => row !== -1);
  if (rows.length === 0) return { expected: left, got: right, first: null };
  const row = Math.min(...rows);
  const token = (lines: Line[]) => lines[row]?.find((piece) => piece.mark === 'first')?.text ?? '';
  return { expected: left, got: right, first: { line: row + 1, expected: token(left), got: token(right) } };
}

/** `(2, 3)`, as Python writes a shape. */
export function shapeText(shape: number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
