// DPO and GRPO as numbers: each one's loss and its derivative by the log-probabilities, all that the network has to know.
//
// DPO (Rafailov et al. 2023, eq. 7): −log σ(m), m = β·((log π(y_w) − log π_ref(y_w)) − (log π(y_l) − log π_ref(y_l))).
// GRPO (Shao et al. 2024, eq. 3): PPO's clipped surrogate with an advantage from the group, and KL to the reference in the
// loss by the estimate e^d − d − 1, d = log π_ref − log π (Schulman 2020, "Approximating KL divergence": k3).

export interface Pairs {
  /** Log-probabilities of whole answers, `[pairs]`. */
  chosen: ArrayLike<number>;
  rejected: ArrayLike<number>;
  refChosen: ArrayLike<number>;
  refRejected: ArrayLike<number>;
  beta: number;
}

/** β·((chosen − ref) − (rejected − ref)): how much more of the implicit reward the chosen answer has. */
export function margins({ chosen, rejected, refChosen, refRejected, beta }: Pairs): Float64Array {
  return Float64Array.from(chosen, (logp, at) => beta * (logp - refChosen[at]! - (rejected[at]! - refRejected[at]!)));
}

/** dchosen = −β·σ(−m)/N, drejected = −dchosen. */
export function dpo(pairs: Pairs): { loss: number; margins: Float64Array; dchosen: Float64Array; drejected: Float64Array } {
  const all = margins(pairs);
  let loss = 0;
  const dchosen = all.map((m) => {
    // log1p and e^−|m| stay finite however far apart the two are.
    const e = Math.exp(-Math.abs(m));
    loss += Math.max(-m, 0) + Math.log1p(e);
    return (-pairs.beta * (m > 0 ? e : 1)) / (1 + e) / all.length;
  });
  return { loss: loss / all.length, margins: all, dchosen, drejected: dchosen.map((d) => -d) };
}

export interface Group {
  mean: number;
  /** Of the group as it is: divided by G. */
  deviation: number;
  /** Zeros where all rewards are equal: such a group says nothing. */
  advantages: number[];
}

/** (r − mean)/deviation within the answers to one prompt. */
export function groupOf(rewards: readonly number[]): Group {
  const mean = rewards.reduce((sum, r) => sum + r, 0) / rewards.length;
  const deviation = Math.sqrt(rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / rewards.length);
  // Rounding may leave equal rewards a little beside their mean.
  const equal = rewards.every((r) => r === rewards[0]);
  return { mean, deviation: equal ? 0 : deviation, advantages: rewards.map((r) => (equal ? 0 : (r - mean) / deviation)) };
}

export interface Tokens {
  /** Log-probabilities of the tokens under the policy, the policy that wrote them, and the reference. `[answers][rows]` */
  logp: Float64Array;
  old: Float64Array;
  ref: Float64Array;
  /** 1 where an answer has a token; what stands elsewhere is never read. */
  mask: Uint8Array;
  rows: number;
  /** `[answers]` */
  advantage: readonly number[];
  clip: number;
  beta: number;
}

/** k3 of one token: ≥ 0, 0 at the reference, and without bias where the policy wrote it. */
export const k3 = (ref: number, logp: number): number => Math.exp(ref - logp) - (ref - logp) - 1;

export interface GrpoParts {
  loss: number;
  /** d loss / d logp, `[answers][rows]`. */
  dlogp: Float64Array;
  /** 1 where the clip holds a token's gradient back: it is already past where its advantage pushes it. */
  held: Uint8Array;
  ratio: Float64Array;
}

/**
 * −mean over answers of the mean over an answer's tokens of min(ρA, clip(ρ)A) − β·k3.
 * Its derivative: −(ρA where the clip doesn't hold, else 0, − β(1 − e^(ref − logp)))/(length·answers).
 */
export function grpo({ logp, old, ref, mask, rows, advantage, clip, beta }: Tokens): GrpoParts {
  const answers = advantage.length;
  const [dlogp, ratio, held] = [new Float64Array(mask.length), new Float64Array(mask.length), new Uint8Array(mask.length)];
  let loss = 0;
  for (let answer = 0; answer < answers; answer++) {
    const [from, to] = [answer * rows, (answer + 1) * rows];
    let length = 0;
    for (let at = from; at < to; at++) length += mask[at]!;
    const share = 1 / (Math.max(length, 1) * answers);
    const a = advantage[answer]!;
    for (let at = from; at < to; at++) {
      if (!mask[at]) continue;
      const rho = Math.exp(logp[at]! - old[at]!);
      const within = Math.min(Math.max(rho, 1 - clip), 1 + clip);
      const holds = (a > 0 && rho > 1 + clip) || (a < 0 && rho < 1 - clip);
      loss -= share * (Math.min(rho * a, within * a) - beta * k3(ref[at]!, logp[at]!));
      dlogp[at] = -share * ((holds ? 0 : rho * a) - beta * (1 - Math.exp(ref[at]! - logp[at]!)));
      ratio[at] = rho;
      held[at] = holds ? 1 : 0;
    }
  }
  return { loss, dlogp, held, ratio };
}

/**
 * What the engine multiplies each position's cross-entropy by. It divides the sum of w·(−log π) by samples and rows, so
 * that its gradient is Σ dlogp·∇log π with w = −dlogp·samples·rows.
 */
export function weightsOf(dlogp: Float64Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(dlogp, (d) => -d * dlogp.length);
}
