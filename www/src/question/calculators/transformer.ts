// What a Transformer costs to train, in formulas that the calculators and the lab's room of parallel training share.

/** Which activations a layer keeps for its way back. */
export type Recompute = 'attention' | 'none' | 'all';
export const recomputes: Recompute[] = ['attention', 'none', 'all'];

/**
 * Bytes of activations in 16 bits that one layer keeps for b sequences: Korthikanti et al., "Reducing Activation
 * Recomputation in Large Transformer Models", 2022. s·b·h·(34 + 5·a·s/h); without the attention matrix (FlashAttention, or
 * selective recomputation) 34·s·b·h; with full recomputation only its input, 2·s·b·h.
 */
export function activationBytes(recompute: Recompute, { s, b, h, a }: { s: number; b: number; h: number; a: number }): number {
  if (recompute === 'none') return s * b * h * (34 + (5 * a * s) / h);
  return (recompute === 'all' ? 2 : 34) * s * b * h;
}

/**
 * Bytes of weights, gradients and Adam's state of so many parameters in mixed precision, 2 + 2 + 12 a parameter, on one of
 * d copies. ZeRO spreads the state (stage 1), the gradients too (2), the weights too (3): Rajbhandari et al., 2020.
 */
export function stateBytes(parameters: number, zero: number, d: number): { weights: number; gradients: number; state: number } {
  const spread = (stage: number) => (zero >= stage ? d : 1);
  return { weights: (2 * parameters) / spread(3), gradients: (2 * parameters) / spread(2), state: (12 * parameters) / spread(1) };
}

/**
 * The share of a step in which a pipeline of p stages idles over m micro-batches, (p−1)/(m+p−1): Huang et al., GPipe,
 * 2019. With v slices of the model on each device (interleaved) (p−1)/v takes the place of p−1: Narayanan et al., 2021.
 */
export function bubble(p: number, m: number, v = 1): number {
  const idle = (p - 1) / v;
  return idle / (m + idle);
}

/** About 6 FLOP for each parameter and token, 2 forward and 4 backward: Kaplan et al., 2020. */
export const trainingFlop = (parameters: number, tokens: number): number => 6 * parameters * tokens;
