// What every alignment starts from: a text, a base that learnt it, and how a copy of the base is made to be trained.
import type { Engine, RunSpec, Session } from 'danlu';
import { runSpec } from '../language/model.ts';
import { generator } from '../language/random.ts';
import { windows } from '../language/text.ts';
import type { BaseSettings, Lines, Report, Rule, Sample, Started } from './protocol.ts';
import { k3 } from './objectives.ts';
import { rewardOf } from './rules.ts';
import { answers, batchOf, entropyOf, klOf, logProbs, meanOf, predict, Tongue, type Answer } from './rollout.ts';
import { pieces, Text } from './text.ts';

const heads = 4;
const batchSize = 32;
const learningRate = 0.01;
/** Answers that a model is judged by: so many to each of so many prompts kept back. */
const judgedPrompts = 48;
const judgedAnswers = 2;
const samplesShown = 8;
/** Of the text, at its end. */
const keptBack = 0.1;
/** Windows that the kept-back end of the text is judged by. */
const judgedWindows = 24;
const looks = 10;

export interface Ground {
  engine: Engine;
  settings: BaseSettings;
  text: Text;
  tongue: Tongue;
  prompts: { train: string[]; heldOut: string[] };
  /** The base; it is the reference of every alignment, and none changes it. */
  base: Session;
  corpus: { train: Uint32Array; heldOut: Uint32Array };
}

export function groundOf(engine: Engine, settings: BaseSettings): { ground: Ground; started: Started } {
  const text = new Text(settings.text);
  const prompts = text.split(settings.seed);
  const written = text.write(prompts.train, settings.seed);
  const longest = Math.max(...text.prompts().map((prompt) => pieces(prompt).length));
  const tongue = new Tongue([...new Set(pieces(written))].sort(), longest + text.limit, text.limit);
  const tokens = Uint32Array.from(tongue.encode(written));
  const cut = Math.floor(tokens.length * (1 - keptBack));
  const corpus = { train: tokens.subarray(0, cut), heldOut: tokens.subarray(cut) };
  const base = engine.createSession(spec(settings, tongue, settings.steps, batchSize, learningRate), settings.seed);
  const started = {
    variant: engine.variant,
    parameters: base.parameterCount,
    vocabulary: tongue.classes,
    context: tongue.context,
    limit: text.limit,
    prompts: { train: prompts.train.length, heldOut: prompts.heldOut.length },
    tokens: tokens.length,
  };
  return { ground: { engine, settings, text, tongue, prompts, base, corpus }, started };
}

const spec = ({ width, blocks }: BaseSettings, { context, classes }: Tongue, steps: number, batch_size: number, learning_rate: number): RunSpec =>
  runSpec({ context, width, heads, blocks, batch_size, learning_rate, steps }, classes);

/** A copy of the base to be trained further: no decay towards 0, and the rate stays as it is. */
export function copyOf({ engine, settings, tongue, base }: Ground, answersAtOnce: number, learning_rate: number): Session {
  const own: RunSpec = {
    ...spec(settings, tongue, 1, answersAtOnce, learning_rate),
    optimizer: { type: 'adamw', learning_rate, weight_decay: 0, global_clipnorm: 1 },
    schedule: 'constant',
  };
  const session = engine.createSession(own, settings.seed);
  session.setWeights(base.getWeights());
  return session;
}

/** Training of the base; windows begin where lines do, so that a prompt stands where it will be asked. */
export function* learn({ base, corpus, settings, tongue }: Ground, hear: (step: number, lines: Lines) => void): Generator<void, number> {
  const random = generator(settings.seed);
  const startsIn = (tokens: Uint32Array) => [...tokens.keys()].filter((at) => tokens[at] === tongue.end && at + tongue.context < tokens.length);
  const starts = startsIn(corpus.train);
  const kept = windows(corpus.heldOut, tongue.context, startsIn(corpus.heldOut).slice(0, judgedWindows));
  const every = Math.max(1, Math.floor(settings.steps / looks));
  let heldOut = base.evaluateOn(kept.x, kept.next).loss;
  hear(0, { heldOut: [0, heldOut] });
  for (let step = 1; step <= settings.steps; step++) {
    const { x, next } = windows(corpus.train, tongue.context, Array.from({ length: batchSize }, () => starts[Math.floor(random() * starts.length)]!));
    const lines: Lines = { training: [step, base.trainBatch(x, next).loss] };
    if (step % every === 0 || step === settings.steps) lines.heldOut = [step, (heldOut = base.evaluateOn(kept.x, kept.next).loss)];
    hear(step, lines);
    yield;
  }
  return heldOut;
}

/** Answers to the prompts kept back; each from a seed of its own, so that two models draw the same numbers. */
export function* write({ tongue, prompts }: Ground, session: Session, most: number, each: number): Generator<void, Answer[]> {
  const decoder = session.decoder();
  try {
    const list: Answer[] = [];
    for (const [at, prompt] of prompts.heldOut.slice(0, most).entries()) {
      for (let turn = 0; turn < each; turn++) list.push(...answers(decoder, tongue, prompt, 1, generator(1000 * at + turn)));
      yield;
    }
    return list;
  } finally {
    decoder.free();
  }
}

export const rewardsOf = ({ text }: Ground, rule: Rule, list: readonly Answer[]): number[] => list.map((answer) => rewardOf(rule, answer, text));

const samplesOf = ({ text }: Ground, list: readonly Answer[], rewards: readonly number[]): Sample[] =>
  list.map(({ prompt, text: answer, ended }, at) => ({ prompt, answer, reward: rewards[at]!, sentence: ended && text.isSentence(answer) }));

/** A few of the answers that `report` judges, the first to each prompt. */
export function* glance(ground: Ground, session: Session, rule: Rule): Generator<void, Sample[]> {
  const list = yield* write(ground, session, samplesShown, 1);
  return samplesOf(ground, list, rewardsOf(ground, rule, list));
}

export function* report(ground: Ground, session: Session, rule: Rule): Generator<void, Report> {
  const { tongue, base } = ground;
  const list = yield* write(ground, session, judgedPrompts, judgedAnswers);
  const batch = batchOf(tongue, list);
  const policy = predict(session, batch, tongue.classes);
  yield;
  const reference = predict(base, batch, tongue.classes);
  yield;
  const [logp, ref] = [logProbs(policy, batch), logProbs(reference, batch)];
  const rewards = rewardsOf(ground, rule, list);
  const mean = rewards.reduce((sum, r) => sum + r, 0) / list.length;
  const variance = rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (list.length - 1);
  const samples = samplesOf(ground, list, rewards);
  return {
    answers: list.length,
    reward: mean,
    error: Math.sqrt(variance / list.length),
    kl: meanOf((at) => k3(ref[at]!, logp[at]!), batch.mask),
    klExact: klOf(policy, reference, batch),
    entropy: entropyOf(policy, batch),
    sentences: samples.filter(({ sentence }) => sentence).length / list.length,
    distinct: new Set(list.map(({ text }) => text)).size / list.length,
    length: list.reduce((sum, { length }) => sum + length, 0) / list.length,
    samples: samples.filter((_, at) => at % judgedAnswers === 0).slice(0, samplesShown),
  };
}
