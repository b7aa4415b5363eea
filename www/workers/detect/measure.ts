// How good the detector is on held-out scenes, for each NMS threshold, in slices.
import type { Session } from 'danlu';
import { cocoThresholds, curveOf, mapAt, matches, meanAp, type JudgedScene, type Truth } from './ap.ts';
import { iouOf } from './boxes.ts';
import { classes, decode, type Proposal } from './network.ts';
import { nms, softNms, type Scored } from './nms.ts';
import { scoreLeast, shownFrom, softSigma, type Measured, type Point, type SceneSettings } from './protocol.ts';
import { sceneOf, type Pool } from './scenes.ts';

/** 0.05 to 0.95; 1 removes nothing. */
export const thresholds = Array.from({ length: 20 }, (_, at) => (5 * (at + 1)) / 100);

/** The scenes that everybody is judged on; a reader's scene `number` is one of them. */
export const heldOutSeed = (number: number) => 0x5eed0000 + number;

interface Proposed {
  truths: Truth[];
  proposals: Proposal[];
}

export class Measurement {
  #proposed: Proposed[] = [];
  #points: Point[] = [];
  #soft: Measured['soft'] | undefined;

  constructor(
    private readonly session: Session,
    private readonly pool: Pool,
    private readonly settings: SceneSettings,
    private readonly scenes: number,
    private readonly byClass: boolean,
    /** What the cells said of these scenes the last time, where it is the same detector. */
    proposed: Proposed[] = [],
  ) {
    this.#proposed = proposed;
  }

  get proposed(): Proposed[] {
    return this.#proposed;
  }

  /** A threshold takes as long as some scenes. */
  get all(): number {
    return this.scenes + 5 * (thresholds.length + 1);
  }

  get done(): number {
    return this.#proposed.length + 5 * (this.#points.length + (this.#soft ? 1 : 0));
  }

  advance(): Measured | undefined {
    if (this.#proposed.length < this.scenes) {
      const { image, truths } = sceneOf(this.pool, heldOutSeed(this.#proposed.length), this.settings);
      this.#proposed.push({ truths, proposals: decode(this.session.predict(image), scoreLeast) });
    } else if (this.#points.length < thresholds.length) {
      this.#points.push(pointOf(this.#proposed, thresholds[this.#points.length]!, this.byClass));
    } else if (!this.#soft) {
      const judged = this.#proposed.map(({ truths, proposals }) => ({
        truths,
        detections: softNms(proposals, softSigma, scoreLeast / 10, this.byClass).map(({ place, score }): Scored => ({ ...proposals[place]!, score })),
      }));
      this.#soft = { map50: mapAt(judged, classes, 0.5) ?? 0, map: meanOver(judged) };
    } else {
      const truthsOf = this.#proposed.map(({ truths }) => truths.length);
      const { settings, byClass, scenes } = this;
      return { settings, byClass, scenes, truths: truthsOf.reduce((all, n) => all + n, 0), truthsOf, points: this.#points, soft: this.#soft };
    }
    return undefined;
  }
}

const meanOver = (judged: readonly JudgedScene[]) => cocoThresholds.reduce((all, least) => all + (mapAt(judged, classes, least) ?? 0), 0) / cocoThresholds.length;

export function pointOf(proposed: readonly Proposed[], threshold: number, byClass: boolean): Point {
  const judged = proposed.map(({ truths, proposals }) => ({ truths, detections: nms(proposals, threshold, byClass).map((place) => proposals[place]!) }));
  const curves = Array.from({ length: classes }, (_, label) => curveOf(judged, label, 0.5));
  const counts = judged.map((scene) => countsOf(scene));
  return {
    threshold,
    map50: meanAp(curves) ?? 0,
    map: meanOver(judged),
    curves: curves.map(({ recall, precision, ap, truths }) => ({ recall, precision, ap, truths })),
    found: counts.map(({ found }) => found),
    duplicates: counts.map(({ duplicates }) => duplicates),
  };
}

/** Of the boxes that would be shown: digits found, boxes that fit a digit which a better one has taken, and the rest. */
export function countsOf({ detections, truths }: JudgedScene, from = shownFrom): { found: number; duplicates: number; wrong: number } {
  const shown = detections.filter(({ score }) => score >= from);
  let [found, fitting] = [0, 0];
  for (let label = 0; label < classes; label += 1) found += matches(shown, truths, label, 0.5).filter(({ right }) => right).length;
  for (const { box, label } of shown) if (truths.some((truth) => truth.label === label && iouOf(box, truth.box) >= 0.5)) fitting += 1;
  return { found, duplicates: fitting - found, wrong: shown.length - fitting };
}
