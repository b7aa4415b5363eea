// Judges held-out samples a few at a time, so that the page never waits for all of them.
import type { Session } from 'danlu';
import type { Part } from './protocol.ts';

const perPart = 100;
/** Keras's clipping: a probability of 0 would cost infinitely much. */
const least = 1e-7;

export interface Judgement {
  loss: number;
  accuracy: number;
}

/**
 * A classifier's answers are kept, for confusion and mistakes, and its loss is the plain cross-entropy: without
 * smoothing or penalties, so that runs of different strategies can be compared. Other losses are the engine's own.
 */
export class Evaluation {
  /** [count][classes], where each sample has one answer. */
  readonly probabilities: Float32Array | undefined;
  #done = 0;
  #loss = 0;
  #right = 0;

  constructor(
    private readonly session: Session,
    private readonly part: Part,
    /** 0 where the model answers something else than one class. */
    private readonly classes: number,
    readonly step: number,
  ) {
    this.probabilities = classes > 0 ? new Float32Array(part.count * classes) : undefined;
  }

  get complete(): boolean {
    return this.#done === this.part.count;
  }

  /** Judges the next few; a few milliseconds. */
  advance() {
    const { x, labels, count } = this.part;
    const from = this.#done;
    const to = Math.min(from + perPart, count);
    const width = x.length / count;
    const samples = x.subarray(from * width, to * width);
    if (this.probabilities) this.#judge(this.session.predict(samples), this.probabilities, from, to);
    else {
      const perSample = labels.length / count;
      const { loss, accuracy } = this.session.evaluateOn(samples, labels.subarray(from * perSample, to * perSample));
      this.#loss += loss * (to - from);
      this.#right += accuracy * (to - from);
    }
    this.#done = to;
  }

  #judge(answers: Float32Array, into: Float32Array, from: number, to: number) {
    const { classes } = this;
    into.set(answers, from * classes);
    for (let sample = from; sample < to; sample += 1) {
      const label = this.part.labels[sample]!;
      const probability = into[sample * classes + label]!;
      // A comparison, so that what is no number stays none.
      this.#loss -= Math.log(probability < least ? least : probability);
      if (bestOf(into, sample * classes, classes) === label) this.#right += 1;
    }
  }

  get result(): Judgement {
    return { loss: this.#loss / this.#done, accuracy: this.#right / this.#done };
  }
}

/** The place of the largest of `count` values; the first of equals. */
export function bestOf(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let at = 1; at < count; at += 1) if (values[from + at]! > values[from + best]!) best = at;
  return best;
}
