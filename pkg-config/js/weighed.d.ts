import type { StepReport, Targets } from './index';

/** A session's steps on losses that do not all count alike. */
export interface WeighedSteps {
  /**
   * As `trainBatch`, on the loss `1 / (N · targets) · Σ weight · loss`: the divisor counts samples and a sample's
   * targets, whatever the weights are (Keras's `sample_weight`). Clipping, accumulation and penalties see the
   * gradient of that whole loss, as in any step; the report's loss is it, its accuracy counts all alike.
   *
   * Shape of weights: `[N]`, or as many as targets: one for each position of a language model, or for each
   * number of another loss's answer. Any finite number: 0 leaves an answer out, a negative one raises its loss
   * (a policy gradient, with an advantage as the weight of each token: Williams 1992).
   *
   * Errs with `invalid_argument` and both lengths, or `length_mismatch` where they are one.
   */
  trainBatchWeighed(x: Float32Array, targets: Targets, weights: Float32Array, steps?: number): StepReport;
}
