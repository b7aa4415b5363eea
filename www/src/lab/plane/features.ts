// What a network of the plane is told of a point.
import { reach, type Point } from './points.ts';

export const featureNames = ['x', 'y', 'x2', 'y2', 'xy', 'sinx', 'siny'] as const;
export type Feature = (typeof featureNames)[number];

const of: Record<Feature, (x: number, y: number) => number> = {
  x: (x) => x,
  y: (_, y) => y,
  x2: (x) => x * x,
  y2: (_, y) => y * y,
  xy: (x, y) => x * y,
  sinx: (x) => Math.sin(x),
  siny: (_, y) => Math.sin(y),
};

/** As formulas are written. */
export const featureSigns: Record<Feature, string> = { x: 'x', y: 'y', x2: 'x²', y2: 'y²', xy: 'xy', sinx: 'sin x', siny: 'sin y' };

/** Shape: [points, features]. */
export function featuresOf(points: readonly Pick<Point, 'x' | 'y'>[], features: readonly Feature[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(points.length * features.length);
  points.forEach(({ x, y }, row) => features.forEach((name, column) => (values[row * features.length + column] = of[name](x, y))));
  return values;
}

/** Points of each unit's small map along either side. */
export const side = 40;

/** The middles of side × side cells over the plane, the upper left first. */
export const grid: readonly { x: number; y: number }[] = Array.from({ length: side * side }, (_, at) => ({
  x: (((at % side) + 0.5) / side) * 2 * reach - reach,
  y: reach - ((Math.floor(at / side) + 0.5) / side) * 2 * reach,
}));
