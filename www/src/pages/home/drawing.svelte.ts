// What is on the pad and what the network answers. One question is under way at a time; the newest picture wins.
import { digitFromStrokes, type Stroke } from '../../state/digit.ts';
import type { HeldOutDigit, Look } from '../../../workers/protocol.ts';
import type { Training } from './training.svelte.ts';

export class Drawing {
  strokes = $state.raw<Stroke[]>([]);
  /** A held-out digit put on the pad instead of strokes. */
  sample = $state.raw<HeldOutDigit | undefined>();
  image = $state.raw<Float32Array<ArrayBuffer> | undefined>();
  look = $state.raw<Look | undefined>();
  /** From the stroke to the answer. */
  latency_ms = $state<number | undefined>();

  #asking = false;
  #again = false;
  #changedAt_ms = 0;
  #cancel = new AbortController();

  constructor(private readonly training: Training) {}

  draw(strokes: Stroke[]) {
    this.strokes = strokes;
    this.sample = undefined;
    this.#show(digitFromStrokes(strokes) as Float32Array<ArrayBuffer> | undefined);
  }

  place(digit: HeldOutDigit) {
    this.strokes = [];
    this.sample = digit;
    this.#show(Float32Array.from(digit.pixels, (ink) => ink / 255));
  }

  clear() {
    this.strokes = [];
    this.sample = undefined;
    this.image = undefined;
    this.look = undefined;
    this.latency_ms = undefined;
    this.#cancel.abort();
    this.#cancel = new AbortController();
  }

  /** Asks once more about the same picture, with the weights as they are now. */
  refresh() {
    if (this.image && this.training.canLook) void this.#ask();
  }

  #show(image: Float32Array<ArrayBuffer> | undefined) {
    this.image = image;
    this.#changedAt_ms = performance.now();
    if (image && this.training.canLook) void this.#ask();
  }

  async #ask() {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#again = false;
        const { image, ...asked } = { image: this.image, at_ms: this.#changedAt_ms, fresh: this.latencyPending };
        if (!image) break;
        this.look = await this.training.look(image, this.#cancel.signal);
        if (asked.fresh) {
          this.latency_ms = performance.now() - asked.at_ms;
          this.#answeredAt_ms = asked.at_ms;
        }
      } while (this.#again);
    } catch {
      this.look = undefined; // Cleared meanwhile, or the worker is gone, which is told elsewhere.
    } finally {
      this.#asking = false;
    }
  }

  #answeredAt_ms = -1;

  private get latencyPending(): boolean {
    return this.#answeredAt_ms !== this.#changedAt_ms;
  }
}
