// One training from beginning to end, a stage after another, each a fresh run as Keras's `compile` begins one.
import type { ChainSpec, Engine, Session } from 'danlu';
import { bestOf } from '../lab/evaluation.ts';
import { generator } from '../language/random.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import type { Features } from './features.ts';
import { copyOf, movedBetween, type Weights } from './hash.ts';
import { adapted, drawnAdapters, isPart } from './lora.ts';
import { cameTo, gapToPlain } from './lora-check.ts';
import { headLayers, runFor, stageNetwork, takeOver, weightsFor, type StageNetwork } from './network.ts';
import { namesIn } from './features.ts';
import type { Block, LoraFacts, Point, Stage, StageFacts, Trial } from './protocol.ts';
import { shuffled, type Samples } from './samples.ts';

export interface Ground {
  engine: Engine;
  base: ChainSpec;
  blocks: Block[];
  weights: Weights;
  samples: Samples;
  features: Features;
}

/** A stage that is over: the base as it was before and after it, still without hashes. */
export interface StageEnd extends Omit<StageFacts, 'before' | 'after'> {
  baseBefore: Weights;
  baseAfter: Weights;
}

export interface Hears {
  began(steps: number): void;
  keeping(done: number, all: number): void;
  point(stage: number, point: Point): void;
  stage(end: StageEnd): void;
  adapted(facts: LoraFacts): void;
}

export interface Outcome {
  accuracy: number;
  loss: number;
  train_ms: number;
  keeping_ms: number;
  /** Of base and head. */
  weights: Weights;
}

/** Held-out samples are judged about so often in a training: it takes as long as an epoch of a hundred samples a class. */
const looks = 12;
export const judgedAtOnce = 100;
const least = 1e-7;

/** Trains in small pieces: what drives it may stop between any two yields. */
export function* train(ground: Ground, trial: Trial, hears: Hears, now: () => number): Generator<void, Outcome> {
  const { engine, base, blocks, samples, features } = ground;
  const chosen = samples.chosen(trial.perClass, trial.seed);
  const perEpoch = Math.ceil(chosen.length / trial.batch_size);
  const epochs = trial.stages.reduce((sum, stage) => sum + stage.epochs, 0);
  hears.began(epochs * perEpoch);
  const random = generator(trial.seed + 1);
  const weights = beginning(ground, trial);
  const kept = new Set<number>();
  const total: Outcome = { accuracy: NaN, loss: NaN, train_ms: 0, keeping_ms: 0, weights };
  let epochsBefore = 0;
  for (const [at, stage] of trial.stages.entries()) {
    const network = stageNetwork(base, blocks, stage, trial, samples.classes.length);
    let keeping_ms = 0;
    // What lies before a later stage's first layer is kept first: its answers are on the way to this stage's.
    for (const cut of cutsFrom(ground, trial, at)) {
      if (kept.has(cut)) continue;
      kept.add(cut);
      keeping_ms += yield* keep(features, cut, chosen, samples.heldOut, hears, now);
    }
    total.keeping_ms += keeping_ms;
    const before = copyOf(baseOf(ground, weights));
    const session = open(engine, network, features, weights, trial, stage.rate);
    try {
      const start = network.adapted.length > 0 ? yield* gapToPlain(ground, trial, network, session, weights) : null;
      const facts = session.layers();
      let train_ms = 0;
      for (let epoch = 1; epoch <= stage.epochs; epoch += 1) {
        const order = shuffled(chosen, random);
        let [loss, accuracy] = [0, 0];
        for (let from = 0; from < order.length; from += trial.batch_size) {
          const batch = order.slice(from, from + trial.batch_size);
          const begun = now();
          const report = session.trainBatch(features.batch(network.cut, 'train', batch), labelsOf(samples, batch));
          train_ms += now() - begun;
          loss += (report.loss * batch.length) / order.length;
          accuracy += (report.accuracy * batch.length) / order.length;
          yield;
        }
        const done = epochsBefore + epoch;
        const isLook = epoch === stage.epochs || done % Math.max(1, Math.floor(epochs / looks)) === 0;
        if (!isLook) continue;
        const judged = yield* judge(session, network.cut, ground);
        hears.point(at, { epoch: done, training_loss: loss, training_accuracy: accuracy, ...judged });
        [total.loss, total.accuracy] = [judged.loss, judged.accuracy];
      }
      takeOver(weights, tensorsOf(session.getWeights()));
      total.train_ms += train_ms;
      epochsBefore += stage.epochs;
      const after = baseOf(ground, weights);
      const moved = movedBetween(before, after);
      // Gamma and beta of a norm that follows the batches stand in a layer of their own, frozen.
      const trains = facts.reduce((sum, layer) => sum + layer.trainableParameters, 0);
      const headTrains = facts.slice(-2).reduce((sum, layer) => sum + layer.trainableParameters, 0);
      const adaptersTraining = facts.reduce((sum, layer) => sum + (isPart(layer.name) ? layer.trainableParameters : 0), 0);
      hears.stage({
        trial: trial.id, stage: at, training: trains, baseTraining: trains - headTrains - adaptersTraining, adaptersTraining,
        baseBefore: before, baseAfter: copyOf(after), weightsMoved: moved.weights, statisticsMoved: moved.statistics,
        train_ms, kept: network.cut > 0, keeping_ms, epochs: stage.epochs,
      });
      if (start) hears.adapted(yield* cameTo(ground, trial, network, session, weights, start));
    } finally {
      session.free();
    }
  }
  return total;
}

/** The layers at which this stage and the later ones begin, from the input on. */
function cutsFrom({ base, blocks, samples }: Ground, trial: Trial, at: number): number[] {
  if (trial.method === 'scratch') return [];
  const cuts = trial.stages.slice(at).map((stage) => stageNetwork(base, blocks, stage, trial, samples.classes.length).cut);
  return [...new Set(cuts)].filter((cut) => cut > 0).sort((a, b) => a - b);
}

/** Keeps what is missing; how long it took. */
export function* keep(features: Features, cut: number, train: number[], heldOut: number[], hears: Pick<Hears, 'keeping'>, now: () => number): Generator<void, number> {
  const all = features.missing(cut, 'train', train) + features.missing(cut, 'heldOut', heldOut);
  let done = 0;
  let begun = now();
  let spent = 0;
  for (const [side, wanted] of [['train', train], ['heldOut', heldOut]] as const) {
    for (const some of features.keep(cut, side, wanted)) {
      done += some;
      spent += now() - begun;
      hears.keeping(done, all);
      yield;
      begun = now();
    }
  }
  return spent;
}

/** The base as it came (or drawn anew, from scratch), and a head drawn from the seed: the same head for every method. */
export function beginning({ engine, base, blocks, weights, samples, features }: Ground, trial: Trial): Weights {
  const begun = copyOf(weights);
  if (trial.method === 'scratch') {
    const drawn = drawnBy(engine, { input: samples.input, layers: base.layers }, trial.seed);
    for (const [name, tensor] of drawn) begun.set(name, tensor);
  }
  if (trial.method === 'lora') {
    const names = adapted(base, blocks, Math.max(...trial.stages.map((stage) => stage.open)));
    for (const [name, tensor] of drawnAdapters(engine, { input: samples.input, layers: base.layers }, names, trial.lora, trial.seed)) begun.set(name, tensor);
  }
  const width = features.shapeAt(base.layers.length + 1);
  for (const [name, tensor] of drawnBy(engine, { input: width, layers: headLayers(trial.units, samples.classes.length) }, trial.seed)) begun.set(name, tensor);
  return begun;
}

function drawnBy(engine: Engine, model: ChainSpec, seed: number): Weights {
  const session = engine.createSession({ model, loss: 'mean_squared_error' }, seed);
  try {
    return tensorsOf(session.getWeights());
  } finally {
    session.free();
  }
}

export function baseOf({ weights }: Pick<Ground, 'weights'>, all: Weights): Weights {
  return new Map([...weights.keys()].map((name) => [name, all.get(name)!]));
}

export function open(engine: Engine, network: StageNetwork, features: Features, weights: Weights, trial: Trial, rate: Stage['rate']): Session {
  const session = engine.createSession(runFor(network, features.shapeAt(network.cut), trial, rate), trial.seed);
  session.setWeights(fileOf(weightsFor(namesIn(session), weights)));
  return session;
}

export const labelsOf = (samples: Samples, batch: readonly number[]): number[] => batch.map((sample) => samples.labels('train')[sample]!);

/** Plain cross-entropy and accuracy on the held-out samples. */
function* judge(session: Session, cut: number, { samples, features }: Ground): Generator<void, { loss: number; accuracy: number }> {
  const classes = samples.classes.length;
  const labels = samples.labels('heldOut');
  let [loss, right] = [0, 0];
  for (let from = 0; from < samples.heldOut.length; from += judgedAtOnce) {
    const some = samples.heldOut.slice(from, from + judgedAtOnce);
    const answers = session.predict(features.batch(cut, 'heldOut', some));
    some.forEach((sample, at) => {
      const probability = answers[at * classes + labels[sample]!]!;
      loss -= Math.log(probability < least ? least : probability);
      if (bestOf(answers, at * classes, classes) === labels[sample]) right += 1;
    });
    yield;
  }
  return { loss: loss / samples.heldOut.length, accuracy: right / samples.heldOut.length };
}

