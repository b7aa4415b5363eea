// The mean of the squares of an N × N difference, written out, and its gradient.

/** (1/N²) Σᵢⱼ (pᵢ − yⱼ)², as `((prediction - y) ** 2).mean()` computes it from (N, 1) and (N,). */
export function pairLoss(p: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) for (let j = 0; j < y.length; j += 1) sum += (p[i]! - y[j]!) ** 2;
  return sum / (p.length * y.length);
}

/** Its gradient, every pair added up: (2/N²) Σⱼ (pᵢ − yⱼ). */
export function pairGradient(p: ArrayLike<number>, y: ArrayLike<number>): number[] {
  return Array.from(p, (value) => {
    let sum = 0;
    for (let j = 0; j < y.length; j += 1) sum += value - y[j]!;
    return (2 * sum) / (p.length * y.length);
  });
}

/** The gradient of the right loss, had every target been the mean: (2/N)(pᵢ − ȳ). */
export function meanGradient(p: ArrayLike<number>, y: ArrayLike<number>): number[] {
  const middle = mean(y);
  return Array.from(p, (value) => (2 * (value - middle)) / p.length);
}

export const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((all, value) => all + value, 0) / values.length;

export function variance(values: ArrayLike<number>): number {
  const middle = mean(values);
  return mean(Array.from(values, (value) => (value - middle) ** 2));
}
