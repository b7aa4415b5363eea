// From probabilities to a character: temperature, top-k (Fan et al. 2018), top-p (Holtzman et al. 2020).

export interface Choice {
  temperature: number;
  top_k: number;
  top_p: number;
}

/**
 * What may be drawn and how likely it is, the likeliest first. p^(1/T), normalised, is the softmax of the logits divided by
 * T. Then the k likeliest, then of these the fewest whose probabilities reach `top_p`.
 */
export function candidates(probabilities: Float32Array, { temperature, top_k, top_p }: Choice): { token: number; p: number }[] {
  const order = Array.from(probabilities, (p, token) => ({ token, p })).sort((a, b) => b.p - a.p || a.token - b.token);
  if (temperature === 0) return [{ token: order[0]!.token, p: 1 }];
  const most = order[0]!.p;
  const kept = top_k > 0 ? order.slice(0, top_k) : order;
  normalise(kept, (p) => (p / most) ** (1 / temperature));
  let reached = 0;
  const end = kept.findIndex(({ p }) => (reached += p) >= top_p);
  const nucleus = end < 0 ? kept : kept.slice(0, end + 1);
  normalise(nucleus, (p) => p);
  return nucleus;
}

function normalise(list: { p: number }[], weigh: (p: number) => number) {
  let sum = 0;
  for (const each of list) sum += each.p = weigh(each.p);
  for (const each of list) each.p /= sum;
}

/** One of them; `u` in [0, 1). */
export function draw(list: { token: number; p: number }[], u: number): number {
  let reached = 0;
  for (const { token, p } of list) {
    reached += p;
    if (u < reached) return token;
  }
  return list.at(-1)!.token;
}
