// Points of the plane to classify, and points over a line to fit: drawn by a seed, or the reader's own.
import { generator } from '../../../workers/language/random.ts';

/** Both axes of the plane go from −reach to reach. */
export const reach = 3;

export interface Point {
  x: number;
  y: number;
  /** The class; 0 where points are fitted and not told apart. */
  c: number;
}

export const planeKinds = ['circles', 'xor', 'moons', 'spirals', 'gaussians', 'own'] as const;
export type PlaneKind = (typeof planeKinds)[number];
export const lineKinds = ['line', 'far', 'curve', 'outlier', 'own'] as const;
export type LineKind = (typeof lineKinds)[number];

/** These can be of more than two classes. */
export const manyClasses = (kind: PlaneKind): boolean => kind === 'spirals' || kind === 'gaussians' || kind === 'own';

/** Standard normal numbers by Box and Muller (1958). */
function normals(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Three decimals, so that an address and a table show the very numbers that are trained on. */
const rounded = (value: number) => Math.round(value * 1000) / 1000;
const inside = (value: number) => Math.max(-reach, Math.min(reach, value));

function place(kind: Exclude<PlaneKind, 'own'>, c: number, classes: number, random: () => number): [number, number] {
  const turn = (c / classes) * 2 * Math.PI;
  switch (kind) {
    case 'xor': {
      // Class 0 where x and y differ in sign; an empty strip along the axes.
      const [a, b] = [0.25 + 2.35 * random(), 0.25 + 2.35 * random()];
      const side = random() < 0.5 ? 1 : -1;
      return [side * a, (c === 1 ? side : -side) * b];
    }
    case 'circles': {
      const r = c === 1 ? 1.2 * Math.sqrt(random()) : 2 + 0.7 * random();
      const angle = 2 * Math.PI * random();
      return [r * Math.cos(angle), r * Math.sin(angle)];
    }
    case 'moons': {
      const angle = Math.PI * random();
      return c === 0 ? [-0.75 + 1.5 * Math.cos(angle), -0.4 + 1.5 * Math.sin(angle)] : [0.75 - 1.5 * Math.cos(angle), 0.4 - 1.5 * Math.sin(angle)];
    }
    case 'spirals': {
      const share = random();
      const r = 0.15 + 2.55 * share;
      const angle = turn + 1.25 * 2 * Math.PI * share;
      return [r * Math.sin(angle), r * Math.cos(angle)];
    }
    case 'gaussians':
      return [1.6 * Math.cos(turn + Math.PI / 4), 1.6 * Math.sin(turn + Math.PI / 4)];
  }
}

/** So many points, the classes in turn. `noise` is the standard deviation that is added to each coordinate. */
export function planePoints(kind: PlaneKind, { count, classes, noise, seed }: { count: number; classes: number; noise: number; seed: number }): Point[] {
  if (kind === 'own') return [];
  const random = generator(seed);
  const normal = normals(random);
  // Blobs have a width of their own.
  const spread = kind === 'gaussians' ? noise + 0.35 : noise;
  return Array.from({ length: count }, (_, at) => {
    const c = at % classes;
    const [x, y] = place(kind, c, classes, random);
    return { x: rounded(inside(x + spread * normal())), y: rounded(inside(y + spread * normal())), c };
  });
}

/** Points to fit; far ones lie to one side of 0, so that slope and intercept depend on each other. */
export function linePoints(kind: LineKind, { count, noise, seed }: { count: number; noise: number; seed: number }): Point[] {
  if (kind === 'own') return [];
  const random = generator(seed);
  const normal = normals(random);
  return Array.from({ length: count }, (_, at) => {
    const x = kind === 'far' ? 1.8 + 1.1 * random() : 2.8 * (2 * random() - 1);
    const clean = kind === 'curve' ? 1.8 * Math.sin(1.6 * x) : kind === 'far' ? 1.4 * (x - 2.3) + 0.8 : 0.7 * x + 0.4;
    const thrown = kind === 'outlier' && at === count - 1 ? -4.5 : 0;
    const spot = kind === 'outlier' && at === count - 1 ? 2.6 : x;
    return { x: rounded(spot), y: rounded(inside(clean + thrown + noise * normal())), c: 0 };
  });
}

/** In a seeded order; the last `share` of them is kept from training. The reader's own points are all trained on. */
export function parted(points: Point[], own: Point[], share: number, seed: number): { train: Point[]; test: Point[] } {
  const random = generator(seed + 7919);
  const order = points.map((point) => ({ point, key: random() })).sort((a, b) => a.key - b.key);
  const kept = order.length - Math.round(share * order.length);
  return { train: [...order.slice(0, kept).map(({ point }) => point), ...own], test: order.slice(kept).map(({ point }) => point) };
}

export const pointsText = (points: Point[]): string => points.map(({ x, y, c }) => `${x},${y},${c}`).join(';');

/** The reader's own points as they stand in an address; null where that is none. */
export function pointsOf(text: string, classes = 4): Point[] | null {
  if (text === '') return [];
  const points = text.split(';').map((part) => part.split(',').map((number) => (/^-?\d+(\.\d+)?$/.test(number) ? Number(number) : NaN)));
  const fits = points.every(([x, y, c, ...more]) => more.length === 0 && Math.abs(x!) <= reach && Math.abs(y!) <= reach && Number.isInteger(c) && c! < classes && c! >= 0);
  return fits ? points.map(([x, y, c]) => ({ x: x!, y: y!, c: c! })) : null;
}
