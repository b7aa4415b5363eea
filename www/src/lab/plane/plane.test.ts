import { expect, it } from 'vitest';
import { contour } from './contours.ts';
import { featuresOf, grid, side } from './features.ts';
import { meanGradient, pairGradient, pairLoss, mean, variance } from './pairs.ts';
import { linePoints, parted, planeKinds, planePoints, pointsOf, pointsText, reach } from './points.ts';
import { closedForm, designOf, eigen, hessian, landscape, leastSquares, lossOf } from './regression.ts';
import { queryOf, settingsOf, usual, type Settings } from './settings.ts';
import { broadcast, readShapes, shapeText, sourceOf, summedAxes } from './shapes.ts';
import { crossEntropy } from './softmax.ts';
import { openingOf } from './specs.ts';

it('draws the same points for the same seed, the classes in turn, all on the plane', () => {
  for (const kind of planeKinds) {
    const ask = { count: 90, classes: kind === 'spirals' ? 3 : 2, noise: 0.3, seed: 5 };
    const points = planePoints(kind, ask);
    expect(points).toEqual(planePoints(kind, ask));
    expect(points).toHaveLength(kind === 'own' ? 0 : 90);
    if (kind !== 'own') expect(points).not.toEqual(planePoints(kind, { ...ask, seed: 6 }));
    points.forEach(({ x, y, c }, at) => expect(Math.abs(x) <= reach && Math.abs(y) <= reach && c === at % ask.classes).toBe(true));
  }
  const clean = planePoints('xor', { count: 100, classes: 2, noise: 0, seed: 1 });
  expect(clean.every(({ x, y, c }) => (x * y > 0 ? 1 : 0) === c)).toBe(true);
  expect(linePoints('far', { count: 20, noise: 0, seed: 1 }).every(({ x }) => x > 1.7)).toBe(true);
});

it('keeps a share from training, and none of the reader’s own points', () => {
  const points = planePoints('moons', { count: 50, classes: 2, noise: 0, seed: 1 });
  const own = [{ x: 1, y: 1, c: 0 }];
  const { train, test } = parted(points, own, 0.4, 1);
  expect([train.length, test.length]).toEqual([31, 20]);
  expect(new Set([...train, ...test].map((point) => pointsText([point]))).size).toBe(51);
  expect(pointsOf(pointsText(own))).toEqual(own);
  expect(pointsOf('')).toEqual([]);
  for (const bad of ['1,2', '1,2,0,0', '9,0,0', '1,2,7', '1,2,0.5', 'a,b,c', '1,2,0;']) expect(pointsOf(bad), bad).toBeNull();
});

it('writes an address that reads back, and tells what cannot be', () => {
  expect(queryOf('net', usual).toString()).toBe('section=net');
  const other: Settings = {
    net: { ...usual.net, data: 'spirals', classes: 3, layers: '', features: 'x-sinx', rate: 0.003, points: '1,2,0' },
    line: { ...usual.line, scaled: true, ridge: 0.5, degree: 4 },
    broken: { case: 'log', seed: 3, times: 2, logits: '1,2' },
    shapes: { shapes: '2,3;' },
  };
  for (const part of ['net', 'line', 'broken', 'shapes'] as const) {
    const read = settingsOf(queryOf(part, other), usual);
    expect(read).toEqual({ part, settings: { ...usual, [part]: other[part] }, refused: [] });
  }
  const { settings, refused } = settingsOf(new URLSearchParams('layers=9&rate=-1&features=x-z&colour=red&batch=2.5&noise=0.2'), usual);
  expect(settings.net).toEqual({ ...usual.net, noise: 0.2 });
  expect(refused.map(({ name }) => name)).toEqual(['layers', 'rate', 'features', 'colour', 'batch']);
  expect(settingsOf(new URLSearchParams('section=moon'), usual).refused).toHaveLength(1);
});

it('tells the network the features that are on, over a grid whose first row is the uppermost', () => {
  const values = featuresOf([{ x: 2, y: -1 }], ['x', 'y2', 'xy', 'sinx']);
  expect([...values]).toEqual([2, 1, -2, Math.fround(Math.sin(2))]);
  expect(grid[0]).toEqual({ x: -reach + reach / side, y: reach - reach / side });
  const { spec, train, test } = openingOf({ ...usual.net, features: 'x-y-xy', layers: '' });
  expect(spec.model).toMatchObject({ input: [3], layers: [{ units: 1 }, { type: 'sigmoid' }] });
  expect([train.x.length, test.labels.length]).toEqual([120 * 3, 80]);
});

it('finds the eigenvalues and the least squares of matrices whose answers are known', () => {
  const { values, vectors } = eigen([[2, 1], [1, 2]]);
  expect(values.map((value) => Number(value.toFixed(12)))).toEqual([3, 1]);
  expect(Math.abs(vectors[0]![0]! - vectors[0]![1]!)).toBeLessThan(1e-12);
  expect(leastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5]).map((value) => Number(value.toFixed(10)))).toEqual([1, 2]);
  // A column twice: one answer of many, and a finite one.
  const twice = leastSquares([[1, 1], [2, 2], [3, 3]], [2, 4, 6]);
  expect(twice[0]! + twice[1]!).toBeCloseTo(2, 10);
});

it('puts the closed form where the gradient is zero, with and without a penalty, for every degree', () => {
  const points = linePoints('curve', { count: 30, noise: 0.2, seed: 3 });
  for (const degree of [1, 2, 5, 8]) {
    for (const scaled of [false, true]) {
      for (const ridge of [0, 0.3]) {
        const design = designOf(points, degree, scaled);
        const best = closedForm(design, points, ridge);
        best.forEach((_, at) => {
          const moved = (by: number) => lossOf(design, points, best.map((w, other) => (other === at ? w + by : w)), ridge);
          const h = 1e-4 / Math.sqrt(1 + hessian(design, points, ridge)[at]![at]!);
          expect(Math.abs((moved(h) - moved(-h)) / (2 * h)), `${degree} ${scaled} ${ridge} ${at}`).toBeLessThan(1e-5 * (1 + Math.abs(hessian(design, points, ridge)[at]![at]!)));
        });
      }
    }
  }
});

it('measures curvature: scaling the powers and a penalty lower the condition number', () => {
  const points = linePoints('far', { count: 30, noise: 0.2, seed: 3 });
  const [raw, scaled, ridged] = [landscape(points, 1, false, 0), landscape(points, 1, true, 0), landscape(points, 4, false, 0.1)];
  expect(raw.condition).toBeGreaterThan(50);
  expect(scaled.condition).toBeCloseTo(1, 6);
  expect(ridged.condition).toBeLessThan(landscape(points, 4, false, 0).condition);
  expect(raw.limit).toBeCloseTo(2 / raw.values[0]!, 12);
  // x alone, unscaled: H = 2 [[mean x², mean x], [mean x, 1]].
  const [a, b] = [mean(points.map(({ x }) => x * x)), mean(points.map(({ x }) => x))];
  expect(raw.values[0]! + raw.values[1]!).toBeCloseTo(2 * (a + 1), 9);
  expect(raw.values[0]! * raw.values[1]!).toBeCloseTo(4 * (a - b * b), 9);
  expect(landscape([{ x: 1, y: 1, c: 0 }, { x: 1, y: 2, c: 0 }], 1, false, 0).condition).toBe(Infinity);
});

it('derives the gradient of the N × N mean: that of the mean target', () => {
  const [p, y] = [[0.3, -1.2, 2.5, 0.1], [1, 4, -2, 0.5]];
  const written = pairGradient(p, y);
  written.forEach((value, i) => {
    const moved = (by: number) => pairLoss(p.map((each, at) => (at === i ? each + by : each)), y);
    expect(value).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 7);
    expect(value).toBeCloseTo(meanGradient(p, y)[i]!, 12);
  });
  // At its best, every prediction the mean, it is the variance.
  expect(pairLoss(y.map(() => mean(y)), y)).toBeCloseTo(variance(y), 12);
});

it('broadcasts as NumPy does, and sums the backward pass over what was stretched', () => {
  const both = broadcast([[8, 1, 6], [7, 1]]);
  expect(both.result).toEqual([8, 7, 6]);
  expect(both.columns.map(({ lengths }) => lengths)).toEqual([[8, null], [1, 7], [6, 1]]);
  expect(both.columns.map(({ stretched }) => stretched)).toEqual([[false, true], [true, false], [false, true]]);
  expect(summedAxes([8, 1, 6], [8, 7, 6])).toEqual([1]);
  expect(summedAxes([7, 1], [8, 7, 6])).toEqual([0, 2]);
  expect(summedAxes([1, 3], [1, 3])).toEqual([]);
  expect(summedAxes([], [2, 3])).toEqual([0, 1]);
  expect(broadcast([[3], [4]])).toMatchObject({ result: null, clash: { axis: -1, lengths: [3, 4] } });
  expect(broadcast([[2, 3], [1, 3], [4, 1]])).toMatchObject({ result: null, clash: { axis: -2, lengths: [2, 4] } });
  expect(broadcast([[0], [1]]).result).toEqual([0]);
  expect(broadcast([[0], [3]]).result).toBeNull();
  expect(broadcast([[5, 1], [5]]).result).toEqual([5, 5]);
  expect(broadcast([[], []]).result).toEqual([]);
  expect(sourceOf([4, 2, 1], [7, 1])).toEqual([2, 0]);
});

it('reads shapes as they are typed, and names what is none', () => {
  expect(readShapes('(8, 1, 6); [7 1]; 5')).toEqual({ shapes: [[8, 1, 6], [7, 1], [5]], problem: null });
  expect(readShapes('2x3;()')).toEqual({ shapes: [[2, 3], []], problem: null });
  expect(readShapes('(5,);')).toEqual({ shapes: [[5], []], problem: null });
  expect(readShapes('').problem?.code).toBe('none');
  expect(readShapes('1;2;3;4').problem?.code).toBe('many');
  expect(readShapes('2;a,3').problem).toEqual({ code: 'number', got: 'a', at: 1 });
  expect(readShapes('1,1,1,1,1,1,1').problem?.code).toBe('axes');
  expect(readShapes('-1').problem?.code).toBe('number');
  expect([shapeText([]), shapeText([5]), shapeText([2, 3])]).toEqual(['()', '(5,)', '(2, 3)']);
});

it('loses a sure and wrong answer where softmax comes before the logarithm, and not where logits stay logits', () => {
  const gap = (z: number) => ({ plain: crossEntropy([0, z], 0, 'plain'), shifted: crossEntropy([0, z], 0, 'shifted'), logits: crossEntropy([0, z], 0, 'logits') });
  const mild = gap(2);
  for (const { loss, gradient } of Object.values(mild)) {
    expect(loss).toBeCloseTo(Math.log(1 + Math.exp(2)), 5);
    expect(gradient[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 5);
  }
  // e^89 is infinity in float32: 1/∞ is 0 and ∞/∞ no number. e^−104 is 0.
  expect(gap(88).plain.loss).toBeCloseTo(88, 3);
  expect(gap(89).plain.loss).toBe(Infinity);
  expect(crossEntropy([89, 0], 0, 'plain').loss).toBeNaN();
  expect(gap(103).shifted.loss).toBeGreaterThan(102);
  expect(gap(104).shifted.loss).toBe(Infinity);
  expect(gap(104).shifted.gradient.every(Number.isNaN)).toBe(true);
  // The whole row times its logarithms is lost even where the net is surely right.
  expect(crossEntropy([90, 0], 0, 'onehot').loss).toBe(0);
  expect(crossEntropy([104, 0], 0, 'onehot').loss).toBeNaN();
  expect(crossEntropy([104, 0], 0, 'onehot').gradient[0]).toBeNaN();
  expect(crossEntropy([104, 0], 0, 'shifted').loss).toBe(0);
  expect(crossEntropy([1, 2, 3], 0, 'onehot').loss).toBeCloseTo(crossEntropy([1, 2, 3], 0, 'logits').loss, 6);
  expect(gap(1000).logits.loss).toBe(1000);
  expect(gap(1000).logits.gradient).toEqual([-1, 1]);
});

it('draws a line of equal value through the middle of a slope', () => {
  const path = contour([0, 1, 2, 0, 1, 2, 0, 1, 2], 3, 3, 0.5);
  expect(path).toMatch(/^M1\.00 0\.50L1\.00 1\.50M1\.00/);
  expect(contour([0, 0, 0, 0], 2, 2, 1)).toBe('');
});
