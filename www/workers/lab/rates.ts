// The learning rate over a run, as the engine gives it: a network of one weight goes the whole way and tells its rate.
import type { Engine, OptimizerSpec, RunSpec } from 'danlu';
import type { LabSpec } from './protocol.ts';
import { fittedRun } from './schedule.ts';

const points = 160;
/** A longer run would keep the reader waiting for a picture. */
const stepsMost = 60_000;

/** Pairs (step, rate); empty where the run is too long to be drawn, or its strategy is faulty. */
export function ratesOf(engine: Engine, { strategy }: LabSpec, steps: number): Float64Array<ArrayBuffer> {
  if (steps > stepsMost) return new Float64Array();
  const { optimizer = 'adam', schedule } = strategy;
  const rate = typeof optimizer === 'object' ? optimizer.learning_rate : undefined;
  const type = typeof optimizer === 'object' ? optimizer.type : optimizer;
  const run: RunSpec = fittedRun(
    {
      model: { input: [1], layers: [{ type: 'dense', units: 1, use_bias: false }] },
      loss: 'mean_squared_error',
      optimizer: { type: 'sgd', learning_rate: rate ?? (type === 'sgd' ? 0.01 : 0.001) } as OptimizerSpec,
      batch_size: 1,
      ...(schedule === undefined ? {} : { schedule }),
    },
    steps,
  );
  const session = engine.createSession(run, 0);
  try {
    session.setData('train', new Float32Array(1), new Float32Array(1));
    const told: number[] = [];
    const every = Math.max(1, Math.floor(steps / points));
    for (let done = 0; done < steps; ) {
      // The first step by itself: a schedule may begin where it never comes again.
      const more = done === 0 ? 1 : Math.min(every, steps - done);
      done += more;
      told.push(done, session.runSteps(more).learning_rate);
    }
    return Float64Array.from(told);
  } finally {
    session.free();
  }
}
