// What the detector is to learn, as a loss with its gradient by every output: objectness and class by cross-entropy, the
// box by one of three losses. The engine trains a plan with one loss; it is given this gradient as targets (`targetsFor`).
import { intersectionOf, areaOf, iouOf, type Box } from './boxes.ts';
import type { Truth } from './ap.ts';
import { boxAt, cells, channels, classes, grid, sidesAt, sigmoid, stride, usualSide } from './network.ts';

export const boxLosses = ['l1', 'iou', 'giou'] as const;
export type BoxLoss = (typeof boxLosses)[number];

/** Which true box each cell answers for, or −1: those whose centre is within a cell's side of its own, the nearest. */
export function assign(truths: readonly Truth[]): Int32Array {
  const owner = new Int32Array(cells).fill(-1);
  const nearest = new Float64Array(cells).fill(Infinity);
  truths.forEach(({ box }, truth) => {
    const [x, y] = [(box[0] + box[2]) / 2 / stride - 0.5, (box[1] + box[3]) / 2 / stride - 0.5];
    for (let row = Math.max(0, Math.ceil(y - 1)); row <= Math.min(grid - 1, Math.floor(y + 1)); row += 1) {
      for (let column = Math.max(0, Math.ceil(x - 1)); column <= Math.min(grid - 1, Math.floor(x + 1)); column += 1) {
        const far = (column - x) ** 2 + (row - y) ** 2;
        const cell = row * grid + column;
        if (far < nearest[cell]!) [nearest[cell], owner[cell]] = [far, truth];
      }
    }
  });
  return owner;
}

/** A loss of one box and its gradient by the four edges. */
export interface EdgeLoss {
  loss: number;
  edges: [number, number, number, number];
}

/** 1 − IoU, or 1 − GIoU where `around`: the derivative of each area by each edge, then the quotient rule. */
export function overlapLoss(p: Box, q: Box, around: boolean): EdgeLoss {
  const both = intersectionOf(p, q);
  const shared = both ? areaOf(both) : 0;
  const [w, h] = [p[2] - p[0], p[3] - p[1]];
  const union = w * h + areaOf(q) - shared;
  // d|P| by x1, y1, x2, y2.
  const dArea = [-h, -w, h, w];
  const dShared = both
    ? [p[0] > q[0] ? -(both[3] - both[1]) : 0, p[1] > q[1] ? -(both[2] - both[0]) : 0, p[2] < q[2] ? both[3] - both[1] : 0, p[3] < q[3] ? both[2] - both[0] : 0]
    : [0, 0, 0, 0];
  const cw = Math.max(p[2], q[2]) - Math.min(p[0], q[0]);
  const ch = Math.max(p[3], q[3]) - Math.min(p[1], q[1]);
  const dAround = [p[0] < q[0] ? -ch : 0, p[1] < q[1] ? -cw : 0, p[2] > q[2] ? ch : 0, p[3] > q[3] ? cw : 0];
  const edges = dArea.map((d, at) => {
    const dUnion = d - dShared[at]!;
    const dIou = (dShared[at]! * union - shared * dUnion) / union ** 2;
    // GIoU = IoU − 1 + |P ∪ Q| / |C|.
    return around ? -dIou - (dUnion * cw * ch - union * dAround[at]!) / (cw * ch) ** 2 : -dIou;
  }) as EdgeLoss['edges'];
  return { loss: 1 - shared / union + (around ? 1 - union / (cw * ch) : 0), edges };
}

export interface Loss {
  objectness: number;
  label: number;
  box: number;
  /** Mean IoU of the cells' boxes with the true ones that they answer for. */
  iou: number;
}

/**
 * The loss of a batch and its gradient by the outputs, `gradient` [N][cells][channels]. Each part is a sum over cells,
 * divided by how many cells answer for a true box.
 */
export function lossOf(answer: Float32Array, truths: readonly (readonly Truth[])[], boxLoss: BoxLoss, gradient: Float32Array): Loss {
  const owners = truths.map(assign);
  const owned = Math.max(1, owners.reduce((all, owner) => all + owner.reduce((sum, truth) => sum + (truth >= 0 ? 1 : 0), 0), 0));
  const loss: Loss = { objectness: 0, label: 0, box: 0, iou: 0 };
  gradient.fill(0);
  owners.forEach((owner, scene) => {
    for (let cell = 0; cell < cells; cell += 1) {
      const at = (scene * cells + cell) * channels;
      const truth = owner[cell]! >= 0 ? truths[scene]![owner[cell]!] : undefined;
      // Binary cross-entropy by the logit: log(1 + e^z) − yz, gradient σ(z) − y.
      const z = answer[at]!;
      loss.objectness += (Math.max(z, 0) - (truth ? z : 0) + Math.log1p(Math.exp(-Math.abs(z)))) / owned;
      gradient[at] = (sigmoid(z) - (truth ? 1 : 0)) / owned;
      if (!truth) continue;
      loss.label += labelLoss(answer, at + 5, truth.label, gradient, owned);
      const box = boxAt(answer, at, cell);
      loss.iou += iouOf(box, truth.box) / owned;
      loss.box += boxLoss === 'l1' ? byNumbers(answer, at, cell, truth.box, gradient, owned) : byOverlap(answer, at, box, truth.box, boxLoss === 'giou', gradient, owned);
    }
  });
  return loss;
}

/** Softmax and cross-entropy: gradient p − y. */
function labelLoss(answer: Float32Array, at: number, label: number, gradient: Float32Array, owned: number): number {
  let [most, sum] = [-Infinity, 0];
  for (let other = 0; other < classes; other += 1) most = Math.max(most, answer[at + other]!);
  for (let other = 0; other < classes; other += 1) sum += Math.exp(answer[at + other]! - most);
  for (let other = 0; other < classes; other += 1) gradient[at + other] = (Math.exp(answer[at + other]! - most) / sum - (other === label ? 1 : 0)) / owned;
  return (Math.log(sum) + most - answer[at + label]!) / owned;
}

/** How much the box's part counts beside the others. */
export const boxWeight: Record<BoxLoss, number> = { l1: 2, iou: 2, giou: 2 };

/** The chain from edges to the numbers: x1 = x − w/2, w = w₀ eᵗ. */
function byOverlap(answer: Float32Array, at: number, box: Box, truth: Box, around: boolean, gradient: Float32Array, owned: number): number {
  const { loss, edges } = overlapLoss(box, truth, around);
  const weight = boxWeight[around ? 'giou' : 'iou'] / owned;
  const [w, h] = sidesAt(answer, at);
  gradient[at + 1] = weight * stride * (edges[0] + edges[2]);
  gradient[at + 2] = weight * stride * (edges[1] + edges[3]);
  gradient[at + 3] = Math.abs(answer[at + 3]!) < 2 ? (weight * w * (edges[2] - edges[0])) / 2 : 0;
  gradient[at + 4] = Math.abs(answer[at + 4]!) < 2 ? (weight * h * (edges[3] - edges[1])) / 2 : 0;
  return weight * loss;
}

/** Smooth L1 of the four numbers themselves (Girshick 2015, "Fast R-CNN", equation 3). */
function byNumbers(answer: Float32Array, at: number, cell: number, truth: Box, gradient: Float32Array, owned: number): number {
  const weight = boxWeight.l1 / owned;
  const wanted = [
    (truth[0] + truth[2]) / 2 / stride - (cell % grid) - 0.5,
    (truth[1] + truth[3]) / 2 / stride - Math.floor(cell / grid) - 0.5,
    Math.log((truth[2] - truth[0]) / usualSide[0]),
    Math.log((truth[3] - truth[1]) / usualSide[1]),
  ];
  return wanted.reduce((all, want, number) => {
    const off = answer[at + 1 + number]! - want;
    gradient[at + 1 + number] = weight * Math.max(-1, Math.min(1, off));
    return all + weight * (Math.abs(off) < 1 ? off ** 2 / 2 : Math.abs(off) - 0.5);
  }, 0);
}

/**
 * Targets whose mean squared error has this gradient by the outputs: with the mean over `count` numbers,
 * d/dy (y − t)² / count = 2 (y − t) / count = g, so t = y − g · count / 2.
 */
export function targetsFor(answer: Float32Array, gradient: Float32Array): Float32Array {
  const half = answer.length / 2;
  return gradient.map((g, at) => answer[at]! - g * half);
}
