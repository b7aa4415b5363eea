// GRPO: groups of answers to the same prompts, rewards by a rule, and several clipped steps on what was sampled once.
import type { Session } from 'danlu';
import { generator } from '../language/random.ts';
import { copyOf, report, rewardsOf, type Ground } from './ground.ts';
import { grpo, groupOf, k3, weightsOf, type GrpoParts } from './objectives.ts';
import type { GroupView, GrpoSettings, Lines, Report, Rule, Sample } from './protocol.ts';
import { answers, batchOf, entropyOf, logProbs, meanOf, predict, type Answer, type Batch } from './rollout.ts';
import { shuffled } from './text.ts';

/** How often the prompts kept back are answered on the way. */
const looks = 8;

export interface Hears {
  progress: (step: number, lines: Lines, more: { group?: GroupView; samples?: Sample[] }) => void;
}

/** Ends with the policy's session, which the caller frees. */
export function* alignByGroups(ground: Ground, rule: Rule, settings: GrpoSettings, policy: Session, hears: Hears): Generator<void> {
  const { tongue, prompts, base } = ground;
  const random = generator(settings.seed);
  const every = Math.ceil(settings.steps / looks);
  let queue: string[] = [];
  for (let step = 1; step <= settings.steps; step++) {
    if (queue.length < settings.prompts) queue = shuffled(prompts.train, random);
    const asked = queue.splice(0, settings.prompts);

    const list: Answer[] = [];
    const decoder = policy.decoder();
    try {
      for (const prompt of asked) {
        list.push(...answers(decoder, tongue, prompt, settings.group, random));
        yield;
      }
    } finally {
      decoder.free();
    }
    const rewards = rewardsOf(ground, rule, list);
    const groups = asked.map((_, at) => groupOf(rewards.slice(at * settings.group, (at + 1) * settings.group)));
    const advantage = groups.flatMap(({ advantages }) => advantages);

    const batch = batchOf(tongue, list);
    const ref = logProbs(predict(base, batch, tongue.classes), batch);
    yield;
    const first = predict(policy, batch, tongue.classes);
    const old = logProbs(first, batch);
    yield;

    let clipped = 0;
    let parts: GrpoParts | undefined;
    for (let update = 0; update < settings.updates; update++) {
      const logp = update === 0 ? old : logProbs(predict(policy, batch, tongue.classes), batch);
      parts = grpo({ logp, old, ref, mask: batch.mask, rows: batch.rows, advantage, clip: settings.clip, beta: settings.beta });
      clipped += meanOf((at) => parts!.held[at]!, batch.mask);
      policy.trainBatchWeighed(batch.x, batch.next, weightsOf(parts.dlogp));
      yield;
    }

    const lines: Lines = {
      reward: [step, mean(rewards)],
      kl: [step, meanOf((at) => k3(ref[at]!, old[at]!), batch.mask)],
      clipped: [step, clipped / settings.updates],
      entropy: [step, entropyOf(first, batch)],
      silent: [step, groups.filter(({ deviation }) => deviation === 0).length / groups.length],
    };
    const group = viewOf(step, list.slice(0, settings.group), rewards, groups[0]!, batch, parts!);
    if (step % every === 0 || step === settings.steps) {
      const judged: Report = yield* report(ground, policy, rule);
      hears.progress(step, { ...lines, heldOut: [step, judged.reward], sentences: [step, judged.sentences] }, { group, samples: judged.samples });
    } else {
      hears.progress(step, lines, { group });
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The first group of a batch, as the page shows it. */
function viewOf(step: number, list: readonly Answer[], rewards: readonly number[], group: ReturnType<typeof groupOf>, { mask, rows }: Batch, { ratio, held }: GrpoParts): GroupView {
  return {
    step,
    prompt: list[0]!.prompt,
    mean: group.mean,
    deviation: group.deviation,
    answers: list.map(({ text, ended, length }, at) => {
      const places = Array.from({ length: rows }, (_, row) => at * rows + row).filter((place) => mask[place]);
      const ratios = places.map((place) => ratio[place]!);
      return {
        text,
        ended,
        length,
        reward: rewards[at]!,
        advantage: group.advantages[at]!,
        ratios: [Math.min(...ratios), Math.max(...ratios)],
        held: places.filter((place) => held[place]).length,
      };
    }),
  };
}

export const policyForGroups = (ground: Ground, { group, prompts, learning_rate }: GrpoSettings): Session => copyOf(ground, group * prompts, learning_rate);
