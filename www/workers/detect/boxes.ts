// Boxes (x1, y1, x2, y2) in continuous coordinates: areas, and how far two of them are the same.

export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

export const areaOf = ([x1, y1, x2, y2]: Box): number => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);

/** Where both are; null where they share no area. */
export function intersectionOf(p: Box, q: Box): Box | null {
  const both: Box = [Math.max(p[0], q[0]), Math.max(p[1], q[1]), Math.min(p[2], q[2]), Math.min(p[3], q[3])];
  return both[2] > both[0] && both[3] > both[1] ? both : null;
}

/** The smallest box around both. */
export const enclosing = (p: Box, q: Box): Box => [Math.min(p[0], q[0]), Math.min(p[1], q[1]), Math.max(p[2], q[2]), Math.max(p[3], q[3])];

/** IoU = |P ∩ Q| / (|P| + |Q| − |P ∩ Q|), in [0, 1]; 0 where the union has no area. */
export function iouOf(p: Box, q: Box): number {
  const both = intersectionOf(p, q);
  const shared = both ? areaOf(both) : 0;
  const union = areaOf(p) + areaOf(q) - shared;
  return union > 0 ? shared / union : 0;
}

/** GIoU = IoU − (|C| − |P ∪ Q|) / |C| with C around both, in (−1, 1] (Rezatofighi et al. 2019, algorithm 1). */
export function giouOf(p: Box, q: Box): number {
  const around = areaOf(enclosing(p, q));
  if (around === 0) return 0;
  const both = intersectionOf(p, q);
  const union = areaOf(p) + areaOf(q) - (both ? areaOf(both) : 0);
  return iouOf(p, q) - (around - union) / around;
}

/** Of every box of `a` with every box of `b`. */
export const iouMatrix = (a: readonly Box[], b: readonly Box[]): number[][] => a.map((p) => b.map((q) => iouOf(p, q)));
