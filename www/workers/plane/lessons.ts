// Whole trainings of a moment: gradient descent on a line, and programs with a mistake beside the mended ones.
import type { Engine, Session } from 'danlu';
import { generator } from '../language/random.ts';
import { tensorsOf } from '../safetensors.ts';
import type { Descent, MeanRun, PlaneCalls, StaleRun } from './protocol.ts';
import { norm, tensors } from './weights.ts';

function using<T>(session: Session, work: (session: Session) => T): T {
  try {
    return work(session);
  } finally {
    session.free();
  }
}

const flat = (session: Session): number[] => tensors(session).flatMap(({ values }) => [...values]);

export function descend(engine: Engine, { spec, seed, x, targets, steps }: PlaneCalls['descend']['ask']): Descent {
  return using(engine.createSession(spec, seed), (session) => {
    session.setData('train', x, targets);
    const losses: number[] = [];
    const path = flat(session);
    while (losses.length < steps && !Number.isNaN(losses.at(-1))) {
      losses.push(session.runSteps(1).loss);
      path.push(...flat(session));
    }
    return { losses, path: Float32Array.from(path) };
  });
}

/** Rows of each batch, in an order shuffled anew each epoch (Fisher and Yates). */
export function batches(rows: number, batch: number, steps: number, seed: number): number[][] {
  const random = generator(seed);
  const made: number[][] = [];
  while (made.length < steps) {
    const order = Array.from({ length: rows }, (_, at) => at);
    for (let at = rows - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [order[at], order[other]] = [order[other]!, order[at]!];
    }
    for (let at = 0; at + batch <= rows && made.length < steps; at += batch) made.push(order.slice(at, at + batch));
  }
  return made;
}

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((all, value) => all + value, 0) / values.length;

/**
 * Predictions p are (N, 1), targets y (N,): p − y is N × N, and the mean of its squares
 *
 *   L = (1/N²) Σᵢⱼ (pᵢ − yⱼ)²   has   dL/dpᵢ = (2/N²) Σⱼ (pᵢ − yⱼ) = (2/N) (pᵢ − ȳ),
 *
 * the gradient of the right loss had every target been ȳ; and L = (1/N) Σᵢ (pᵢ − ȳ)² + Var(y). So a batch whose targets
 * are all ȳ trains to the same weights, and its loss lacks only the batch's variance.
 */
export function mean(engine: Engine, ask: PlaneCalls['mean']['ask']): { right: MeanRun; wrong: MeanRun } {
  const width = ask.x.length / ask.targets.length;
  const order = batches(ask.targets.length, ask.batch, ask.steps, ask.seed);
  const train = (broadcast: boolean): MeanRun =>
    using(engine.createSession(ask.spec, ask.seed), (session) => {
      const losses = order.map((rows) => {
        const x = Float32Array.from(rows.flatMap((row) => [...ask.x.subarray(row * width, (row + 1) * width)]));
        const y = Float32Array.from(rows, (row) => ask.targets[row]!);
        if (!broadcast) return session.trainBatch(x, y).loss;
        const middle = meanOf(y);
        return session.trainBatch(x, new Float32Array(y.length).fill(middle)).loss + meanOf(y.map((value) => (value - middle) ** 2));
      });
      return { losses, fit: Float32Array.from(session.predict(ask.line)), predictions: Float32Array.from(session.predict(ask.x)) };
    });
  return { right: train(false), wrong: train(true) };
}

/**
 * `layer.weight = Parameter(…)` after the optimiser was made: backward leaves its gradient on the new tensor, step()
 * looks at the old one, whose gradient is None, and does nothing. So after each of the engine's steps the weights are
 * put back as they were; zero_grad() clears the old ones, so that gradients pile up on the new.
 */
export function stale(engine: Engine, { spec, seed, x, targets, steps }: PlaneCalls['stale']['ask']): { right: StaleRun; wrong: StaleRun } {
  const train = (held: boolean): StaleRun =>
    using(engine.createSession(spec, seed), (session) => {
      session.setData('train', x, targets);
      const first = session.getWeights();
      const begun = flat(session);
      const losses: number[] = [];
      const norms: number[] = [];
      let piled: Float32Array[] = [];
      for (let step = 0; step < steps; step += 1) {
        losses.push(session.runSteps(1).loss);
        const fresh = [...tensorsOf(session.getGradients()).values()].map(({ values }) => values);
        piled = held && step > 0 ? piled.map((sums, at) => sums.map((sum, place) => sum + fresh[at]![place]!)) : fresh;
        norms.push(norm(piled));
        if (held) session.setWeights(first);
      }
      return { losses, norms, moved: Math.max(...flat(session).map((value, at) => Math.abs(value - begun[at]!))) };
    });
  return { right: train(false), wrong: train(true) };
}
