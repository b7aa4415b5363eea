// Arrays out of files, put together to samples, labels and the part for tests.
import { Refused } from '../failure.ts';

export interface NumberArray {
  shape: number[];
  data: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** An array with where it came from: what messages name. */
export interface Named extends NumberArray {
  file: string;
}

/** One of a set's parts. */
export interface Pair {
  images: Named;
  labels: Named;
  test: boolean;
}

/** What is read, before it has a name and a hash. */
export interface Raw {
  shape: number[];
  classes: string[];
  values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
  testFrom: number;
}

/** No more classes than this: labels beyond are no classes but measurements. */
const classesMost = 1000;

const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);

/** Labels as whole numbers; rows of zeros with a single one are labels as well. */
function labelsOf({ file, shape, data }: Named): Uint32Array<ArrayBuffer> {
  const [count = 0, ...rest] = shape;
  const width = product(rest);
  if (width > 1) {
    if (rest.length !== 1) throw new Refused('data_shape_of', { file, expected: '[N], [N, classes]', got: `[${shape.join(', ')}]` });
    return Uint32Array.from({ length: count }, (_, row) => {
      const values = data.subarray(row * width, (row + 1) * width);
      const one = values.indexOf(1);
      if (one < 0 || values.some((value, at) => value !== (at === one ? 1 : 0))) {
        throw new Refused('data_label', { file, position: row, got: `[${values.slice(0, 12).join(', ')}]`, most: classesMost - 1 });
      }
      return one;
    });
  }
  const labels = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) {
    const label = data[at]!;
    if (!Number.isInteger(label) || label < 0 || label >= classesMost) throw new Refused('data_label', { file, position: at, got: String(label), most: classesMost - 1 });
    labels[at] = label;
  }
  return labels;
}

/** Channels first, as PyTorch has them, where nothing else can be meant. */
function isTurned(shape: readonly number[]): boolean {
  const few = (size: number | undefined) => size === 1 || size === 3 || size === 4;
  return shape.length === 4 && few(shape[1]) && !few(shape[3]);
}

function toChannelsLast(array: NumberArray): NumberArray {
  const [count, channels, height, width] = array.shape as [number, number, number, number];
  const data = array.data instanceof Uint8Array ? new Uint8Array(array.data.length) : new Float32Array(array.data.length);
  const area = height * width;
  for (let sample = 0; sample < count; sample += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const from = (sample * channels + channel) * area;
      for (let at = 0; at < area; at += 1) data[(sample * area + at) * channels + channel] = array.data[from + at]!;
    }
  }
  return { shape: [count, height, width, channels], data };
}

/** Floats that are all whole and within a byte were bytes once, and take a quarter of the room as such. */
function asBytes(data: NumberArray['data']): NumberArray['data'] {
  if (data instanceof Uint8Array) return data;
  let most = 0;
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at]!;
    if (!(value >= 0 && value <= 255) || value !== Math.trunc(value)) return data;
    if (value > most) most = value;
  }
  return most > 1 ? Uint8Array.from(data) : data;
}

/** Shape [N, …] → that of one sample: [height, width, channels] or [features]. */
function sampleShape({ file, shape }: Named): number[] {
  const [, ...rest] = shape;
  if (rest.length === 1) {
    // Pictures row by row, as scikit-learn's digits or a flattened MNIST.
    const side = Math.sqrt(rest[0]!);
    return Number.isInteger(side) && side >= 8 ? [side, side, 1] : rest;
  }
  if (rest.length === 2) return [...rest, 1];
  if (rest.length === 3 && rest[2]! <= 4) return rest;
  throw new Refused('data_shape_of', { file, expected: '[N, H, W], [N, H, W, 1 … 4], [N, 1 | 3 | 4, H, W], [N, F]', got: `[${shape.join(', ')}]` });
}

/** Puts a training part and a part for tests together; errs with the file whose shape, labels or count don't fit. */
export function assemble(pairs: readonly Pair[], names?: readonly string[]): Raw {
  const parts = pairs.toSorted((a, b) => Number(a.test) - Number(b.test)).map(({ images: given, labels: labelFile, test }) => {
    const images = isTurned(given.shape) ? { ...given, ...toChannelsLast(given) } : given;
    const labels = labelsOf(labelFile);
    if (labels.length !== images.shape[0]) {
      throw new Refused('data_counts', { images: images.file, labels: labelFile.file, expected: images.shape[0] ?? 0, got: labels.length });
    }
    if (labels.length === 0) throw new Refused('data_empty', { file: images.file });
    if (images.data instanceof Float32Array) {
      const at = images.data.findIndex((value) => !Number.isFinite(value));
      if (at >= 0) throw new Refused('data_not_finite', { file: images.file, position: Math.floor(at / product(images.shape.slice(1))), got: String(images.data[at]) });
    }
    return { file: images.file, shape: sampleShape(images), data: asBytes(images.data), labels, test };
  });
  const [first] = parts;
  if (!first) throw new Refused('data_nothing', {});
  const shape = first.shape;
  const odd = parts.find((part) => part.shape.join() !== shape.join());
  if (odd) throw new Refused('data_mixed_shapes', { file: odd.file, expected: shape.join(' × '), other: first.file, got: odd.shape.join(' × ') });

  const allBytes = parts.every(({ data }) => data instanceof Uint8Array);
  const size = parts.reduce((sum, { data }) => sum + data.length, 0);
  const values = allBytes ? new Uint8Array(size) : new Float32Array(size);
  const labels = new Uint32Array(parts.reduce((sum, part) => sum + part.labels.length, 0));
  let [value, label, testFrom] = [0, 0, 0];
  for (const part of parts) {
    values.set(part.data, value);
    labels.set(part.labels, label);
    value += part.data.length;
    label += part.labels.length;
    if (!part.test) testFrom = label;
  }
  // All of it for tests is no part for tests.
  return named({ shape, values, labels, testFrom: testFrom === 0 ? labels.length : testFrom }, names);
}

/** Renumbers labels without gaps; a class is called by its name, or by the number that it had. */
export function named(raw: Omit<Raw, 'classes'>, names?: readonly string[]): Raw {
  const present = [...new Set(raw.labels)].sort((a, b) => a - b);
  if (present.length < 2) throw new Refused('data_one_class', { name: names?.[present[0] ?? 0] ?? String(present[0] ?? '') });
  const number = new Map(present.map((label, at) => [label, at]));
  return { ...raw, labels: raw.labels.map((label) => number.get(label)!), classes: present.map((label) => names?.[label] ?? String(label)) };
}

const isTest = (name: string) => /(^|[^a-z])(t10k|test|valid|validation|val|eval|held.?out)([^a-z]|$)/i.test(name);

/** Images and labels among IDX files, by their dimensions, paired by what their names say they are for. */
export function pairIdx(arrays: readonly Named[]): Pair[] {
  const isLabels = ({ shape }: Named) => shape.length === 1;
  const pairs: Pair[] = [];
  for (const test of [false, true]) {
    const of = arrays.filter(({ file }) => isTest(file) === test);
    const images = of.filter((one) => !isLabels(one));
    const labels = of.filter(isLabels);
    if (images.length > 1 || labels.length > 1) {
      const [a, b] = images.length > 1 ? images : labels;
      throw new Refused('data_two_alike', { file: a!.file, other: b!.file });
    }
    if (images.length !== labels.length) throw new Refused(images.length > 0 ? 'data_no_labels' : 'data_no_images', { file: (images[0] ?? labels[0])!.file });
    if (images[0]) pairs.push({ images: images[0], labels: labels[0]!, test });
  }
  return pairs;
}

/** Images and labels among the arrays of an npz, by their names: `x_train` and `y_train`, `X` and `y`, `images` and `labels`. */
export function pairNpz(file: string, arrays: ReadonlyMap<string, NumberArray>): Pair[] {
  const keys = [...arrays.keys()];
  const isLabels = (key: string) => /(^|_)(y|labels?|targets?|classes)(_|$)/i.test(key);
  const isImages = (key: string) => /(^|_)(x|images?|imgs?|data|features|samples)(_|$)/i.test(key) && !isLabels(key);
  const pairs: Pair[] = [];
  for (const test of [false, true]) {
    // A third part, for choosing by, is neither; it is left out where there is one for tests.
    const validation = (key: string) => /(^|_)val(id|idation)?(_|$)/i.test(key) && keys.some((other) => /test/i.test(other));
    const of = keys.filter((key) => isTest(key.replaceAll('_', ' ')) === test && !validation(key));
    const images = of.filter(isImages);
    const labels = of.filter(isLabels);
    if (images.length === 0 && labels.length === 0) continue;
    if (images.length !== 1 || labels.length !== 1) throw new Refused('data_npz_keys', { file, got: keys.join(', ') });
    const one = (key: string): Named => ({ ...arrays.get(key)!, file: `${file}: ${key}` });
    pairs.push({ images: one(images[0]!), labels: one(labels[0]!), test });
  }
  if (!pairs.some(({ test }) => !test) && pairs.length === 0) throw new Refused('data_npz_keys', { file, got: keys.join(', ') });
  return pairs;
}
