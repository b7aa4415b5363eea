// A loss scale: fixed, or doubled after some good steps and halved when a gradient overflows (Micikevicius et al., Mixed
// Precision Training, 2018; growth, backoff and interval as PyTorch's GradScaler names them).

export interface Scaling {
  scale: number;
  growth: number;
  backoff: number;
  /** Good steps in a row until it grows; Infinity for a fixed scale. */
  interval: number;
}

export class LossScaler {
  #scale: number;
  #good = 0;

  constructor(private readonly scaling: Scaling) {
    this.#scale = scaling.scale;
  }

  get scale(): number {
    return this.#scale;
  }

  /** Hears of a step whether all its gradients were finite. A fixed scale stays. */
  hear(finite: boolean): void {
    const { growth, backoff, interval } = this.scaling;
    if (interval === Infinity) return;
    if (!finite) {
      this.#scale *= backoff;
      this.#good = 0;
    } else if (++this.#good === interval) {
      this.#scale *= growth;
      this.#good = 0;
    }
  }
}
