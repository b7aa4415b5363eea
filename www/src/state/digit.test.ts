import { expect, it } from 'vitest';
import { boxSide, centreOfMass, digitFromStrokes, side, type Stroke } from './digit.ts';

const seven: Stroke[] = [[{ x: 40, y: 30 }, { x: 160, y: 34 }, { x: 80, y: 250 }]];

function inkBox(image: Float32Array) {
  const rows: number[] = [];
  const columns: number[] = [];
  image.forEach((ink, index) => {
    if (ink < 0.5) return;
    rows.push(Math.floor(index / side));
    columns.push(index % side);
  });
  return { height: Math.max(...rows) - Math.min(...rows) + 1, width: Math.max(...columns) - Math.min(...columns) + 1 };
}

it('nothing drawn is no digit', () => {
  expect(digitFromStrokes([])).toBeUndefined();
});

it('the centre of mass stands at the centre of the field', () => {
  const { x, y } = centreOfMass(digitFromStrokes(seven)!);
  expect(x).toBeCloseTo(side / 2, 1);
  expect(y).toBeCloseTo(side / 2, 1);
});

it('the longer side fills the 20×20 box and the aspect is kept', () => {
  const { width, height } = inkBox(digitFromStrokes(seven)!);
  expect(Math.abs(height - boxSide)).toBeLessThanOrEqual(1);
  expect(Math.abs(width - boxSide * (120 / 220))).toBeLessThanOrEqual(2);
});

it('the same digit drawn small in a corner gives the same picture', () => {
  const small = seven.map((stroke) => stroke.map(({ x, y }) => ({ x: 200 + x / 8, y: 240 + y / 8 })));
  const far = digitFromStrokes(small)!;
  digitFromStrokes(seven)!.forEach((ink, index) => expect(far[index]).toBeCloseTo(ink, 4));
});

it('edges are anti-aliased and ink stays between paper and full', () => {
  const image = digitFromStrokes(seven)!;
  expect(image.some((ink) => ink > 0.1 && ink < 0.9)).toBe(true);
  expect(Math.max(...image)).toBe(1);
  expect(Math.min(...image)).toBe(0);
});

it('a tap is a small dot in the middle', () => {
  const image = digitFromStrokes([[{ x: 3, y: 9 }]])!;
  expect(image.every(Number.isFinite)).toBe(true);
  const { width, height } = inkBox(image);
  expect(width).toBeLessThanOrEqual(4);
  expect(height).toBe(width);
});
