// What the benchmark makes of its measurements: no browser, no engine.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { breaches, floorsUnder, readFloors } from './floors.mjs';
import { forwardFlop, trainFlop } from './flop.mjs';
import { makeData, MODELS } from './page/nets.js';
import { ratioToFastest } from './peers/ratios.mjs';
import { median, pairs, spread } from './statistics.mjs';
import { digits, renderTable } from './table.mjs';

describe('statistics', () => {
  test('a median is the middle, or the mean of the two in the middle', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([10, 2, 4, 100]), 7);
    const list = [3, 1, 2];
    median(list);
    assert.deepEqual(list, [3, 1, 2], 'the list stays as it was');
    assert.throws(() => median([]));
  });

  test('a spread names its ends', () => {
    assert.deepEqual(spread([4, 11, 2]), { median: 4, least: 2, most: 11 });
  });

  test('pairs divide round by round, so that a slow round hits both', () => {
    assert.deepEqual(pairs([30, 15, 60], [20, 10, 40]), [1.5, 1.5, 1.5]);
    assert.throws(() => pairs([1], [1, 2]));
  });
});

describe('operations', () => {
  test('a dense layer is one product forward and two backward, but the first has no dx', () => {
    const model = { input: [5], layers: [{ type: 'dense', units: 7 }, { type: 'dense', units: 3 }] };
    const [first, second] = [2 * 5 * 7, 2 * 7 * 3];
    assert.equal(forwardFlop(model), first + second);
    assert.equal(trainFlop(model), 2 * first + 3 * second);
  });

  test('a convolution counts each output pixel, with and without a border', () => {
    const conv = (more) => ({ input: [9, 8, 3], layers: [{ type: 'conv2d', filters: 5, kernel: [3, 2], ...more }] });
    assert.equal(forwardFlop(conv({})), 2 * 7 * 7 * (3 * 2 * 3) * 5);
    assert.equal(forwardFlop(conv({ padding: 'same' })), 2 * 9 * 8 * (3 * 2 * 3) * 5);
    assert.equal(forwardFlop(conv({ padding: 'same', stride: [2, 3] })), 2 * 5 * 3 * (3 * 2 * 3) * 5);
  });

  test('the reference net needs what its shapes say', () => {
    const conv = 2 * 26 * 26 * 9 * 32;
    const dense = 2 * (13 * 13 * 32 * 64 + 64 * 10);
    assert.equal(forwardFlop(MODELS.reference), conv + dense);
    assert.equal(trainFlop(MODELS.reference), 2 * conv + 3 * dense);
  });

  test('VGG16’s feature extractor needs the 15.3 billion products that its authors name', () => {
    const products = forwardFlop(MODELS.vgg16) / 2;
    assert.ok(Math.abs(products - 15.35e9) < 0.02e9, String(products));
  });

  test('an unknown layer is refused, not counted as nothing', () => {
    assert.throws(() => forwardFlop({ input: [4], layers: [{ type: 'lstm', units: 3 }] }), /lstm/);
  });
});

test('data has every class, pixels in [0, 1), and is the same each time', () => {
  const { x, labels } = makeData([12, 8, 3], 20);
  assert.equal(x.length, 20 * 12 * 8 * 3);
  assert.equal(new Set(labels).size, 10);
  assert.ok(x.every((value) => value >= 0 && value < 1));
  assert.deepEqual(makeData([12, 8, 3], 20).x, x);
});

describe('floors', () => {
  const floors = { relaxed: { gemm: 0.8, adam: 0.05 } };
  const measured = (gemm, adam) => [
    { variant: 'relaxed', name: 'gemm', share: gemm },
    { variant: 'relaxed', name: 'adam', share: adam },
  ];

  test('a kernel at its floor passes', () => assert.deepEqual(breaches(measured(0.8, 0.06), floors, true), []));

  test('a kernel that lost half its speed is named, with both shares', () => {
    const [sentence, ...more] = breaches(measured(0.45, 0.06), floors, true);
    assert.deepEqual(more, []);
    assert.match(sentence, /relaxed: gemm reaches 45\.0 % .* 80\.0 %/);
  });

  test('a kernel without a floor and a floor without a kernel are told', () => {
    const unknown = { variant: 'relaxed', name: 'conv', share: 1 };
    assert.match(breaches([...measured(0.9, 0.06), unknown], floors, true)[0], /conv has no floor/);
    assert.match(breaches(measured(0.9, 0.06).slice(0, 1), floors, true)[0], /adam has a floor but was not measured/);
  });

  test('where only some were asked for, the others’ floors are no matter', () => {
    assert.deepEqual(breaches(measured(0.9, 0.06).slice(0, 1), floors, false), []);
  });

  test('floors written for what was measured hold for it, and break at half of it', () => {
    const written = floorsUnder(measured(0.9, 0.061));
    assert.deepEqual(breaches(measured(0.9, 0.061), written, true), []);
    assert.equal(breaches(measured(0.45, 0.03), written, true).length, 2);
  });

  test('the committed floors are shares of the peak, the same kernels in both variants', () => {
    const { relaxed, simd } = readFloors();
    assert.deepEqual(Object.keys(relaxed), Object.keys(simd));
    for (const floor of [relaxed, simd].flatMap(Object.values)) assert.ok(floor > 0 && floor < 1.2, String(floor));
  });
});

describe('ratios in the shared benchmark', () => {
  const rounds = (...rates) => ({ rounds: rates.map(([perSec, others]) => ({ train32: { perSec, others } })) });
  const results = { ours: rounds([600, 0], [900, 0], [100, 1]), slow: rounds([100, 0], [100, 0], [100, 0]), fast: rounds([200, 0], [150, 0], [10, 0]) };

  test('each round is held to its fastest peer, and disturbed rounds are left out', () => {
    assert.deepEqual(ratioToFastest(results, 'ours', 'train32', /^(slow|fast)$/), { fastest: 'fast', ratio: 4.5 });
  });

  test('without a peer or without a part there is no ratio', () => {
    assert.equal(ratioToFastest(results, 'ours', 'train32', /^nobody$/), null);
    assert.equal(ratioToFastest(results, 'ours', 'train128', /^slow$/), null);
    assert.equal(ratioToFastest({}, 'ours', 'train32', /./), null);
  });
});

describe('the table', () => {
  test('numbers keep about three digits', () => {
    assert.deepEqual([16123.4, 512, 58.61, 7.3, 0.0853, 0].map(digits), ['16,123', '512', '58.6', '7.30', '0.0853', '0']);
  });

  test('columns align, empty sections are left out, a goal that is missed shouts', () => {
    const goal = { text: '≥ 60 %', reached: false };
    const lines = renderTable([
      { title: 'Nets', rows: [{ what: 'a', unit: '/s', median: 1234, least: 1000, most: 2000, gflops: 20.04, share: 0.513, goal }] },
      { title: 'Nothing', rows: [] },
      { title: 'More', rows: [{ what: 'longer', unit: 's', median: 2, ratio: 1.5 }] },
    ]);
    assert.ok(!lines.includes('Nothing'));
    const [head, , , row] = lines;
    assert.match(row, /^a +1,234 \/s +1,000 – 2,000 +20\.0 +51 % +≥ 60 % +NO$/);
    assert.equal(row.indexOf('NO'), head.indexOf('reached'));
    assert.match(lines.at(-1), /1\.50×$/);
  });
});
