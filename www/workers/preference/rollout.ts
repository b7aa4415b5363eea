// Answers that a model writes, and what it thinks of them: log-probabilities of their tokens, entropy, KL.
import type { Session } from 'danlu';
import type { Decoder } from 'danlu/decoder';
import { candidates, draw } from '../language/sampling.ts';
import type { Written } from './rules.ts';
import { pieces } from './text.ts';

/** As it is, so that what is sampled from is the policy itself. */
const plain = { temperature: 1, top_k: 0, top_p: 1 };
/** A probability that underflowed has a logarithm all the same. */
const least = 1e-38;

/** The tokens of the model, and how prompts and answers stand among them. */
export class Tongue {
  readonly end: number;
  readonly #numbers: Map<string, number>;
  readonly #prompts = new Map<string, number[]>();

  constructor(
    readonly vocabulary: string[],
    readonly context: number,
    readonly limit: number,
  ) {
    this.#numbers = new Map(vocabulary.map((piece, number) => [piece, number]));
    this.end = this.#numbers.get('\n')!;
  }

  get classes(): number {
    return this.vocabulary.length;
  }

  /** A text whose every piece the vocabulary has. */
  encode(text: string): number[] {
    return pieces(text).map((piece) => this.#numbers.get(piece)!);
  }

  /** A line begins with the end of the one before. */
  prompt(text: string): number[] {
    let tokens = this.#prompts.get(text);
    if (!tokens) this.#prompts.set(text, (tokens = [this.end, ...this.encode(text)]));
    return tokens;
  }

  written(tokens: readonly number[]): Written {
    const ended = tokens.at(-1) === this.end;
    const shown = ended ? tokens.slice(0, -1) : tokens;
    return { text: shown.map((token) => this.vocabulary[token]!).join(''), ended, length: tokens.length };
  }
}

export interface Answer extends Written {
  prompt: string;
  tokens: number[];
}

/** Writes `count` answers to a prompt; it is read once, and forgotten back to for each. */
export function answers(decoder: Decoder, tongue: Tongue, prompt: string, count: number, random: () => number): Answer[] {
  const read = tongue.prompt(prompt);
  decoder.truncate(0);
  let first = new Float32Array() as Float32Array;
  for (const token of read) first = decoder.step(token);
  return Array.from({ length: count }, () => {
    decoder.truncate(read.length);
    const tokens: number[] = [];
    let probabilities = first;
    for (;;) {
      const token = draw(candidates(probabilities, plain), random());
      tokens.push(token);
      if (token === tongue.end || tokens.length === tongue.limit) break;
      probabilities = decoder.step(token);
    }
    return { prompt, tokens, ...tongue.written(tokens) };
  });
}

/** Prompts and answers as the engine takes them: x and what follows it `[answers][rows]`, and where the answers' tokens are. */
export interface Batch {
  x: Float32Array<ArrayBuffer>;
  next: Uint32Array<ArrayBuffer>;
  mask: Uint8Array;
  rows: number;
  answers: number;
}

export function batchOf(tongue: Tongue, list: readonly Answer[]): Batch {
  const rows = tongue.context;
  // Behind an answer stand ends of lines, which nothing reads: attention looks back, and the mask is 0.
  const x = new Float32Array(list.length * rows).fill(tongue.end);
  const next = new Uint32Array(list.length * rows).fill(tongue.end);
  const mask = new Uint8Array(list.length * rows);
  list.forEach(({ prompt, tokens }, answer) => {
    const whole = [...tongue.prompt(prompt), ...tokens];
    const from = answer * rows;
    x.set(whole.slice(0, -1), from);
    next.set(whole.slice(1), from);
    mask.fill(1, from + whole.length - 1 - tokens.length, from + whole.length - 1);
  });
  return { x, next, mask, rows, answers: list.length };
}

/** log π of each token of the answers; 0 elsewhere. */
export function logProbs(probabilities: Float32Array, { next, mask }: Batch): Float64Array {
  const classes = probabilities.length / next.length;
  return Float64Array.from(mask, (one, at) => (one ? Math.log(Math.max(probabilities[at * classes + next[at]!]!, least)) : 0));
}

/** Sums over each answer: log π(y | x). */
export function sums(values: Float64Array, { rows, answers: count }: Batch): Float64Array {
  return Float64Array.from({ length: count }, (_, answer) => values.subarray(answer * rows, (answer + 1) * rows).reduce((sum, value) => sum + value, 0));
}

/** Mean over all tokens of answers. */
export function meanOf(values: (at: number) => number, mask: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < mask.length; at++) {
    if (!mask[at]) continue;
    sum += values(at);
    count += 1;
  }
  return sum / Math.max(1, count);
}

/** −Σ p log p of the next token, mean over the positions of answers. */
export function entropyOf(probabilities: Float32Array, { mask }: Batch): number {
  const classes = probabilities.length / mask.length;
  return meanOf((at) => {
    let sum = 0;
    for (let k = at * classes; k < (at + 1) * classes; k++) if (probabilities[k]! > 0) sum -= probabilities[k]! * Math.log(probabilities[k]!);
    return sum;
  }, mask);
}

/** Σ π log(π/π_ref) over the vocabulary, mean over the positions of answers. */
export function klOf(policy: Float32Array, reference: Float32Array, { mask }: Batch): number {
  const classes = policy.length / mask.length;
  return meanOf((at) => {
    let sum = 0;
    for (let k = at * classes; k < (at + 1) * classes; k++) if (policy[k]! > 0) sum += policy[k]! * Math.log(policy[k]! / Math.max(reference[k]!, least));
    return sum;
  }, mask);
}

/** What the model answers to a batch of any size, some answers at a time. */
export function predict(session: Session, { x, rows, answers: count }: Batch, classes: number, atOnce = 64): Float32Array {
  const all = new Float32Array(count * rows * classes);
  for (let from = 0; from < count; from += atOnce) all.set(session.predict(x.subarray(from * rows, Math.min(count, from + atOnce) * rows)), from * rows * classes);
  return all;
}
