// A text as numbers: one for each character, the rare ones together, or one for each token that byte-pair encoding makes.
import { Bpe, countPieces, trainMerges, utf8Length } from './bpe.ts';
import { labelOf, partsOf } from './labels.ts';
import type { Settings } from './protocol.ts';

/** Stands for every character that a text has too seldom for a model to learn. */
export const RARE = '□';
/** A character must occur so often. */
const LEAST = 3;
/** What is kept back of a text, at its end, to judge the model by. */
const HELD_OUT = 0.1;

/** Text to numbers and back. */
export interface Tokeniser {
  /** What each token looks like; with bytes that are no whole character, these. */
  labels: string[];
  /** `unknown` are characters that it has no token for; they are left out. */
  encode(text: string): { tokens: number[]; unknown: string[] };
  /** `broken` counts bytes that made no whole character; U+FFFD stands for them. */
  decode(tokens: readonly number[]): { text: string; broken: number };
}

export interface Corpus {
  tokeniser: Tokeniser;
  train: Uint32Array;
  heldOut: Uint32Array;
  /** UTF-8's bytes of each token of both, of rare characters too. */
  trainBytes: Uint32Array;
  heldOutBytes: Uint32Array;
  /** Held-out characters that the model need not spell, since RARE stands for them. */
  rare: number;
}

const tidied = (text: string) => text.replace(/\r\n?/g, '\n');
/** Characters as readers count them, not UTF-16's halves. */
const characters = (text: string) => [...tidied(text)];

/** The two parts of a text: what is learnt from, and what is kept back. */
export function cutText(text: string): { train: string; heldOut: string } {
  const all = characters(text);
  const cut = Math.floor(all.length * (1 - HELD_OUT));
  return { train: all.slice(0, cut).join(''), heldOut: all.slice(cut).join('') };
}

export function readCorpus(text: string, { tokeniser, vocabulary }: Pick<Settings, 'tokeniser' | 'vocabulary'>): Corpus {
  const parts = cutText(text);
  return tokeniser === 'bpe' ? byPairs(parts, vocabulary) : byCharacters(parts);
}

/** The vocabulary in the order of its code points; RARE is last where it is needed. */
function byCharacters(parts: { train: string; heldOut: string }): Corpus {
  const [train, heldOut] = [[...parts.train], [...parts.heldOut]];
  const counts = new Map<string, number>();
  for (const part of [train, heldOut]) for (const character of part) counts.set(character, (counts.get(character) ?? 0) + 1);
  const known = [...counts].filter(([character, count]) => count >= LEAST && character !== RARE).map(([character]) => character);
  known.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const labels = known.length === counts.size ? known : [...known, RARE];
  const numbers = new Map(labels.map((character, number) => [character, number]));
  const rare = labels.length - 1;
  const tokens = (part: string[]) => Uint32Array.from(part, (character) => numbers.get(character) ?? rare);
  const sizes = (part: string[]) => Uint32Array.from(part, utf8Length);
  return {
    tokeniser: {
      labels,
      encode(text) {
        const all = characters(text);
        return { tokens: all.flatMap((character) => numbers.get(character) ?? []), unknown: [...new Set(all.filter((character) => !numbers.has(character)))] };
      },
      decode: (all) => ({ text: all.map((token) => labels[token]!).join(''), broken: 0 }),
    },
    train: tokens(train),
    heldOut: tokens(heldOut),
    trainBytes: sizes(train),
    heldOutBytes: sizes(heldOut),
    rare: heldOut.filter((character) => !numbers.has(character)).length,
  };
}

/** Merges are learnt from the training part alone: what is kept back stays unseen. */
function byPairs(parts: { train: string; heldOut: string }, size: number): Corpus {
  const bpe = new Bpe(trainMerges(countPieces(parts.train), size).pairs);
  const [train, heldOut] = [bpe.encode(parts.train), bpe.encode(parts.heldOut)];
  const sizes = (tokens: Uint32Array) => tokens.map((token) => bpe.spelling[token]!.length);
  return {
    tokeniser: {
      labels: bpe.spelling.map(labelOf),
      encode: (text) => ({ tokens: [...bpe.encode(tidied(text))], unknown: [] }),
      decode: (tokens) => ({ text: bpe.decode(tokens), broken: partsOf(bpe.bytesOf(tokens)).filter(({ whole }) => !whole).length }),
    },
    train,
    heldOut,
    trainBytes: sizes(train),
    heldOutBytes: sizes(heldOut),
    rare: 0,
  };
}

/**
 * Windows of `context` tokens and, for each, what follows it, as the engine takes a batch.
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
