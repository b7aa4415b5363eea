// From settings to what the engine is told: runs, rows and targets.
import type { MeanRun, Opening, PlaneCalls, Rows, RunSpec } from '../../../workers/plane/protocol.ts';
import { featuresOf, grid } from './features.ts';
import { manyClasses, parted, planePoints, pointsOf, type Point } from './points.ts';
import { rowOf, type Design } from './regression.ts';
import { featuresIn, layersOf, type LineSettings, type NetSettings } from './settings.ts';

export type { MeanRun };

/** Of data that know two classes only, two; and a sigmoid can't answer more. */
export const classesOf = ({ data, classes }: NetSettings): number => (manyClasses(data) ? classes : 2);
export const lossOf = (net: NetSettings): NetSettings['loss'] => (classesOf(net) > 2 ? 'cce' : net.loss);
export const outputsOf = (net: NetSettings): number => (lossOf(net) === 'cce' ? classesOf(net) : 1);

export function pointsIn(net: NetSettings): { train: Point[]; test: Point[] } {
  const classes = classesOf(net);
  const own = (pointsOf(net.points) ?? []).filter(({ c }) => c < classes);
  return parted(planePoints(net.data, { ...net, classes }), own, net.kept / 100, net.seed);
}

const names = { bce: 'binary_cross_entropy', cce: 'categorical_cross_entropy', mse: 'mean_squared_error' } as const;

function optimizerOf({ optimizer, rate }: NetSettings): NonNullable<RunSpec['optimizer']> {
  if (optimizer === 'momentum') return { type: 'sgd', momentum: 0.9, learning_rate: rate };
  return { type: optimizer, learning_rate: rate };
}

export function specOf(net: NetSettings, rows: number): RunSpec {
  const loss = lossOf(net);
  const init = net.init === 'normal' ? ({ type: 'normal', stddev: 1 } as const) : net.init;
  return {
    model: {
      input: [featuresIn(net.features).length],
      layers: [
        ...layersOf(net.layers).map((units, at) => ({ type: 'dense', name: `h${at + 1}`, units, activation: net.activation, init }) as const),
        { type: 'dense', name: 'out', units: outputsOf(net), init },
        { type: loss === 'cce' ? 'softmax' : 'sigmoid', name: 'answer' },
      ],
    },
    loss: names[loss],
    optimizer: optimizerOf(net),
    batch_size: Math.max(1, Math.min(net.batch, rows)),
    ...(net.l1 > 0 || net.l2 > 0 ? { regularizers: [{ type: 'l1_l2', l1: net.l1, l2: net.l2 }] } : {}),
  };
}

function rowsOf(points: Point[], net: NetSettings): Rows {
  const labels = Uint32Array.from(points, ({ c }) => c);
  return { x: featuresOf(points, featuresIn(net.features)), targets: lossOf(net) === 'cce' ? labels.slice() : Float32Array.from(labels), labels };
}

export function openingOf(net: NetSettings, keep = false): Opening {
  const { train, test } = pointsIn(net);
  return { spec: specOf(net, train.length), seed: net.seed, train: rowsOf(train, net), test: rowsOf(test, net), grid: featuresOf(grid, featuresIn(net.features)), keep };
}

/** Gradient descent on all points at once, from zeros. */
export function descentOf({ rate, ridge, steps }: Pick<LineSettings, 'rate' | 'ridge' | 'steps'>, design: Design, points: Point[]): PlaneCalls['descend']['ask'] {
  return {
    spec: {
      model: { input: [design.degree], layers: [{ type: 'dense', name: 'line', units: 1, init: 'zeros' }] },
      loss: 'mean_squared_error',
      optimizer: { type: 'sgd', learning_rate: rate },
      batch_size: points.length,
      ...(ridge > 0 ? { regularizers: [{ type: 'l2', l2: ridge }] } : {}),
    },
    seed: 0,
    x: Float32Array.from(points.flatMap(({ x }) => rowOf(design, x))),
    targets: Float32Array.from(points, ({ y }) => y),
    steps,
  };
}

export const meanSteps = 600;
export const meanBatch = 16;

/** A small network that fits a curve, 1 → 16 → 16 → 1. */
export function meanOf(points: Point[], seed: number, line: number[]): PlaneCalls['mean']['ask'] {
  return {
    spec: {
      model: {
        input: [1],
        layers: [
          { type: 'dense', name: 'h1', units: 16, activation: 'tanh' },
          { type: 'dense', name: 'h2', units: 16, activation: 'tanh' },
          { type: 'dense', name: 'out', units: 1 },
        ],
      },
      loss: 'mean_squared_error',
      optimizer: { type: 'sgd', learning_rate: 0.05, momentum: 0.9 },
      batch_size: meanBatch,
    },
    seed,
    x: Float32Array.from(points, ({ x }) => x),
    targets: Float32Array.from(points, ({ y }) => y),
    steps: meanSteps,
    batch: meanBatch,
    line: Float32Array.from(line),
  };
}

/** The network of two circles, for the case in which nothing moves. */
export function staleOf(net: NetSettings, steps: number): PlaneCalls['stale']['ask'] {
  const { spec, seed, train } = openingOf(net);
  return { spec, seed, x: train.x, targets: train.targets, steps };
}
