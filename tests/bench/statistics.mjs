// What is made of repeated measurements.

/** The middle value, the mean of the two middle ones where there are two. */
export function median(list) {
  if (list.length === 0) throw new Error('median: of nothing');
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The median and between what the values lie. */
export const spread = (list) => ({ median: median(list), least: Math.min(...list), most: Math.max(...list) });

/**
 * Quotients of what was measured together: a disturbance that hits both leaves the quotient alone.
 * `over` and `under` hold one value for each round.
 */
export function pairs(over, under) {
  if (over.length !== under.length) throw new Error(`pairs: ${over.length} values and ${under.length}`);
  return over.map((value, round) => value / under[round]);
}
