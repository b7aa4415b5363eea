// A tiny language model: trained as sequences, then asked token by token.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, supported } from '../../pkg-config/pkg/index.js';

const CONTEXT = 16;
const TEXT = 'abcd';
const node = (type, name, inputs, fields = {}) => ({ type, name, inputs, ...fields });
const SPEC = {
  model: {
    inputs: [{ name: 'tokens', shape: [CONTEXT] }],
    nodes: [
      node('embedding', 'embedding', ['tokens'], { input_dim: TEXT.length, output_dim: 16 }),
      node('position_embedding', 'positions', ['embedding']),
      node('layer_normalization', 'norm', ['positions']),
      node('multi_head_attention', 'attention', ['norm'], { num_heads: 2, key_dim: 8, causal: true }),
      node('add', 'residual', ['positions', 'attention']),
      node('dense', 'head', ['residual'], { units: TEXT.length, activation: 'softmax' }),
    ],
    output: 'head',
  },
  optimizer: { type: 'adam', learning_rate: 0.02 },
  batch_size: 8,
};

for (const variant of supported()) {
  test(`${variant}: it learns to go on with a pattern, and the decoder answers as the whole sequence does`, async () => {
    const engine = await load({ variant });
    const session = engine.createSession(SPEC, 3);
    const windows = Array.from({ length: 8 }, (_, first) => Array.from({ length: CONTEXT + 1 }, (_, at) => (first + at) % TEXT.length));
    const x = new Float32Array(windows.flatMap((window) => window.slice(0, -1)));
    const next = windows.flatMap((window) => window.slice(1));
    const { accuracy } = session.trainBatch(x, next, 150);
    assert.ok(session.evaluateOn(x, next).accuracy > 0.95, `accuracy ${accuracy}`);

    const decoder = session.decoder();
    assert.equal(decoder.context, CONTEXT);
    const whole = session.predict(x.subarray(0, CONTEXT));
    for (let at = 0; at < CONTEXT; at++) {
      const answer = decoder.step(x[at]);
      assert.equal(decoder.length, at + 1);
      answer.forEach((p, token) => assert.ok(Math.abs(p - whole[at * TEXT.length + token]) < 1e-5));
      const [{ name, shares }] = decoder.attention();
      assert.equal(name, 'attention');
      assert.equal(shares.length, 2 * (at + 1));
    }
    assert.throws(() => decoder.step(0), { code: 'invalid_argument' });
    decoder.truncate(4);
    assert.throws(() => decoder.step(TEXT.length), { code: 'invalid_argument' });
    decoder.free();
    assert.throws(() => decoder.step(0), { code: 'session_freed' });
    session.free();
  });
}
