// Judges the held-out digits a few at a time, so that a drawing never waits for all of them.
import type { Session } from 'danlu';
import { pixels, type Digits } from './digits.ts';
import type { Evaluation, HeldOutDigit, Mistakes } from './protocol.ts';

const classes = 10;
const perPart = 100;
/** Keras's clipping: a probability of 0 would cost infinitely much. */
const least = 1e-7;

export class HeldOutEvaluation {
  readonly step: number;
  #probabilities: Float32Array;
  #done = 0;
  #loss = 0;
  #right = 0;

  constructor(
    private readonly session: Session,
    private readonly digits: Digits,
    step: number,
  ) {
    this.step = step;
    this.#probabilities = new Float32Array(digits.count * classes);
  }

  get complete(): boolean {
    return this.#done === this.digits.count;
  }

  /** Judges the next few; a few milliseconds. */
  advance() {
    const from = this.#done;
    const to = Math.min(from + perPart, this.digits.count);
    const answers = this.session.predict(this.digits.images.subarray(from * pixels, to * pixels));
    this.#probabilities.set(answers, from * classes);
    for (let index = from; index < to; index += 1) {
      const label = this.digits.labels[index]!;
      this.#loss -= Math.log(Math.max(least, this.#probabilities[index * classes + label]!));
      if (answerOf(this.#probabilities, index) === label) this.#right += 1;
    }
    this.#done = to;
  }

  get result(): Evaluation {
    return { loss: this.#loss / this.#done, accuracy: this.#right / this.#done, count: this.#done };
  }

  /** The digits it got wrong, the surest of its wrong answers first. */
  mistakes(limit: number): Mistakes {
    const wrong: { index: number; predicted: number; confidence: number }[] = [];
    for (let index = 0; index < this.#done; index += 1) {
      const predicted = answerOf(this.#probabilities, index);
      if (predicted === this.digits.labels[index]) continue;
      wrong.push({ index, predicted, confidence: this.#probabilities[index * classes + predicted]! });
    }
    wrong.sort((a, b) => b.confidence - a.confidence);
    const worst = wrong.slice(0, limit).map((mistake) => ({ ...heldOutDigit(this.digits, mistake.index), ...mistake }));
    return { count: wrong.length, of: this.#done, worst };
  }
}

/** The most probable digit of the `index`-th sample; the first of equals. */
export function answerOf(probabilities: Float32Array, index: number): number {
  let best = 0;
  for (let digit = 1; digit < classes; digit += 1) {
    if (probabilities[index * classes + digit]! > probabilities[index * classes + best]!) best = digit;
  }
  return best;
}

export function heldOutDigit(digits: Digits, index: number): HeldOutDigit {
  return {
    index,
    label: digits.labels[index]!,
    pixels: digits.bytes.slice(index * pixels, (index + 1) * pixels),
  };
}
