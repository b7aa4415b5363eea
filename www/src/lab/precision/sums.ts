// Where narrow numbers break by themselves: sums that stand still, and a softmax that overflows.
import { formats, limitsOf, roundTo, spacingAt, type FormatName } from '../../../workers/precision/formats.ts';

export interface Sum {
  /** After how many terms, and what the sum was then. */
  x: number[];
  y: number[];
  /** The term from which on nothing changed; null where it grew to the end. */
  stalls: number | null;
}

/** One term added `count` times, the term and every sum in the format. */
export function accumulate(term: number, count: number, name: FormatName, points = 200): Sum {
  const format = formats[name];
  const rounded = roundTo(term, format);
  const [x, y]: [number[], number[]] = [[0], [0]];
  const every = Math.max(1, Math.ceil(count / points));
  let [sum, stalls]: [number, number | null] = [0, null];
  for (let at = 1; at <= count; at += 1) {
    const next = stalls === null ? roundTo(sum + rounded, format) : sum;
    // The same term again changes the same sum as little as now.
    if (next === sum && stalls === null) stalls = at;
    sum = next;
    if (at % every === 0 || at === count) {
      x.push(at);
      y.push(sum);
    }
  }
  return { x, y, stalls };
}

/** The logarithm of the least number that a format rounds to infinity: e^z overflows from here on. */
export function overflowsAt(name: FormatName): number {
  const { largest } = limitsOf(formats[name]);
  return Math.log(largest + spacingAt(largest, formats[name]) / 2);
}

export interface Softmax {
  powers: number[];
  sum: number;
  shares: number[];
  /** −log of each share, as a cross-entropy would take it. */
  losses: number[];
}

/** Every number on the way in the format. `shifted` takes the largest logit away first. */
export function softmaxIn(logits: readonly number[], name: FormatName, shifted: boolean): Softmax {
  const to = (value: number) => roundTo(value, formats[name]);
  const z = logits.map(to);
  const most = shifted ? Math.max(...z) : 0;
  const powers = z.map((each) => to(Math.exp(to(each - most))));
  const sum = powers.reduce((total, each) => to(total + each), 0);
  const shares = powers.map((each) => to(each / sum));
  return { powers, sum, shares, losses: shares.map((share) => to(-Math.log(share))) };
}

/** log Σ e^z − z, the largest taken out first: the losses without the shares. */
export function lossesIn(logits: readonly number[], name: FormatName): number[] {
  const to = (value: number) => roundTo(value, formats[name]);
  const z = logits.map(to);
  const most = Math.max(...z);
  const sum = z.reduce((total, each) => to(total + to(Math.exp(to(each - most)))), 0);
  return z.map((each) => to(to(Math.log(sum)) + to(most - each)));
}
