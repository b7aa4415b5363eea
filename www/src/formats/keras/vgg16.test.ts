// Keras's file of VGG16's weights: a real layout (tests/fixtures/record_vgg16.py), and what is wrong with others.
import { readFileSync } from 'node:fs';
import { load } from 'danlu';
import { expect, it } from 'vitest';
import { FormatFailure } from '../failure.ts';
import { importModel } from '../import.ts';
import { readSafetensors, writeSafetensors, type Tensors } from '../safetensors.ts';
import { vgg16 } from './vgg16.ts';

const bytes = new Uint8Array(readFileSync(new URL('../../../../tests/fixtures/imported/vgg16_notop.h5', import.meta.url)));
const none = { input: [1], layers: [{ type: 'dense' as const, units: 1 }] };
const pattern = (at: number, layer: number) => Math.fround((((at * 7 + layer) % 64) - 31.5) / 1024);

it('is read whole, each weight in its place, and the engine counts as Keras does', async () => {
  const { model, weights } = importModel('vgg16.h5', bytes, none);
  const { tensors } = readSafetensors(weights, 'vgg16');
  expect(tensors.size).toBe(26);
  vgg16().layers.filter(({ type }) => type === 'conv2d').forEach(({ name }, layer) => {
    for (const part of ['kernel', 'bias']) {
      const { data } = tensors.get(`${name}/${part}`)!;
      for (const at of [0, 1, 63, data.length >> 1, data.length - 1]) if (at < data.length) expect(data[at], `${name}/${part}[${at}]`).toBe(pattern(at, layer));
    }
  });
  const engine = await load({ variant: 'simd' });
  const infos = engine.describe({ model, loss: 'mean_squared_error' });
  expect(infos.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(14_714_688);
  expect(infos.at(-1)!.outputShape).toEqual([1, 1, 512]);
}, 30_000);

it('weights of these names in a safetensors file are VGG16 too, without the top', () => {
  const { weights } = importModel('vgg16.h5', bytes, none);
  const tensors: Tensors = new Map([...readSafetensors(weights, '').tensors, ['fc1/kernel', { shape: [1, 1], data: Float32Array.of(1) }]]);
  const read = importModel('vgg16.safetensors', writeSafetensors(tensors), none);
  expect(read.model).toEqual(vgg16());
  expect(readSafetensors(read.weights, '').tensors.size).toBe(26);
}, 30_000);

it('a file of other weights alone says what it lacks', () => {
  // The same file, with a letter of each layer's name changed.
  const other = bytes.slice();
  const text = new TextDecoder('latin1').decode(other);
  for (let at = text.indexOf('block3_conv'); at >= 0; at = text.indexOf('block3_conv', at + 1)) other[at] = 'd'.charCodeAt(0);
  expect(() => importModel('other.h5', other, none)).toThrow(FormatFailure);
});
