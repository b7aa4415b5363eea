// What a comparison came to: means over its repeats, and who is ahead.
import type { Course, Method } from './finetune.svelte.ts';

export interface Cell {
  perClass: number;
  method: Method;
  /** Trainings that have ended, of all. */
  ended: number;
  all: number;
  /** Mean held-out accuracy of those that have ended, else of what the first one has come to; NaN before anything was judged. */
  accuracy: number;
  /** The sample's standard deviation over repeats; NaN with fewer than two. */
  spread: number;
  /** Mean seconds of training. */
  seconds: number;
}

export function cellOf(courses: readonly Course[], perClass: number, method: Method): Cell {
  const own = courses.filter(({ trial }) => trial.perClass === perClass && trial.method === method);
  const ends = own.flatMap(({ ended }) => (ended ? [ended] : []));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const accuracies = ends.map(({ accuracy }) => accuracy);
  const accuracy = ends.length > 0 ? mean(accuracies) : (own.find(({ points }) => points.length > 0)?.points.at(-1)?.accuracy ?? NaN);
  const spread = ends.length > 1 ? Math.sqrt(accuracies.reduce((sum, value) => sum + (value - accuracy) ** 2, 0) / (ends.length - 1)) : NaN;
  const seconds = ends.length > 0 ? mean(ends.map(({ train_ms }) => train_ms)) / 1000 : NaN;
  return { perClass, method, ended: ends.length, all: own.length, accuracy, spread, seconds };
}

/** The two best of a row that is complete, `level` where less than a point parts them: with a thousand held-out pictures that is chance. */
export function leaders(cells: readonly Cell[]): { first: Cell; second: Cell; level: boolean } | undefined {
  if (cells.length < 2 || !cells.every(({ ended, all }) => all > 0 && ended === all)) return undefined;
  const [first, second] = [...cells].sort((a, b) => b.accuracy - a.accuracy);
  return { first: first!, second: second!, level: first!.accuracy - second!.accuracy < 0.01 };
}

/** The first of these, in their order, that is less than a point behind the best; undefined before all have an accuracy. */
export function smallestNearBest<T extends { accuracy: number }>(tried: readonly T[]): T | undefined {
  if (!tried.every(({ accuracy }) => Number.isFinite(accuracy))) return undefined;
  const best = Math.max(...tried.map(({ accuracy }) => accuracy));
  return tried.find(({ accuracy }) => best - accuracy < 0.01);
}
