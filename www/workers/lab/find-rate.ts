// The learning-rate finder (Smith 2017): a rate that rises with every batch, and the loss it meets.
import type { Engine } from 'danlu';
import { runOf } from './describe.ts';
import type { Dataset, LabSpec } from './protocol.ts';

/** The worker hears the page at least this often. */
const breath_ms = 30;
const grown = 4;

export async function findRate(
  engine: Engine,
  spec: LabSpec,
  data: Dataset,
  { from, to, steps }: { from: number; to: number; steps: number },
): Promise<Float64Array<ArrayBuffer>> {
  const { schedule: _, ...run } = runOf(spec, steps);
  const session = engine.createSession(run, spec.seed);
  try {
    session.setData('train', data.train.x, data.train.labels);
    const pairs: number[] = [];
    let least = Infinity;
    let rested_ms = performance.now();
    for (let step = 0; step < steps; step += 1) {
      const rate = from * (to / from) ** (step / Math.max(1, steps - 1));
      session.setLearningRate(rate);
      const { loss } = session.runSteps(1);
      if (!Number.isFinite(loss)) break;
      pairs.push(rate, loss);
      least = Math.min(least, loss);
      // The first batches differ among themselves by more than a small rate changes.
      if (step > steps / 10 && loss > grown * least && loss > grown * pairs[1]!) break;
      if (performance.now() - rested_ms > breath_ms) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        rested_ms = performance.now();
      }
    }
    return Float64Array.from(pairs);
  } finally {
    session.free();
  }
}
