// How much is pruned at which step.

/**
 * The cubic schedule: fast while weights are plenty, slow towards the end.
 * `s(t) = s_f + (s_i − s_f) · (1 − (t − t_0) / (t_1 − t_0))³` (Zhu and Gupta 2017, "To prune, or not to prune", section 3).
 */
export function cubicSparsity(step: number, first: number, last: number, final: number, initial = 0): number {
  if (step >= last) return final;
  const left = 1 - Math.max(0, step - first) / (last - first);
  return final + (initial - final) * left ** 3;
}

/** Pruning ends at three quarters of the run: what it cost is learnt back in the last one. */
export const prunedBy = 0.75;
/** How often the mask grows. */
export const growths = 20;

/** At which steps the mask grows, and to what; the last is the sparsity asked for. */
export function growthOf(steps: number, final: number): Map<number, number> {
  const last = Math.max(1, Math.round(steps * prunedBy));
  const every = Math.max(1, Math.floor(last / growths));
  const growth = new Map<number, number>();
  for (let step = every; step < last; step += every) growth.set(step, cubicSparsity(step, 0, last, final));
  return growth.set(last, final);
}
