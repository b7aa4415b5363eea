// Holds the room's byte-pair encoding to the exercise's solution, whose answers tests/fixtures/record_bpe.py recorded.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Bpe, BYTES, countPieces, lengthsOf, pieces, trainMerges, type Pair } from './bpe.ts';

interface Recorded {
  cases: { name: string; text: string; size: number; pieces: number; merges: Pair[]; length: number; cut: { text: string; tokens: number[] }[] }[];
  halves: { tokens: number[]; text: string }[];
}
const recorded = JSON.parse(readFileSync(new URL('../../../tests/fixtures/bpe.json', import.meta.url), 'utf8')) as Recorded;

describe.each(recorded.cases)('on the text “$name”', ({ text, size, merges, length, cut, ...each }) => {
  const learnt = trainMerges(countPieces(text), size);
  const bpe = new Bpe(learnt.pairs);

  it('cuts the same pieces and learns the same merges', () => {
    expect(pieces(text).join('')).toBe(text);
    expect(pieces(text)).toHaveLength(each.pieces);
    expect(learnt.pairs).toEqual(merges);
  });

  it('cuts other texts into the same tokens, and gives them back', () => {
    for (const other of cut) {
      expect([...bpe.encode(other.text)]).toEqual(other.tokens);
      expect(bpe.decode(other.tokens)).toBe(other.text);
    }
  });

  it('says how long the text is after each merge', () => {
    expect(learnt.lengths.at(-1)).toBe(length);
    expect(bpe.encode(text)).toHaveLength(length);
    expect(learnt.lengths[0]).toBe(new TextEncoder().encode(text).length);
    const half = merges.slice(0, Math.floor(merges.length / 2));
    expect(learnt.lengths[half.length]).toBe(new Bpe(half).encode(text).length);
    for (const other of cut) {
      const lengths = lengthsOf(other.text, merges);
      expect(lengths.at(-1)).toBe(other.tokens.length);
      expect(lengths[half.length]).toBe(new Bpe(half).encode(other.text).length);
    }
  });
});

it('shows a text after each merge, and which merges changed it', () => {
  // The exercise's example: es, est, lo, low, ew, new.
  const merges: Pair[] = [[101, 115], [256, 116], [108, 111], [258, 119], [101, 119], [110, 260]];
  const bpe = new Bpe(merges);
  const watch = (text: string, most?: number) => ({ ...bpe.watch(text, most), tokens: [...bpe.watch(text, most).tokens] });
  expect(watch('lowest newer')).toEqual({ tokens: [259, 257, 32, 261, 101, 114], used: [0, 1, 2, 3, 4, 5] });
  expect(watch('est', 1)).toEqual({ tokens: [256, 116], used: [0] });
  expect(watch('low', 3)).toEqual({ tokens: [258, 119], used: [2] });
  for (let most = 0; most <= merges.length; most++) expect(watch('lowest newer', most).tokens).toEqual([...new Bpe(merges.slice(0, most)).encode('lowest newer')]);
});

it('counts a pair at every place, times how often its piece occurs', () => {
  expect(trainMerges(new Map([['aaaa', 2], ['bc', 5]]), 258)).toEqual({ pairs: [[97, 97], [98, 99]], counts: [6, 5], lengths: [18, 14, 9] });
  expect(trainMerges(new Map(), 300).pairs).toEqual([]);
  expect(trainMerges(new Map([['ab', 1]]), BYTES).pairs).toEqual([]);
});

it('cuts a piece of any length, and half a surrogate pair as the character that stands for it', () => {
  const long = '炉火纯青炼丹不易'.repeat(20_000);
  const { pairs } = trainMerges(countPieces(long), 300);
  const bpe = new Bpe(pairs);
  const tokens = bpe.encode(long);
  expect(tokens.length).toBeLessThan(long.length / 4);
  expect(bpe.decode(tokens)).toBe(long);
  expect([...new Bpe([]).encode('a\ud83d b')]).toEqual([97, 0xef, 0xbf, 0xbd, 32, 98]);
});

it('shows bytes that are no whole characters as the exercise does', () => {
  const bytes = new Bpe([]);
  for (const { tokens, text } of recorded.halves) expect(bytes.decode(tokens)).toBe(text);
});
