// www/scripts/mnist.mjs: the ten thousand digits, each beside its own label, always the same bytes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import './digits.mjs';

let images, labels;

before(() => {
  const read = (name) => gunzipSync(readFileSync(new URL(`../../build/data/mnist-${name}.idx.gz`, import.meta.url)));
  [images, labels] = [read('images'), read('labels')];
});

test('the headers are those of IDX files of bytes', () => {
  assert.deepEqual([...images.subarray(0, 4)], [0, 0, 8, 3]);
  assert.deepEqual([4, 8, 12].map((at) => images.readUInt32BE(at)), [10000, 28, 28]);
  assert.deepEqual([...labels.subarray(0, 4)], [0, 0, 8, 1]);
  assert.equal(labels.readUInt32BE(4), 10000);
  assert.equal(images.length, 16 + 10000 * 784);
  assert.equal(labels.length, 8 + 10000);
});

test('each digit of the npm package is there once, under its label', () => {
  const fingerprint = (label, pixels) => `${label} ${createHash('sha1').update(pixels).digest('base64')}`;
  const wanted = [];
  for (let label = 0; label < 10; label++) {
    const { data } = createRequire(import.meta.url)(`mnist/src/digits/${label}.json`);
    for (let at = 0; at < data.length; at += 784) {
      wanted.push(fingerprint(label, Buffer.from(data.slice(at, at + 784).map((value) => Math.round(value * 255)))));
    }
  }
  const got = Array.from({ length: 10000 }, (_, sample) =>
    fingerprint(labels[8 + sample], images.subarray(16 + sample * 784, 16 + (sample + 1) * 784)),
  );
  assert.deepEqual(got.sort(), wanted.sort());
});

test('the order never changes', () => {
  const start = [...labels.subarray(8, 8 + 16)].join('');
  assert.equal(start, '1144473371361976');
  assert.equal(new Set(labels.subarray(8, 8 + 50)).size, 10);
});
