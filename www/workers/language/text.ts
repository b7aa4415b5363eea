// A text as numbers: one for each character, the rare ones together.

/** Stands for every character that a text has too seldom for a model to learn. */
export const RARE = '□';
/** A character must occur so often. */
const LEAST = 3;
/** What is kept back of a text, at its end, to judge the model by. */
const HELD_OUT = 0.1;

export interface Corpus {
  vocabulary: string[];
  train: Uint32Array;
  heldOut: Uint32Array;
}

/** Characters as readers count them, not UTF-16's halves. */
const characters = (text: string) => [...text.replace(/\r\n?/g, '\n')];

/** The vocabulary in the order of its code points; RARE is last where it is needed. */
export function readCorpus(text: string): Corpus {
  const all = characters(text);
  const counts = new Map<string, number>();
  for (const character of all) counts.set(character, (counts.get(character) ?? 0) + 1);
  const known = [...counts].filter(([character, count]) => count >= LEAST && character !== RARE).map(([character]) => character);
  known.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const vocabulary = known.length === counts.size ? known : [...known, RARE];
  const numbers = new Map(vocabulary.map((character, number) => [character, number]));
  const rare = vocabulary.length - 1;
  const tokens = Uint32Array.from(all, (character) => numbers.get(character) ?? rare);
  const cut = Math.floor(tokens.length * (1 - HELD_OUT));
  return { vocabulary, train: tokens.subarray(0, cut), heldOut: tokens.subarray(cut) };
}

/** The prompt in numbers; what the vocabulary lacks is left out and named. */
export function encode(vocabulary: string[], text: string): { tokens: number[]; unknown: string[] } {
  const numbers = new Map(vocabulary.map((character, number) => [character, number]));
  const all = characters(text);
  const unknown = [...new Set(all.filter((character) => !numbers.has(character)))];
  return { tokens: all.flatMap((character) => numbers.get(character) ?? []), unknown };
}

/**
 * Windows of `context` characters and, for each, what follows it, as the engine takes a batch.
 * Shape: x `[starts][context]`, next the same.
 */
export function windows(tokens: Uint32Array, context: number, starts: number[]): { x: Float32Array<ArrayBuffer>; next: Uint32Array<ArrayBuffer> } {
  const x = new Float32Array(starts.length * context);
  const next = new Uint32Array(starts.length * context);
  starts.forEach((start, at) => {
    x.set(tokens.subarray(start, start + context), at * context);
    next.set(tokens.subarray(start + 1, start + context + 1), at * context);
  });
  return { x, next };
}
