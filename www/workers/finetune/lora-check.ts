// What LoRA promises, looked at: training begins at the base, merging changes no answer, and a base serves two tasks.
import type { Session } from 'danlu';
import { bestOf } from '../lab/evaluation.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import { namesIn } from './features.ts';
import { movedBetween, type Weights } from './hash.ts';
import { adaptedLayers, adaptersIn, merged } from './lora.ts';
import { stageNetwork, weightsFor, type StageNetwork } from './network.ts';
import type { Gap, LoraFacts, SwapFacts, Trial } from './protocol.ts';
import { baseOf, judgedAtOnce, open, type Ground } from './trial.ts';

/** Held-out pictures that are compared before the first step. */
const comparedFirst = 200;

/** Against the same network without its side paths, with these weights. */
export function* gapToPlain(ground: Ground, trial: Trial, network: StageNetwork, session: Session, weights: Weights, most = comparedFirst): Generator<void, Gap> {
  const { engine, features, samples } = ground;
  const plain = open(engine, { ...network, adapted: [] }, features, weights, trial, trial.stages[0]!.rate);
  const gap: Gap = { difference: 0, otherwise: 0, compared: 0 };
  const classes = samples.classes.length;
  const pictures = samples.heldOut.slice(0, most);
  try {
    for (let from = 0; from < pictures.length; from += judgedAtOnce) {
      const some = pictures.slice(from, from + judgedAtOnce);
      const batch = features.batch(network.cut, 'heldOut', some);
      const [one, other] = [session.predict(batch), plain.predict(batch)];
      one.forEach((value, at) => (gap.difference = Math.max(gap.difference, Math.abs(value - other[at]!))));
      some.forEach((_, at) => (gap.otherwise += bestOf(one, at * classes, classes) === bestOf(other, at * classes, classes) ? 0 : 1));
      gap.compared += some.length;
      yield;
    }
  } finally {
    plain.free();
  }
  return gap;
}

/** `weights` have what was learnt. */
export function* cameTo(ground: Ground, trial: Trial, network: StageNetwork, session: Session, weights: Weights, start: Gap): Generator<void, LoraFacts> {
  const [base, adapters] = [baseOf(ground, weights), adaptersIn(weights)];
  const whole = merged(base, adapters, network.adapted, trial.lora);
  const head = headOf(weights);
  const gap = yield* gapToPlain(ground, trial, network, session, new Map([...whole, ...head]), Infinity);
  return {
    trial: trial.id,
    layers: adaptedLayers(base, adapters, network.adapted, trial.lora),
    start,
    merged: gap,
    bytes: { adapters: fileOf(adapters).length, head: fileOf(head).length, whole: fileOf(new Map([...whole, ...head])).length },
  };
}

/** What one task adds to the base: its adapters and its head. */
export function taskOf(weights: Weights): Weights {
  return new Map([...adaptersIn(weights), ...headOf(weights)]);
}

function headOf(weights: Weights): Weights {
  return new Map([...weights].filter(([name]) => /^(hidden|head)\//.test(name)));
}

/** A training that has ended, and the pictures it was for. */
export interface Adapted {
  ground: Ground;
  trial: Trial;
  weights: Weights;
}

/** One base in memory; adapters and heads of two tasks take turns on it. */
export function swap(first: Adapted, second: Adapted, now: () => number): SwapFacts {
  const { ground, trial } = first;
  const network = stageNetwork(ground.base, ground.blocks, trial.stages.at(-1)!, trial, ground.samples.classes.length);
  const session = open(ground.engine, network, ground.features, first.weights, trial, trial.stages.at(-1)!.rate);
  try {
    const names = namesIn(session);
    let swap_ms = 0;
    const take = (weights: Weights) => {
      const file = fileOf(weightsFor(names, new Map([...ground.weights, ...taskOf(weights)])));
      const begun = now();
      session.setWeights(file);
      swap_ms = now() - begun;
    };
    const turn = ({ weights }: Adapted) => {
      take(weights);
      return [answersTo(session, network.cut, first.ground), answersTo(session, network.cut, second.ground)] as const;
    };
    const [one, other] = [turn(first), turn(second)];
    take(first.weights);
    const again = answersTo(session, network.cut, ground);
    const held = tensorsOf(session.getWeights());
    const before = new Map([...ground.weights].filter(([name]) => held.has(name)));
    return {
      accuracy: [[one[0].accuracy, one[1].accuracy], [other[0].accuracy, other[1].accuracy]],
      bytes: { task: fileOf(taskOf(first.weights)).length, whole: fileOf(new Map([...ground.weights, ...headOf(first.weights)])).length },
      swap_ms,
      moved: movedBetween(before, held).weights,
      back: again.answers.every((part, at) => part.every((value, place) => Object.is(value, one[0].answers[at]![place]))),
    };
  } finally {
    session.free();
  }
}

function answersTo(session: Session, cut: number, { samples, features }: Ground): { answers: Float32Array[]; accuracy: number } {
  const classes = samples.classes.length;
  const labels = samples.labels('heldOut');
  const answers: Float32Array[] = [];
  let right = 0;
  for (let from = 0; from < samples.heldOut.length; from += judgedAtOnce) {
    const some = samples.heldOut.slice(from, from + judgedAtOnce);
    const part = session.predict(features.batch(cut, 'heldOut', some));
    answers.push(part);
    some.forEach((sample, at) => (right += bestOf(part, at * classes, classes) === labels[sample] ? 1 : 0));
  }
  return { answers, accuracy: right / samples.heldOut.length };
}
