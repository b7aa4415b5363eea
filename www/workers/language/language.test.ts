import { expect, it } from 'vitest';
import { labelOf, visible } from './labels.ts';
import { generator } from './random.ts';
import { candidates, draw } from './sampling.ts';
import { RARE, readCorpus, windows } from './text.ts';

const characters = { tokeniser: 'characters', vocabulary: 512 } as const;

it('numbers the characters of a text, the rare ones together, and keeps back its end', () => {
  const { tokeniser, train, heldOut, trainBytes, heldOutBytes, rare } = readCorpus(`${'炉火'.repeat(49)}xy`, characters);
  expect(tokeniser.labels).toEqual(['火', '炉', RARE]);
  expect(train.length + heldOut.length).toBe(100);
  expect(heldOut).toHaveLength(10);
  expect([...heldOut.subarray(-4)]).toEqual([1, 0, 2, 2]);
  expect([...heldOutBytes.subarray(-4)]).toEqual([3, 3, 1, 1]);
  expect(trainBytes.reduce((sum, size) => sum + size)).toBe(270);
  expect(rare).toBe(2);
  expect(tokeniser.encode('火炉z火z')).toEqual({ tokens: [0, 1, 0], unknown: ['z'] });
  expect(tokeniser.decode([1, 0, 2])).toEqual({ text: '炉火□', broken: 0 });
});

it('cuts the same text into byte pairs, learnt from what is not kept back', () => {
  const text = `${'炉火'.repeat(45)}${'丹炉'.repeat(5)}`;
  const { tokeniser, train, heldOut, trainBytes, heldOutBytes } = readCorpus(text, { tokeniser: 'bpe', vocabulary: 262 });
  expect(tokeniser.labels).toHaveLength(262);
  expect(tokeniser.labels.slice(97, 99)).toEqual(['a', 'b']);
  expect(tokeniser.labels[0xe7]).toBe('⟨E7⟩');
  // Of 丹 nothing was learnt: it stays three bytes.
  expect(tokeniser.decode([...train])).toEqual({ text: '炉火'.repeat(45), broken: 0 });
  expect(tokeniser.decode([...heldOut])).toEqual({ text: '丹炉'.repeat(5), broken: 0 });
  expect(tokeniser.labels.filter((_, token) => token > 255)).not.toContain('丹');
  expect(trainBytes.reduce((sum, size) => sum + size)).toBe(270);
  expect(heldOutBytes.reduce((sum, size) => sum + size)).toBe(30);
  expect(tokeniser.encode('丹\r\nz')).toEqual({ tokens: [0xe4, 0xb8, 0xb9, 10, 0x7a], unknown: [] });
  expect(tokeniser.decode([0xe4, 0xb8, 0x7a, 0xff])).toEqual({ text: '\ufffdz\ufffd', broken: 3 });
});

it('shows white space and bytes that are no character', () => {
  expect(labelOf(Uint8Array.of(0xe7, 0x82))).toBe('⟨E7·82⟩');
  expect(labelOf(Uint8Array.of(0x82, 0x20, 0xe7, 0x82, 0x89, 0xf0))).toBe('⟨82⟩ 炉⟨F0⟩');
  expect(labelOf(new TextEncoder().encode('火'.repeat(21)))).toBe(`${'火'.repeat(20)}…`);
  expect(visible(' a\n\t\x00\x7f')).toBe('␣a↵⇥␀␡');
});

it('pairs each window with what follows every character of it', () => {
  const { x, next } = windows(Uint32Array.of(5, 6, 7, 8, 9), 3, [0, 1]);
  expect([...x]).toEqual([5, 6, 7, 6, 7, 8]);
  expect([...next]).toEqual([6, 7, 8, 7, 8, 9]);
});

const p = Float32Array.of(0.1, 0.4, 0.2, 0.3);
const rounded = (list: { token: number; p: number }[]) => list.map(({ token, p }) => [token, Number(p.toFixed(4))]);

it('weighs candidates by temperature, then cuts by top-k, then by top-p', () => {
  expect(rounded(candidates(p, { temperature: 1, top_k: 0, top_p: 1 }))).toEqual([[1, 0.4], [3, 0.3], [2, 0.2], [0, 0.1]]);
  expect(rounded(candidates(p, { temperature: 0, top_k: 0, top_p: 1 }))).toEqual([[1, 1]]);
  // 0.4² : 0.3² : 0.2² : 0.1² = 16 : 9 : 4 : 1
  expect(rounded(candidates(p, { temperature: 0.5, top_k: 2, top_p: 1 }))).toEqual([[1, 0.64], [3, 0.36]]);
  expect(rounded(candidates(p, { temperature: 1, top_k: 0, top_p: 0.7 }))).toEqual([[1, 0.5714], [3, 0.4286]]);
  expect(rounded(candidates(p, { temperature: 1, top_k: 0, top_p: 0.71 }))).toHaveLength(3);
  expect(candidates(p, { temperature: 1, top_k: 1, top_p: 0.01 })).toEqual([{ token: 1, p: 1 }]);
});

it('draws as often as the probabilities say, and the same with the same seed', () => {
  const list = candidates(p, { temperature: 1, top_k: 0, top_p: 1 });
  const counts = [0, 0, 0, 0];
  const random = generator(1);
  for (let at = 0; at < 40_000; at++) counts[draw(list, random())]! += 1;
  counts.forEach((count, token) => expect(Math.abs(count / 40_000 - p[token]!)).toBeLessThan(0.01));
  const [a, b] = [generator(7), generator(7)];
  expect(Array.from({ length: 5 }, a)).toEqual(Array.from({ length: 5 }, b));
});
