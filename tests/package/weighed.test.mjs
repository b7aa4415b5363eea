// Batches whose losses have weights: a language model that is moved by rewards (REINFORCE).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DanluError, load, supported } from '../../pkg-config/pkg/index.js';

const [WORDS, CONTEXT, N] = [5, 4, 16];
const SPEC = {
  model: {
    input: [CONTEXT],
    layers: [
      { type: 'embedding', input_dim: WORDS, output_dim: 8 },
      { type: 'position_embedding' },
      { type: 'dense', units: WORDS, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', learning_rate: 0.05, global_clipnorm: 1 },
  batch_size: N,
};

/** A word drawn by its probability, from a generator of our own. */
function draw(probabilities, random) {
  let left = random();
  const at = probabilities.findIndex((p) => (left -= p) < 0);
  return at < 0 ? probabilities.length - 1 : at;
}

for (const variant of supported()) {
  test(`${variant}: what is rewarded at a position becomes likely there, and what is punished rare`, async () => {
    const session = (await load({ variant })).createSession(SPEC, 3);
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const x = new Float32Array(N * CONTEXT).map((_, at) => at % WORDS);
    // Position k wants word k; its last word is punished.
    const reward = (position, word) => (word === position ? 1 : word === WORDS - 1 ? -1 : 0);
    for (let round = 0; round < 60; round++) {
      const answers = session.predict(x);
      const words = Array.from(x, (_, row) => draw(answers.subarray(row * WORDS, (row + 1) * WORDS), random));
      const advantages = Float32Array.from(words, (word, row) => reward(row % CONTEXT, word));
      session.trainBatchWeighed(x, words, advantages);
    }
    const answers = session.predict(x);
    for (let position = 0; position < CONTEXT; position++) {
      const row = answers.subarray(position * WORDS, (position + 1) * WORDS);
      assert.ok(row[position] > 0.9, `position ${position}: ${row}`);
      assert.ok(row[WORDS - 1] < 0.05, `position ${position}: ${row}`);
    }
    session.free();
  });

  test(`${variant}: a weight a sample means that weight at each of its positions, and ones change nothing`, async () => {
    const engine = await load({ variant });
    const x = new Float32Array(2 * CONTEXT).map((_, at) => at % WORDS);
    const words = Array.from(x, (_, row) => (row * 3) % WORDS);
    const after = (train) => {
      const session = engine.createSession(SPEC, 3);
      const { loss } = train(session);
      return { loss, weights: session.getWeights() };
    };
    const few = after((session) => session.trainBatchWeighed(x, words, Float32Array.of(2, -1), 3));
    const all = after((session) => session.trainBatchWeighed(x, words, new Float32Array(8).fill(2).fill(-1, 4), 3));
    assert.deepEqual(few, all);
    const plain = after((session) => session.trainBatch(x, words));
    const ones = after((session) => session.trainBatchWeighed(x, words, new Float32Array(2).fill(1)));
    assert.ok(Math.abs(plain.loss - ones.loss) < 1e-6);
    // The divisor is the number of targets, whatever the weights are.
    const double = after((session) => session.trainBatchWeighed(x, words, new Float32Array(8).fill(2)));
    assert.ok(Math.abs(double.loss - 2 * plain.loss) < 1e-5);
  });
}

test('numbers that are judged one by one have a weight each as well', async () => {
  const engine = await load({ variant: 'simd' });
  const model = { input: [2], layers: [{ type: 'dense', units: 3 }] };
  const session = engine.createSession({ model, loss: 'mean_squared_error' }, 1);
  const x = Float32Array.of(1, 2);
  const [p] = session.predict(x);
  // Only the first answer counts, as the action that was taken does in Q-learning.
  const { loss } = session.trainBatchWeighed(x, Float32Array.of(p + 3, 99, 99), Float32Array.of(1, 0, 0));
  assert.ok(Math.abs(loss - 9 / 3) < 1e-4, `${loss}`);
});

test('weights that do not fit are refused with both lengths, and nothing has moved', async () => {
  const session = (await load({ variant: 'simd' })).createSession(SPEC, 3);
  const [x, words, before] = [new Float32Array(2 * CONTEXT), new Array(8).fill(1), session.getWeights()];
  assert.throws(() => session.trainBatchWeighed(x, words, new Float32Array(3)), (error) => {
    assert.ok(error instanceof DanluError);
    assert.equal(error.code, 'invalid_argument');
    assert.deepEqual(error.fields, { place: 'train_batch: weights', argument: 'length', expected: '2 | 8', got: '3' });
    return true;
  });
  assert.throws(() => session.trainBatchWeighed(x, words, [1, 1]), { code: 'invalid_argument' });
  assert.deepEqual(session.getWeights(), before);
});
