/** The course of a training that the learner's code runs, gathered from what Keras's `fit` tells. */

export interface Progress {
  /** Batches since the training began. */
  step: number;
  /** Epochs done, with the part of the present one. */
  epoch: number;
  /** By Keras's names; those of held-out data have `val_` before. */
  metrics: Record<string, number>;
}

export interface Series {
  x: number[];
  y: number[];
}

export interface Training {
  step: number;
  epoch: number;
  /** By name, as in the metrics; the arrays grow. */
  series: Record<string, Series>;
  /** Counts what was added, for views that draw at most once a frame. */
  version: number;
}

const NAMES_MAX = 12;
const NAME_CHARACTERS_MAX = 60;
/** Beyond this every other point goes. */
const POINTS_MAX = 2000;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** What the learner's runtime says may be anything; null where it is not what Keras tells. */
export function readProgress(json: string): Progress | null {
  let said: unknown;
  try {
    said = JSON.parse(json);
  } catch {
    return null;
  }
  const { step, epoch, metrics } = (said ?? {}) as Record<string, unknown>;
  if (!isNumber(step) || !isNumber(epoch) || step < 0 || epoch < 0 || typeof metrics !== 'object' || metrics === null) return null;
  const kept = Object.entries(metrics).filter(([name, value]) => name.length <= NAME_CHARACTERS_MAX && isNumber(value));
  return { step, epoch, metrics: Object.fromEntries(kept.slice(0, NAMES_MAX)) };
}

export function begin(progress: Progress): Training {
  return addTo({ step: 0, epoch: 0, series: {}, version: 0 }, progress);
}

export function addTo(training: Training, { step, epoch, metrics }: Progress): Training {
  const { series } = training;
  for (const [name, value] of Object.entries(metrics)) {
    const own = (series[name] ??= { x: [], y: [] });
    if (own.x.at(-1) === epoch) {
      own.y[own.y.length - 1] = value;
    } else if (own.x.length === 0 || epoch > own.x.at(-1)!) {
      own.x.push(epoch);
      own.y.push(value);
      if (own.x.length > POINTS_MAX) thin(own);
    }
  }
  return { step, epoch, series, version: training.version + 1 };
}

function thin(series: Series): void {
  const even = (_: number, at: number) => at % 2 === 0;
  series.x = series.x.filter(even);
  series.y = series.y.filter(even);
}

/** The measures to draw, the loss first: names without `val_`. */
export function measures(training: Training): string[] {
  const names = Object.keys(training.series).filter((name) => !name.startsWith('val_') && name !== 'learning_rate');
  return names.includes('loss') ? ['loss', ...names.filter((name) => name !== 'loss')] : names;
}
