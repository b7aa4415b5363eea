// The text of the room: a small grammar whose sentences every reader can judge, and a rule can. A sentence begins with a
// prompt (who, when) and goes on with an answer.
import { generator } from '../language/random.ts';
import grammars from './grammars.json' with { type: 'json' };

export const textNames = ['zh', 'en'] as const;
export type TextName = (typeof textNames)[number];

interface Grammar {
  /** An answer may have so many tokens, its end included. */
  limit: number;
  /** What the rules ask for where the reader names no word. */
  word: string;
  prompt: string[];
  answer: string[];
  happy: string[];
  words: Record<string, string[]>;
}

const slot = /\{(\w+)\}/g;
/** Tokens: Chinese characters, English words with the space before them, marks, and the end of a line. */
const piece = / ?[a-z]+|[^ ]/gu;
/** Sentences to learn from; one ends each line. */
const sentences = 4000;
/** Of all prompts, kept back from every training: the base's too. */
const heldOutShare = 0.25;

export class Text {
  readonly #grammar: Grammar;
  /** What an answer may be. */
  readonly #answer: RegExp;

  constructor(readonly name: TextName) {
    this.#grammar = grammars[name];
    const alternatives = (list: string[]): string => `(?:${list.map((each) => literal(each).replace(/\\\{(\w+)\\\}/g, (_, word: string) => alternatives(this.#grammar.words[word]!))).join('|')})`;
    this.#answer = new RegExp(`^${alternatives(this.#grammar.answer)}$`, 'u');
  }

  get limit(): number {
    return this.#grammar.limit;
  }

  get word(): string {
    return this.#grammar.word;
  }

  get happy(): readonly string[] {
    return this.#grammar.happy;
  }

  /** Whether the grammar has such an answer: what "readable" means here. */
  isSentence(answer: string): boolean {
    return this.#answer.test(answer);
  }

  /** Every prompt there is, in the grammar's order. */
  prompts(): string[] {
    const grow = (pattern: string): string[] => {
      const found = /\{(\w+)\}/.exec(pattern);
      if (!found) return [pattern];
      return this.#grammar.words[found[1]!]!.flatMap((word) => grow(pattern.replace(found[0], word)));
    };
    return this.#grammar.prompt.flatMap(grow);
  }

  /** The prompts to train on and those kept back, drawn by the seed. */
  split(seed: number): { train: string[]; heldOut: string[] } {
    const all = shuffled(this.prompts(), generator(seed ^ 0x9a7e));
    const cut = Math.round(all.length * heldOutShare);
    return { heldOut: all.slice(0, cut), train: all.slice(cut) };
  }

  /** What the base learns from: sentences on these prompts. */
  write(prompts: readonly string[], seed: number): string {
    const random = generator(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const grow = (pattern: string): string => pattern.replace(slot, (_, word: string) => grow(pick(this.#grammar.words[word]!)));
    return Array.from({ length: sentences }, () => `\n${pick(prompts)}${grow(pick(this.#grammar.answer))}`).join('');
  }
}

export const pieces = (text: string): string[] => text.match(piece) ?? [];

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Fisher and Yates's shuffle of a copy. */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const all = [...list];
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}
