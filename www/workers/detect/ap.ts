// Average precision as COCO and VOC 2010 mean it: detections over all scenes by falling score, each matched once.
import { iouOf, type Box } from './boxes.ts';
import type { Scored } from './nms.ts';

export interface Truth {
  box: Box;
  label: number;
}

export interface Curve {
  label: number;
  /** True boxes of the class. */
  truths: number;
  /** After each detection, best score first. */
  recall: number[];
  precision: number[];
  score: number[];
  /** Area under the precision–recall curve; null where the class has no true box. */
  ap: number | null;
}

/**
 * Whether each detection of a class in one scene is right, best first: it takes the true box of its class, not taken
 * yet, with which its IoU is greatest, if that reaches `least`.
 */
export function matches(detections: readonly Scored[], truths: readonly Truth[], label: number, least: number): { score: number; right: boolean }[] {
  const own = truths.filter((truth) => truth.label === label);
  const taken = new Set<number>();
  return detections
    .filter((detection) => detection.label === label)
    .sort((a, b) => b.score - a.score)
    .map(({ box, score }) => {
      let [best, at] = [least, -1];
      own.forEach((truth, place) => {
        const iou = taken.has(place) ? -1 : iouOf(box, truth.box);
        if (iou >= best && (at < 0 || iou > best)) [best, at] = [iou, place];
      });
      if (at >= 0) taken.add(at);
      return { score, right: at >= 0 };
    });
}

/**
 * Area under the curve whose precision at recall r is the best at r or beyond, summed at every point where recall grows
 * (all-point interpolation: PASCAL VOC 2010 development kit, section 3.4.1).
 */
export function averagePrecision(recall: readonly number[], precision: readonly number[]): number {
  let [area, best] = [0, 0];
  for (let at = recall.length - 1; at >= 0; at -= 1) {
    best = Math.max(best, precision[at]!);
    area += best * (recall[at]! - (at > 0 ? recall[at - 1]! : 0));
  }
  return area;
}

export interface JudgedScene {
  detections: readonly Scored[];
  truths: readonly Truth[];
}

export function curveOf(scenes: readonly JudgedScene[], label: number, least: number): Curve {
  const truths = scenes.reduce((all, scene) => all + scene.truths.filter((truth) => truth.label === label).length, 0);
  // The sort is stable: of equal scores the earlier scene's first.
  const judged = scenes.flatMap((scene) => matches(scene.detections, scene.truths, label, least)).sort((a, b) => b.score - a.score);
  let right = 0;
  const [recall, precision, score] = [[] as number[], [] as number[], [] as number[]];
  judged.forEach((each, at) => {
    if (each.right) right += 1;
    recall.push(truths > 0 ? right / truths : 0);
    precision.push(right / (at + 1));
    score.push(each.score);
  });
  return { label, truths, recall, precision, score, ap: truths > 0 ? averagePrecision(recall, precision) : null };
}

/** The mean of AP over the classes that have a true box; null where none has. */
export function meanAp(curves: readonly Pick<Curve, 'ap'>[]): number | null {
  const known = curves.flatMap(({ ap }) => (ap === null ? [] : [ap]));
  return known.length > 0 ? known.reduce((all, ap) => all + ap, 0) / known.length : null;
}

export const mapAt = (scenes: readonly JudgedScene[], classes: number, least: number): number | null =>
  meanAp(Array.from({ length: classes }, (_, label) => curveOf(scenes, label, least)));

/** COCO's ten: 0.5, 0.55 … 0.95. */
export const cocoThresholds = Array.from({ length: 10 }, (_, at) => (50 + 5 * at) / 100);
