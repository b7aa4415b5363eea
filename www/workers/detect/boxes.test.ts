// IoU, NMS and average precision, held to torchvision, pycocotools and the exercise's solution (tests/fixtures/detection.json).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { averagePrecision, cocoThresholds, curveOf, mapAt, matches, meanAp, type Truth } from './ap.ts';
import { giouOf, intersectionOf, iouMatrix, iouOf, type Box } from './boxes.ts';
import { nms, nmsRounds, softNms, type Scored } from './nms.ts';

interface Recorded {
  suppression: { boxes: Box[]; scores: number[]; labels: number[]; threshold: number; iou: number[][]; giou: number[][]; nms: number[]; batched: number[] }[];
  scenes: { truths: Truth[]; detections: Scored[] }[];
  ap: { least: number; classes: { truths: number; right: boolean[]; ap: number; ap_101: number }[] }[];
}
const recorded = JSON.parse(readFileSync(new URL('../../../tests/fixtures/detection.json', import.meta.url), 'utf8')) as Recorded;

const scoredOf = ({ boxes, scores, labels }: Pick<Recorded['suppression'][number], 'boxes' | 'scores' | 'labels'>): Scored[] =>
  boxes.map((box, at) => ({ box, score: scores[at]!, label: labels[at]! }));

describe('Boxes', () => {
  it('overlap as torchvision’s', () => {
    for (const { boxes, iou, giou } of recorded.suppression) {
      iouMatrix(boxes, boxes).forEach((row, at) => row.forEach((value, other) => expect(value).toBeCloseTo(iou[at]![other]!, 12)));
      boxes.forEach((p, at) => boxes.forEach((q, other) => expect(giouOf(p, q)).toBeCloseTo(giou[at]![other]!, 12)));
    }
  });

  it('that lie apart on both axes, touch or have no area share nothing', () => {
    const box: Box = [0, 0, 1, 1];
    for (const other of [[3, 3, 5, 6], [1, 0, 2, 1], [-2, 4, 0, 5], [0.5, 0.5, 0.5, 0.5]] as const) {
      expect(intersectionOf(box, other)).toBeNull();
      expect(iouOf(box, other)).toBe(0);
    }
    expect(iouOf([1, 1, 1, 1], [1, 1, 1, 1])).toBe(0);
  });
});

describe('NMS', () => {
  it('keeps the boxes that torchvision and the exercise’s solution keep, in their order', () => {
    for (const given of recorded.suppression) {
      const boxes = scoredOf(given);
      expect(nms(boxes, given.threshold, false)).toEqual(given.nms);
      expect(nms(boxes, given.threshold, true)).toEqual(given.batched);
      expect(nmsRounds(boxes, given.threshold, true).map(({ kept }) => kept)).toEqual(given.batched);
    }
  });

  it('breaks ties, keeps what equals the threshold, and lets a removed box remove nobody', () => {
    const of = (boxes: Box[], scores: number[]) => nms(scoredOf({ boxes, scores, labels: boxes.map(() => 0) }), 0.5, false);
    expect(of([[0, 0, 4, 4], [0, 0, 4, 5], [9, 9, 12, 12], [9, 9, 12, 12]], [0.5, 0.5, 0.6, 0.6])).toEqual([2, 0]);
    expect(of([[0, 0, 2, 2], [0, 0, 2, 1], [0, 0, 2, 1.25]], [0.9, 0.8, 0.7])).toEqual([0, 1]);
    expect(of([[0, 0, 10, 4], [3, 0, 13, 4], [6, 0, 16, 4]], [0.9, 0.8, 0.7])).toEqual([0, 2]);
    expect(of([], [])).toEqual([]);
  });

  it('tells whom each round removes, at what IoU, and whom it spares', () => {
    const boxes = scoredOf({ boxes: [[0, 0, 10, 4], [3, 0, 13, 4], [6, 0, 16, 4], [0, 0, 10, 4]], scores: [0.9, 0.8, 0.7, 0.6], labels: [0, 0, 0, 1] });
    const [first, second] = nmsRounds(boxes, 0.5, true);
    expect(first!.removed).toEqual([{ place: 1, iou: 28 / 52 }]);
    expect(first!.spared).toEqual([{ place: 2, iou: 0.25 }, { place: 3, iou: 1 }]);
    expect(second!.kept).toBe(2);
  });

  it('softly lowers scores by the overlap and takes the next best by its new score', () => {
    const boxes = scoredOf({ boxes: [[0, 0, 10, 4], [3, 0, 13, 4], [20, 0, 30, 4]], scores: [0.9, 0.8, 0.6], labels: [0, 0, 0] });
    const iou = 28 / 52;
    expect(softNms(boxes, 0.5, 0.001, true)).toEqual([
      { place: 0, score: 0.9 },
      { place: 2, score: 0.6 },
      { place: 1, score: 0.8 * Math.exp(-(iou ** 2) / 0.5) },
    ]);
    expect(softNms(boxes, 0.5, 0.5, true).map(({ place }) => place)).toEqual([0, 2]);
  });
});

describe('Average precision', () => {
  it('matches as pycocotools, detection by detection, and has the area at all points', () => {
    for (const { least, classes } of recorded.ap) {
      classes.forEach(({ truths, right, ap, ap_101 }, label) => {
        const judged = recorded.scenes.flatMap((scene) => matches(scene.detections, scene.truths, label, least)).sort((a, b) => b.score - a.score);
        expect(judged.map((each) => each.right)).toEqual(right);
        const curve = curveOf(recorded.scenes, label, least);
        expect(curve.truths).toBe(truths);
        expect(curve.ap).toBeCloseTo(ap, 12);
        // COCO reads the same curve at 101 places.
        expect(Math.abs(curve.ap! - ap_101)).toBeLessThan(0.005);
      });
      const mean = classes.reduce((all, { ap }) => all + ap, 0) / 3;
      expect(mapAt(recorded.scenes, 3, least)).toBeCloseTo(mean, 12);
    }
  });

  it('is the best precision at this recall or beyond, summed where recall grows', () => {
    // Right, wrong, right of two true boxes: 1 up to recall ½, 2/3 up to 1.
    expect(averagePrecision([0.5, 0.5, 1], [1, 0.5, 2 / 3])).toBeCloseTo(0.5 + 0.5 * (2 / 3), 12);
    expect(averagePrecision([], [])).toBe(0);
  });

  it('counts a second detection of one digit as wrong, and a class without a true box not at all', () => {
    const truths: Truth[] = [{ box: [0, 0, 10, 10], label: 3 }];
    const twice = [0.9, 0.8].map((score): Scored => ({ box: [0, 0, 10, 10], score, label: 3 }));
    expect(matches(twice, truths, 3, 0.5).map(({ right }) => right)).toEqual([true, false]);
    expect(curveOf([{ truths, detections: twice }], 4, 0.5).ap).toBeNull();
    expect(mapAt([{ truths, detections: twice }], 10, 0.5)).toBe(1);
    expect(meanAp([{ ap: null }])).toBeNull();
    expect(cocoThresholds).toEqual([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]);
  });
});
