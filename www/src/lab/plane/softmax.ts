// Cross-entropy of one row of logits four ways, in float32: every operation is rounded as a float32 processor rounds it.
const f = Math.fround;
const exp = (value: number) => f(Math.exp(value));
const log = (value: number) => f(Math.log(value));

export const ways = ['plain', 'shifted', 'onehot', 'logits'] as const;
/**
 * `plain`: exp at once, then log of the right class; `shifted`: the largest logit taken off before exp; `onehot`: the
 * same, and the logarithms of all classes times a row of zeros and one 1; `logits`: log-softmax.
 */
export type Way = (typeof ways)[number];

export interface Row {
  way: Way;
  /** exp of what stands in the numerator; empty where no probability is made on the way. */
  powers: number[];
  probabilities: number[];
  loss: number;
  /** dloss/dz by the chain rule through what this way computes. */
  gradient: number[];
}

const sum = (values: number[]) => values.reduce((all, value) => f(all + value), f(0));

/** The loss is −log p of the right class. */
export function crossEntropy(logits: readonly number[], right: number, way: Way): Row {
  const z = logits.map(f);
  const most = Math.max(...z);
  if (way === 'logits') {
    // −z_r + log Σ exp z = −(z_r − m) + log Σ exp(z − m); the sum is at least 1, so its logarithm is finite.
    const powers = z.map((value) => exp(f(value - most)));
    const total = sum(powers);
    const loss = f(log(total) - f(z[right]! - most));
    // dz = softmax(z) − onehot
    const probabilities = powers.map((power) => f(power / total));
    return { way, powers, probabilities, loss, gradient: probabilities.map((p, at) => f(p - (at === right ? 1 : 0))) };
  }
  const powers = z.map((value) => exp(way === 'plain' ? value : f(value - most)));
  const total = sum(powers);
  const probabilities = powers.map((power) => f(power / total));
  // A row of zeros and one 1: 0 · log 0 is no number.
  const rows = probabilities.map((p, at) => f((at === right ? -1 : -0) * log(p)));
  const loss = way === 'onehot' ? sum(rows) : f(0 - log(probabilities[right]!));
  // dp = −1/p at the right class, of the whole row −0/p elsewhere; dz_i = p_i (dp_i − Σ_j dp_j p_j): where p is 0 that
  // is 0 · ∞.
  const dp = probabilities.map((p, at) => (at === right ? f(-1 / p) : way === 'onehot' ? f(-0 / p) : f(0)));
  const mixed = sum(dp.map((d, at) => f(d * probabilities[at]!)));
  return { way, powers, probabilities, loss, gradient: probabilities.map((p, at) => f(p * f(dp[at]! - mixed))) };
}
