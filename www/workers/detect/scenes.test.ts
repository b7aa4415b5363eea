import { expect, it } from 'vitest';
import { iouOf } from './boxes.ts';
import { draw, heights, inkIn, Pool, sceneOf, side } from './scenes.ts';

/** A bar of ink in each of ten pictures, wider from class to class. */
function bars() {
  const bytes = new Uint8Array(10 * 784);
  for (let digit = 0; digit < 10; digit += 1) {
    for (let y = 4; y < 24; y += 1) bytes.fill(255, digit * 784 + y * 28 + 6, digit * 784 + y * 28 + 10 + digit);
  }
  return new Pool({ count: 10, bytes, labels: Uint8Array.from({ length: 10 }, (_, digit) => digit) });
}

it('the same seed is the same scene, another one another', () => {
  const pool = bars();
  const scene = sceneOf(pool, 5, { digits: 7, crowd: 0.5 });
  expect(sceneOf(pool, 5, { digits: 7, crowd: 0.5 })).toEqual(scene);
  expect(sceneOf(pool, 6, { digits: 7, crowd: 0.5 }).placed).not.toEqual(scene.placed);
});

it('digits lie within the sheet, in their sizes, apart but for crowds', () => {
  const pool = bars();
  let [pairs, count, alike] = [0, 0, 0];
  for (let seed = 0; seed < 60; seed += 1) {
    const crowd = seed < 30 ? 0 : 0.6;
    const { truths } = sceneOf(pool, seed, { digits: 6, crowd });
    expect(truths.length).toBeGreaterThanOrEqual(2);
    expect(truths.length).toBeLessThanOrEqual(6);
    truths.forEach(({ box, label }, at) => {
      count += 1;
      expect(Math.min(box[0], box[1])).toBeGreaterThanOrEqual(0);
      expect(Math.max(box[2], box[3])).toBeLessThanOrEqual(side);
      expect(box[3] - box[1]).toBeGreaterThanOrEqual(heights[0]);
      expect(box[3] - box[1]).toBeLessThanOrEqual(heights[1]);
      for (const other of truths.slice(0, at)) {
        const iou = iouOf(box, other.box);
        expect(iou).toBeLessThanOrEqual(crowd > 0 ? 0.5 : 0.02);
        if (iou <= 0.02) continue;
        pairs += 1;
        if (other.label === label) alike += 1;
      }
    });
  }
  expect(count).toBeGreaterThan(150);
  expect(pairs).toBeGreaterThan(20);
  expect(alike).toBeGreaterThan(5);
});

it('ink is drawn where the box says', () => {
  const pool = bars();
  const placed = [{ digit: 3, x: 10, y: 20, height: 30 }];
  const [x1, y1, x2, y2] = pool.boxOf(placed[0]!);
  expect([x1, y1, x2, y2]).toEqual([10, 20, 10 + 7 * 1.5, 50]);
  const image = draw(pool, placed);
  const dark = (x: number, y: number) => image[y * side + x]!;
  expect(dark(12, 22)).toBe(1);
  expect(dark(18, 48)).toBe(1);
  for (const [x, y] of [[7, 30], [22, 30], [15, 17], [15, 53]] as const) expect(dark(x, y)).toBe(0);
  // What ink there is has that box, but for a faint edge between two pixels.
  const ink = inkIn(Uint8Array.from(image, (dark) => Math.round(255 * dark)), side);
  [x1, y1, x2, y2].forEach((edge, at) => expect(Math.abs(ink[at]! - edge)).toBeLessThanOrEqual(1));
});
