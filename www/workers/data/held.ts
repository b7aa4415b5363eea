// What is told of a set that the worker holds, and the forms in which it leaves.
import { writeNpz, type Numbers } from '../../src/formats/npz.ts';
import { Refused } from '../failure.ts';
import type { Raw } from './arrays.ts';
import { widthOf, type OwnData } from './own.ts';
import type { About, Collected, SampleSheet } from './protocol.ts';

const featuresShown = 6;

export function aboutOf({ hash, name, shape, classes, values, labels, testFrom }: OwnData): About {
  const balance = { train: classes.map(() => 0), test: classes.map(() => 0) };
  labels.forEach((label, at) => (balance[at < testFrom ? 'train' : 'test'][label]! += 1));
  return { hash, name, shape, classes, count: labels.length, testFrom, size: values.byteLength + labels.byteLength, bytes: values instanceof Uint8Array, balance };
}

export function collected({ shape, classes }: Collected): Raw {
  const filled = classes.filter(({ samples }) => samples.length > 0);
  if (filled.length < 2) throw new Refused('data_one_class', { name: filled[0]?.name ?? '' });
  const width = widthOf(shape);
  const labels = Uint32Array.from(filled.flatMap(({ samples }, at) => samples.map(() => at)));
  const values = new Uint8Array(labels.length * width);
  filled.flatMap(({ samples }) => samples).forEach((sample, at) => values.set(sample, at * width));
  return { shape, classes: filled.map(({ name }) => name), values, labels, testFrom: labels.length };
}

export function sheetOf({ labels, values, shape }: OwnData, { label, from, count }: { label: number | null; from: number; count: number }): SampleSheet {
  const width = widthOf(shape);
  const at: number[] = [];
  for (let sample = 0, seen = 0; sample < labels.length && at.length < count; sample += 1) {
    if (label !== null && labels[sample] !== label) continue;
    if (seen++ >= from) at.push(sample);
  }
  const chosen = new (values instanceof Uint8Array ? Uint8Array : Float32Array)(at.length * width);
  at.forEach((sample, to) => chosen.set(values.subarray(sample * width, (sample + 1) * width), to * width));
  const features = shape.length === 1 ? at.map((sample) => [...values.subarray(sample * width, sample * width + Math.min(width, featuresShown))]) : [];
  return { at, features, labels: at.map((sample) => labels[sample]!), values: chosen instanceof Uint8Array ? chosen : toBytes(chosen) };
}

function toBytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return Uint8Array.from(values, (value) => (most > least ? (255 * (value - least)) / (most - least) : 0));
}

export function npzOf({ shape, values, labels, testFrom, classes }: OwnData): Uint8Array<ArrayBuffer> {
  const width = widthOf(shape);
  const arrays = new Map<string, Numbers>();
  for (const [part, from, to] of [['train', 0, testFrom], ['test', testFrom, labels.length]] as const) {
    if (to === from) continue;
    arrays.set(`x_${part}`, { shape: [to - from, ...shape], data: values.subarray(from * width, to * width) });
    const own = labels.slice(from, to);
    arrays.set(`y_${part}`, { shape: [to - from], data: classes.length <= 256 ? Uint8Array.from(own) : own });
  }
  return writeNpz(arrays);
}
