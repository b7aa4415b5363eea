// DPO: pairs of the base's own answers, ranked by a rule, and a logistic loss on the margin of implicit rewards.
import type { Session } from 'danlu';
import { Refused } from '../failure.ts';
import { generator } from '../language/random.ts';
import { copyOf, report, rewardsOf, type Ground } from './ground.ts';
import { dpo, margins, weightsOf } from './objectives.ts';
import type { DpoSettings, Lines, PairView, Rule, Sample } from './protocol.ts';
import { answers, batchOf, logProbs, predict, sums, type Answer, type Batch } from './rollout.ts';
import { shuffled } from './text.ts';

const looks = 8;
/** Pairs on prompts kept back, to judge by. */
const heldOutPairs = 64;
/** Pairs may tie; so many are drawn for each that is wanted before it is given up. */
const patience = 10;
const pairsShown = 6;
/** Pairs that the reference judges in one breath. */
const atOnce = 32;

interface Pair {
  chosen: Answer;
  rejected: Answer;
  rewards: [chosen: number, rejected: number];
}

export interface Hears {
  pairs: (facts: { drawn: number; ties: number; train: number; heldOut: number; shown: PairView[] }) => void;
  progress: (step: number, lines: Lines, more: { samples?: Sample[] }) => void;
}

/** With what the reference says of both answers. */
interface Known extends Pair {
  ref: [chosen: number, rejected: number];
}

/** Pairs as a batch: first all that are chosen, then all that are rejected. */
interface Set {
  batch: Batch;
  refChosen: number[];
  refRejected: number[];
}

export function* alignByPairs(ground: Ground, rule: Rule, settings: DpoSettings, policy: Session, hears: Hears): Generator<void> {
  const { prompts } = ground;
  const random = generator(settings.seed);
  const train = yield* draw(ground, rule, prompts.train, settings.pairs, random);
  const kept = yield* draw(ground, rule, prompts.heldOut, Math.min(heldOutPairs, settings.pairs), random);
  if (train.pairs.length === 0 || kept.pairs.length === 0) throw new Refused('preference_no_pairs', { drawn: train.drawn + kept.drawn });
  const shown = train.pairs.slice(0, pairsShown).map(({ chosen, rejected, rewards }) => ({ prompt: chosen.prompt, chosen: chosen.text, rejected: rejected.text, rewards }));
  hears.pairs({ drawn: train.drawn + kept.drawn, ties: train.ties + kept.ties, train: train.pairs.length, heldOut: kept.pairs.length, shown });

  // The reference stands still, so its log-probabilities are computed once: DPO needs no second model while it trains.
  const known = yield* judgedByReference(ground, train.pairs);
  const judged = setOf(ground, yield* judgedByReference(ground, kept.pairs));
  const every = Math.ceil(settings.steps / looks);
  hears.progress(0, yield* look(ground, policy, judged, settings.beta, 0), {});
  const size = Math.min(settings.batch_size, train.pairs.length);
  let queue: Known[] = [];
  for (let step = 1; step <= settings.steps; step++) {
    if (queue.length < size) queue = shuffled(known, random);
    const { batch, refChosen, refRejected } = setOf(ground, queue.splice(0, size));
    const [chosen, rejected] = halves(sums(logProbs(predict(policy, batch, ground.tongue.classes), batch), batch));
    yield;
    const parts = dpo({ chosen, rejected, refChosen, refRejected, beta: settings.beta });
    // An answer's log-probability is the sum of its tokens', so each has the same derivative.
    const each = [...parts.dchosen, ...parts.drejected];
    policy.trainBatchWeighed(batch.x, batch.next, weightsOf(Float64Array.from(batch.mask, (one, at) => (one ? each[Math.floor(at / batch.rows)]! : 0))));
    yield;
    const lines: Lines = { loss: [step, parts.loss], margin: [step, mean(parts.margins)] };
    if (step % every === 0 || step === settings.steps) {
      const { reward, sentences, samples } = yield* report(ground, policy, rule);
      const judgedLines = yield* look(ground, policy, judged, settings.beta, step);
      hears.progress(step, { ...lines, ...judgedLines, heldOut: [step, reward], sentences: [step, sentences] }, { samples });
    } else {
      hears.progress(step, lines, {});
    }
  }
}

/** Two answers of the base to a prompt, the better one chosen; where the rule finds them equal they say nothing. */
function* draw(ground: Ground, rule: Rule, prompts: readonly string[], wanted: number, random: () => number): Generator<void, { pairs: Pair[]; drawn: number; ties: number }> {
  const pairs: Pair[] = [];
  let [drawn, ties] = [0, 0];
  let queue: string[] = [];
  const decoder = ground.base.decoder();
  try {
    while (pairs.length < wanted && drawn < patience * wanted) {
      if (queue.length === 0) queue = shuffled(prompts, random);
      const two = answers(decoder, ground.tongue, queue.pop()!, 2, random);
      const [first, second] = two as [Answer, Answer];
      const [a, b] = rewardsOf(ground, rule, two) as [number, number];
      drawn += 1;
      if (a === b) ties += 1;
      else pairs.push(a > b ? { chosen: first, rejected: second, rewards: [a, b] } : { chosen: second, rejected: first, rewards: [b, a] });
      yield;
    }
  } finally {
    decoder.free();
  }
  return { pairs, drawn, ties };
}

function* judgedByReference({ tongue, base }: Ground, pairs: readonly Pair[]): Generator<void, Known[]> {
  const known: Known[] = [];
  for (let from = 0; from < pairs.length; from += atOnce) {
    const some = pairs.slice(from, from + atOnce);
    const batch = batchOf(tongue, some.flatMap(({ chosen, rejected }) => [chosen, rejected]));
    const logp = sums(logProbs(predict(base, batch, tongue.classes), batch), batch);
    known.push(...some.map((pair, at): Known => ({ ...pair, ref: [logp[2 * at]!, logp[2 * at + 1]!] })));
    yield;
  }
  return known;
}

function setOf({ tongue }: Ground, pairs: readonly Known[]): Set {
  const batch = batchOf(tongue, [...pairs.map(({ chosen }) => chosen), ...pairs.map(({ rejected }) => rejected)]);
  return { batch, refChosen: pairs.map(({ ref }) => ref[0]), refRejected: pairs.map(({ ref }) => ref[1]) };
}

/** What the policy makes of the pairs kept back. */
function* look({ tongue }: Ground, policy: Session, { batch, refChosen, refRejected }: Set, beta: number, step: number): Generator<void, Lines> {
  const [chosen, rejected] = halves(sums(logProbs(predict(policy, batch, tongue.classes), batch), batch));
  yield;
  const found = margins({ chosen, rejected, refChosen, refRejected, beta });
  return {
    keptMargin: [step, mean(found)],
    accuracy: [step, mean(found.map((m) => (Math.sign(m) + 1) / 2))],
    chosen: [step, mean(chosen)],
    rejected: [step, mean(rejected)],
  };
}

const halves = (values: Float64Array): [Float64Array, Float64Array] => [values.subarray(0, values.length / 2), values.subarray(values.length / 2)];
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const policyForPairs = (ground: Ground, { batch_size, learning_rate }: DpoSettings): Session => copyOf(ground, 2 * batch_size, learning_rate);
