// One epoch of the head, with the base answering anew for each batch and with its answers kept.
import { tensorsOf } from '../safetensors.ts';
import { generator } from '../language/random.ts';
import type { Timings, Trial } from './protocol.ts';
import { stageNetwork } from './network.ts';
import { beginning, keep, labelsOf, open, type Ground } from './trial.ts';
import { shuffled } from './samples.ts';
import { Features } from './features.ts';

export function time(ground: Ground, asked: Trial, now: () => number): Timings {
  const { engine, base, blocks, weights, samples } = ground;
  const trial: Trial = { ...asked, method: 'frozen', norms: 'still' };
  const chosen = samples.chosen(trial.perClass, trial.seed);
  // What is kept already would make keeping look free.
  const features = new Features(engine, base, weights, samples, ground.features.breath);
  const stage = { open: 0, epochs: 1, rate: trial.stages[0]?.rate ?? 0.001 };
  const epoch = (cached: boolean) => {
    const network = stageNetwork(base, blocks, stage, { ...trial, cached }, samples.classes.length);
    const filling = keep(features, network.cut, chosen, [], { keeping: () => {} }, now);
    let filled = filling.next();
    while (!filled.done) filled = filling.next();
    const session = open(engine, network, features, beginning(ground, trial), trial, stage.rate);
    const order = shuffled(chosen, generator(trial.seed));
    const begun = now();
    for (let from = 0; from < order.length; from += trial.batch_size) {
      const batch = order.slice(from, from + trial.batch_size);
      session.trainBatch(features.batch(network.cut, 'train', batch), labelsOf(samples, batch));
    }
    const spent_ms = now() - begun;
    const learnt = tensorsOf(session.getWeights());
    session.free();
    return { spent_ms, keeping_ms: filled.value, learnt };
  };
  const [kept, anew] = [epoch(true), epoch(false)];
  let difference = 0;
  for (const name of ['hidden/kernel', 'hidden/bias', 'head/kernel', 'head/bias']) {
    const [one, other] = [kept.learnt.get(name)!.values, anew.learnt.get(name)!.values];
    one.forEach((value, at) => (difference = Math.max(difference, Math.abs(value - other[at]!))));
  }
  return { samples: chosen.length, without_ms: anew.spent_ms, with_ms: kept.spent_ms, keeping_ms: kept.keeping_ms, difference };
}
