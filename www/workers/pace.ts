// What a training that is done in slices keeps count of: how many steps fit into a slice, its speed, and means.

/** How fast a training goes. */
export class Pace {
  /** Spent on training and judging alone. */
  elapsed_ms = 0;
  samples_per_s = 0;
  #step_ms = 4;

  /** How many steps to make in a slice of this length, `most` at most. */
  stepsWithin(slice_ms: number, most: number): number {
    return Math.min(most, Math.max(1, Math.round(slice_ms / this.#step_ms)));
  }

  /** So many steps were made. */
  trained(steps: number, samples: number, took_ms: number) {
    this.elapsed_ms += took_ms;
    this.#step_ms = 0.8 * this.#step_ms + 0.2 * (took_ms / steps);
    const now = (samples / Math.max(0.01, took_ms)) * 1000;
    this.samples_per_s = this.samples_per_s > 0 ? 0.95 * this.samples_per_s + 0.05 * now : now;
  }
}

/** The means of loss and accuracy over the samples since it was last emptied: a point of the training curve. */
export class Bucket {
  #samples = 0;
  #loss = 0;
  #accuracy = 0;

  add({ samples, loss, accuracy }: { samples: number; loss: number; accuracy: number }) {
    this.#samples += samples;
    this.#loss += loss * samples;
    this.#accuracy += accuracy * samples;
  }

  /** Undefined where nothing came since; it is empty then. */
  empty(): { loss: number; accuracy: number } | undefined {
    const means = this.#samples > 0 ? { loss: this.#loss / this.#samples, accuracy: this.#accuracy / this.#samples } : undefined;
    this.#samples = this.#loss = this.#accuracy = 0;
    return means;
  }
}
