// What the rate finder's pairs (rate, loss) say.

/** The loss as an exponential mean that does not begin at zero. */
export function smoothed(pairs: Float64Array, kept = 0.9): number[] {
  let mean = 0;
  let weight = 0;
  return Array.from({ length: pairs.length / 2 }, (_, at) => {
    mean = kept * mean + (1 - kept) * pairs[2 * at + 1]!;
    weight = kept * weight + (1 - kept);
    return mean / weight;
  });
}

/** A third of the rate at which the smoothed loss is least: large steps that are still safe. Undefined where it never fell. */
export function suggestion(pairs: Float64Array): number | undefined {
  const losses = smoothed(pairs);
  const least = losses.indexOf(Math.min(...losses));
  if (least < 3 || losses[least]! > 0.9 * losses[0]!) return undefined;
  const rate = pairs[2 * least]! / 3;
  return Number(rate.toPrecision(1));
}
