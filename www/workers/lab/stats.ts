// Numbers about a network as it stands, cheap enough to be told while it trains.
import type { Session } from 'danlu';
import { tensorsOf } from '../safetensors.ts';
import type { LayerStats } from './protocol.ts';

export const bins = 32;

/** √Σx². */
export function norm(values: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at]! * values[at]!;
  return Math.sqrt(sum);
}

/** How many values lie in each of `bins` equal parts of [−most, most]; `most` is the largest absolute value. */
export function histogram(values: Float32Array): { counts: number[]; most: number } {
  let most = 0;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, Math.abs(values[at]!));
  const counts = new Array<number>(bins).fill(0);
  const scale = most > 0 ? bins / (2 * most) : 0;
  for (let at = 0; at < values.length; at += 1) counts[Math.min(bins - 1, Math.floor((values[at]! + most) * scale))]! += 1;
  return { counts, most };
}

/** Of every array that gradients move: its size as a vector, its gradient's, and how its values are spread. */
export function layerStats(session: Session): LayerStats[] {
  const gradients = tensorsOf(session.getGradients());
  return [...tensorsOf(session.getWeights())].map(([name, { values, shape }]) => ({
    name,
    shape,
    weightNorm: norm(values),
    gradientNorm: norm(gradients.get(name)?.values ?? new Float32Array()),
    ...histogram(values),
  }));
}

/** Layers that end in a ReLU, and how many of their units answer 0 to every one of the samples. */
export function deadUnits(session: Session, samples: Float32Array, rectified: ReadonlySet<string>): Map<string, { dead: number; units: number }> {
  const found = new Map<string, { dead: number; units: number }>();
  if (rectified.size === 0) return found;
  for (const { name, shape, data } of session.activations(samples)) {
    if (!rectified.has(name)) continue;
    const units = shape.at(-1)!;
    const alive = new Uint8Array(units);
    for (let at = 0; at < data.length; at += 1) if (data[at]! > 0) alive[at % units] = 1;
    found.set(name, { units, dead: units - alive.reduce((sum, one) => sum + one, 0) });
  }
  return found;
}

/**
 * The first two principal components of rows, by power iteration on the covariance without building it.
 * Shape: [count][width] → [count][2]. A component's sign is such that its largest loading is positive.
 */
export function principal(rows: Float32Array, count: number, width: number): { points: Float32Array<ArrayBuffer>; explained: [number, number] } {
  const centred = Float64Array.from(rows);
  for (let column = 0; column < width; column += 1) {
    let mean = 0;
    for (let row = 0; row < count; row += 1) mean += centred[row * width + column]!;
    mean /= count;
    for (let row = 0; row < count; row += 1) centred[row * width + column]! -= mean;
  }
  let total = 0;
  for (const value of centred) total += value * value;
  const points = new Float32Array(2 * count);
  const explained: [number, number] = [0, 0];
  const first = new Float64Array(width);
  for (const component of [0, 1] as const) {
    let axis = Float64Array.from({ length: width }, (_, at) => 1 / (1 + at + component));
    for (let turn = 0; turn < 40; turn += 1) {
      if (component === 1) removeFrom(axis, first);
      unit(axis);
      const next = new Float64Array(width);
      for (let row = 0; row < count; row += 1) {
        let along = 0;
        for (let column = 0; column < width; column += 1) along += centred[row * width + column]! * axis[column]!;
        for (let column = 0; column < width; column += 1) next[column]! += along * centred[row * width + column]!;
      }
      axis = next;
    }
    if (component === 1) removeFrom(axis, first);
    unit(axis);
    const largest = axis.reduce((best, value, at) => (Math.abs(value) > Math.abs(axis[best]!) ? at : best), 0);
    const sign = axis[largest]! < 0 ? -1 : 1;
    let along2 = 0;
    for (let row = 0; row < count; row += 1) {
      let along = 0;
      for (let column = 0; column < width; column += 1) along += centred[row * width + column]! * axis[column]!;
      points[2 * row + component] = sign * along;
      along2 += along * along;
    }
    explained[component] = total > 0 ? along2 / total : 0;
    if (component === 0) first.set(axis);
  }
  return { points, explained };
}

function unit(axis: Float64Array) {
  let sum = 0;
  for (const value of axis) sum += value * value;
  const length = Math.sqrt(sum) || 1;
  for (let at = 0; at < axis.length; at += 1) axis[at]! /= length;
}

function removeFrom(axis: Float64Array, direction: Float64Array) {
  let along = 0;
  for (let at = 0; at < axis.length; at += 1) along += axis[at]! * direction[at]!;
  for (let at = 0; at < axis.length; at += 1) axis[at]! -= along * direction[at]!;
}
