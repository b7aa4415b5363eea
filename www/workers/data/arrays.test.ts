import { describe, expect, it } from 'vitest';
import { assemble, pairIdx, pairNpz, type Named } from './arrays.ts';

const bytes = (file: string, shape: number[], data: number[]): Named => ({ file, shape, data: Uint8Array.from(data) });
const floats = (file: string, shape: number[], data: number[]): Named => ({ file, shape, data: Float32Array.from(data) });
const images = (file: string, count: number, at = 0) => bytes(file, [count, 2, 2], Array.from({ length: count * 4 }, (_, one) => at + one));
const labels = (file: string, ...data: number[]) => bytes(file, [data.length], data);
const code = (act: () => unknown): [string, object] => {
  try {
    act();
  } catch (error) {
    const { code, fields } = error as { code: string; fields: object };
    return [code, fields];
  }
  throw new Error('nothing was refused');
};

describe('IDX files', () => {
  it('are paired by what they are for, and the part for tests comes last', () => {
    const pairs = pairIdx([labels('t10k-labels-idx1-ubyte.gz', 1), images('t10k-images-idx3-ubyte.gz', 1, 90), images('train-images-idx3-ubyte.gz', 2), labels('train-labels-idx1-ubyte.gz', 0, 1)]);
    const raw = assemble(pairs);
    expect(raw).toMatchObject({ shape: [2, 2, 1], classes: ['0', '1'], testFrom: 2 });
    expect([...raw.values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 90, 91, 92, 93]);
    expect([...raw.labels]).toEqual([0, 1, 1]);
  });

  it('without a partner, or with two, are named', () => {
    expect(code(() => pairIdx([images('a', 2)]))).toEqual(['data_no_labels', { file: 'a' }]);
    expect(code(() => pairIdx([labels('b', 1)]))).toEqual(['data_no_images', { file: 'b' }]);
    expect(code(() => pairIdx([images('a', 2), images('c', 2), labels('b', 1)]))).toEqual(['data_two_alike', { file: 'a', other: 'c' }]);
  });
});

describe('arrays of an npz', () => {
  it('are found by the usual names', () => {
    const array = { shape: [1], data: new Uint8Array(1) };
    for (const [names, count] of [
      [['x_train', 'y_train', 'x_test', 'y_test'], 2],
      [['X', 'y'], 1],
      [['images', 'labels'], 1],
      [['train_images', 'train_labels', 'val_images', 'val_labels', 'test_images', 'test_labels'], 2],
      [['data', 'target', 'feature_names'], 1],
    ] as const) {
      expect(pairNpz('a.npz', new Map(names.map((name) => [name, array]))), names.join()).toHaveLength(count);
    }
    expect(code(() => pairNpz('a.npz', new Map([['weights', array]])))).toEqual(['data_npz_keys', { file: 'a.npz', got: 'weights' }]);
    expect(code(() => pairNpz('a.npz', new Map([['x_train', array]])))[0]).toBe('data_npz_keys');
  });
});

describe('assembling', () => {
  const pair = (given: Named, its: Named, test = false) => ({ images: given, labels: its, test });

  it('turns channels first to channels last', () => {
    const raw = assemble([pair(bytes('x', [2, 3, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), labels('y', 0, 1))]);
    expect(raw.shape).toEqual([1, 2, 3]);
    expect([...raw.values]).toEqual([1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12]);
  });

  it('takes whole floats up to 255 for the bytes that they were', () => {
    expect(assemble([pair(floats('x', [2, 2], [0, 255, 3, 4]), labels('y', 0, 1))]).values).toBeInstanceOf(Uint8Array);
    for (const odd of [0.5, 256, -1]) expect(assemble([pair(floats('x', [2, 2], [0, odd, 3, 4]), labels('y', 0, 1))]).values).toBeInstanceOf(Float32Array);
  });

  it('takes rows of 64 numbers for pictures of 8 × 8, and labels of one-hot rows', () => {
    const raw = assemble([pair(bytes('x', [2, 64], Array(128).fill(7)), bytes('y', [2, 3], [0, 0, 1, 1, 0, 0]))]);
    expect(raw).toMatchObject({ shape: [8, 8, 1], classes: ['0', '2'] });
    expect([...raw.labels]).toEqual([1, 0]);
  });

  it('keeps the numbers that classes had as their names', () => {
    const raw = assemble([pair(images('x', 3), floats('y', [3], [7, 3, 7]))]);
    expect(raw.classes).toEqual(['3', '7']);
    expect([...raw.labels]).toEqual([1, 0, 1]);
  });

  it('refuses what does not fit together, by its file', () => {
    expect(code(() => assemble([pair(images('x', 3), labels('y', 0, 1))]))).toEqual(['data_counts', { images: 'x', labels: 'y', expected: 3, got: 2 }]);
    expect(code(() => assemble([pair(images('x', 2), labels('y', 4, 4))]))).toEqual(['data_one_class', { name: '4' }]);
    expect(code(() => assemble([pair(images('x', 2), floats('y', [2], [0, 1.5]))]))).toEqual(['data_label', { file: 'y', position: 1, got: '1.5', most: 999 }]);
    expect(code(() => assemble([pair(images('x', 2), floats('y', [2], [-1, 1]))]))[0]).toBe('data_label');
    expect(code(() => assemble([pair(floats('x', [2, 2], [0, NaN, 1.5, 2]), labels('y', 0, 1))]))).toEqual(['data_not_finite', { file: 'x', position: 0, got: 'NaN' }]);
    expect(code(() => assemble([pair(images('x', 2), labels('y', 0, 1)), pair(bytes('z', [1, 3, 3], Array(9).fill(0)), labels('w', 1), true)]))).toEqual([
      'data_mixed_shapes',
      { file: 'z', expected: '2 × 2 × 1', other: 'x', got: '3 × 3 × 1' },
    ]);
    expect(code(() => assemble([pair(bytes('x', [2, 2, 2, 5], Array(40).fill(0)), labels('y', 0, 1))]))[0]).toBe('data_shape_of');
    expect(code(() => assemble([pair(images('x', 0), labels('y'))]))).toEqual(['data_empty', { file: 'x' }]);
  });
});
