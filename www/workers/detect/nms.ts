// Non-maximum suppression, told round by round: who stays, and whom it removes at what IoU.
import { iouOf, type Box } from './boxes.ts';

export interface Scored {
  box: Box;
  score: number;
  label: number;
}

export interface Round {
  /** Places in the list that was given. */
  kept: number;
  removed: { place: number; iou: number }[];
  /** Those it met that may not remove each other, or overlap too little. */
  spared: { place: number; iou: number }[];
}

/** Places by falling score; of equal scores the lower place first. */
export function byScore(boxes: readonly Pick<Scored, 'score'>[]): number[] {
  return boxes.map((_, place) => place).sort((a, b) => boxes[b]!.score - boxes[a]!.score || a - b);
}

/**
 * Greedy NMS as torchvision's: a box goes if its IoU with a box that stays is above the threshold.
 * `byClass`: only boxes of one class remove each other (`batched_nms`).
 */
export function nmsRounds(boxes: readonly Scored[], threshold: number, byClass: boolean): Round[] {
  let order = byScore(boxes);
  const rounds: Round[] = [];
  while (order.length > 0) {
    const [kept, ...rest] = order as [number, ...number[]];
    const round: Round = { kept, removed: [], spared: [] };
    order = rest.filter((place) => {
      const iou = iouOf(boxes[kept]!.box, boxes[place]!.box);
      const goes = iou > threshold && (!byClass || boxes[kept]!.label === boxes[place]!.label);
      if (goes) round.removed.push({ place, iou });
      else if (iou > 0) round.spared.push({ place, iou });
      return !goes;
    });
    rounds.push(round);
  }
  return rounds;
}

/** Places of those that stay, best first. */
export function nms(boxes: readonly Scored[], threshold: number, byClass: boolean): number[] {
  const kept: number[] = [];
  for (const place of byScore(boxes)) {
    const { box, label } = boxes[place]!;
    const covered = kept.some((other) => (!byClass || boxes[other]!.label === label) && iouOf(boxes[other]!.box, box) > threshold);
    if (!covered) kept.push(place);
  }
  return kept;
}

/**
 * Soft-NMS with a Gaussian: nothing is removed for its overlap, its score falls by exp(−IoU² / σ) with each better box;
 * what falls below `least` goes (Bodla et al. 2017, "Soft-NMS", equation 3). Places and new scores, in the order taken.
 */
export function softNms(boxes: readonly Scored[], sigma: number, least: number, byClass: boolean): { place: number; score: number }[] {
  const scores = boxes.map(({ score }) => score);
  const left = new Set(boxes.keys());
  const taken: { place: number; score: number }[] = [];
  while (left.size > 0) {
    let best = -1;
    for (const place of left) if (best < 0 || scores[place]! > scores[best]!) best = place;
    if (scores[best]! < least) break;
    left.delete(best);
    taken.push({ place: best, score: scores[best]! });
    for (const place of left) {
      if (byClass && boxes[place]!.label !== boxes[best]!.label) continue;
      scores[place]! *= Math.exp(-(iouOf(boxes[best]!.box, boxes[place]!.box) ** 2) / sigma);
    }
  }
  return taken;
}
