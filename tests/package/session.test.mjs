// Training, judging and keeping a network, in each variant, on real digits.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { load, supported } from '../../pkg-config/pkg/index.js';
import { digits, digitSession, SPEC } from './digits.mjs';

for (const variant of supported()) {
  describe(variant, () => {
    let engine;
    before(async () => (engine = await load({ variant })));

    test('200 steps on real digits reach 90 % on those held out', () => {
      const session = digitSession(engine, 1);
      const report = session.runSteps(200);
      assert.deepEqual([report.step, report.epoch, report.samples], [200, 0, 6400]);
      const { accuracy, count, loss } = session.evaluate();
      assert.equal(count, 2000);
      assert.ok(accuracy > 0.9, `accuracy ${accuracy}`);
      assert.ok(loss > 0 && loss < 0.5, `loss ${loss}`);
      session.free();
    });

    test('one seed gives one run to the last bit, however its steps are cut', () => {
      const whole = digitSession(engine, 7);
      whole.runSteps(30);
      const cut = digitSession(engine, 7n);
      for (const steps of [1, 9, 20]) cut.runSteps(steps);
      assert.deepEqual(cut.getWeights(), whole.getWeights());
      const other = digitSession(engine, 8);
      other.runSteps(30);
      assert.notDeepEqual(other.getWeights(), whole.getWeights());
    });

    test('weights come back as they left, named as in Keras', () => {
      const session = digitSession(engine, 3);
      session.runSteps(5);
      const weights = session.getWeights();
      const headerLength = Number(new DataView(weights.buffer, weights.byteOffset).getBigUint64(0, true));
      const header = JSON.parse(new TextDecoder().decode(weights.subarray(8, 8 + headerLength)));
      delete header.__metadata__;
      assert.deepEqual(Object.fromEntries(Object.entries(header).map(([name, { shape }]) => [name, shape])), {
        'conv2d/kernel': [3, 3, 1, 32],
        'conv2d/bias': [32],
        'dense/kernel': [5408, 64],
        'dense/bias': [64],
        'dense_1/kernel': [64, 10],
        'dense_1/bias': [10],
      });
      const fresh = digitSession(engine, 4);
      assert.notDeepEqual(fresh.evaluate(), session.evaluate());
      fresh.setWeights(weights);
      assert.deepEqual(fresh.evaluate(), session.evaluate());
      assert.deepEqual(fresh.getWeights(), weights);
    });

    test('a run is described without being begun, and its mistakes are a session’s', () => {
      assert.deepEqual(engine.describe(SPEC), engine.createSession(SPEC, 1).layers());
      const wide = { ...SPEC, model: { ...SPEC.model, layers: [{ type: 'flatten' }, { type: 'dense', units: 300000, activation: 'softmax' }] } };
      assert.equal(engine.describe(wide).at(-1).parameters, 785 * 300000);
      for (const wrong of [{ ...SPEC, batch_size: 0 }, { ...SPEC, constraints: [{ parameters: ['none'] }] }]) {
        const mistake = (act) => {
          try {
            act();
          } catch (error) {
            return [error.code, error.fields];
          }
          return undefined;
        };
        assert.ok(mistake(() => engine.describe(wrong)));
        assert.deepEqual(mistake(() => engine.describe(wrong)), mistake(() => engine.createSession(wrong, 1)));
      }
    });

    test('the gradients of a batch are those that moved the weights', () => {
      const spec = { ...SPEC, optimizer: { type: 'sgd', learning_rate: 0.5, clipvalue: 0.01 } };
      const session = engine.createSession(spec, 1);
      const floats = (bytes) => new Float32Array(bytes.slice(8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))).buffer);
      const begun = floats(session.getGradients());
      assert.ok(begun.every((value) => value === 0));
      const { train } = digits(engine);
      const before = floats(session.getWeights());
      session.trainBatch(train.x.subarray(0, 16 * 784), train.labels.subarray(0, 16));
      const [after, gradients] = [floats(session.getWeights()), floats(session.getGradients())];
      assert.equal(gradients.length, before.length);
      assert.ok(gradients.some((value) => value === Math.fround(0.01)));
      gradients.forEach((gradient, at) => assert.ok(Math.abs(before[at] - 0.5 * gradient - after[at]) < 1e-6, `${at}`));
    });

    test('a given batch is trained as often as asked, and learnt by heart', () => {
      const session = engine.createSession(SPEC, 1);
      const { train } = digits(engine);
      const x = train.x.subarray(0, 16 * 784);
      const labels = Array.from(train.labels.subarray(0, 16));
      const first = session.trainBatch(x, labels);
      assert.deepEqual([first.step, first.samples], [1, 16]);
      session.trainBatch(x, labels, 40);
      const { accuracy, loss } = session.evaluateOn(x, labels);
      assert.equal(accuracy, 1);
      assert.ok(loss < first.loss / 4, `loss ${loss} after ${first.loss}`);
    });

    test('predictions are probabilities, and the last activation is the prediction', () => {
      const session = digitSession(engine, 1);
      session.runSteps(20);
      const { validation } = digits(engine);
      const x = validation.x.subarray(0, 2 * 784);
      const probabilities = session.predict(x);
      assert.equal(probabilities.length, 20);
      for (const row of [probabilities.subarray(0, 10), probabilities.subarray(10)]) {
        assert.ok(Math.abs(row.reduce((sum, value) => sum + value) - 1) < 1e-5);
      }
      const activations = session.activations(x);
      assert.deepEqual(
        activations.map(({ name, kind, shape }) => [name, kind, shape]),
        [
          ['conv2d', 'conv2d', [2, 26, 26, 32]],
          ['max_pool2d', 'max_pool2d', [2, 13, 13, 32]],
          ['flatten', 'flatten', [2, 5408]],
          ['dense', 'dense', [2, 64]],
          ['dense_1', 'dense', [2, 10]],
        ],
      );
      assert.deepEqual(activations.at(-1).data, probabilities);
      assert.ok(activations[0].data.every((value) => value >= 0));
    });

    test('what came out of a call stays as it was', () => {
      const session = digitSession(engine, 1);
      const weights = session.getWeights();
      const kept = weights.slice();
      session.runSteps(3);
      // A second session makes wasm's memory grow, which detaches every view of it.
      digitSession(engine, 2);
      assert.deepEqual(weights, kept);
    });

    test('a step can be made shard by shard, in whatever order and by whichever replica', () => {
      const replica = () => {
        const session = engine.createSession(SPEC, 5, { shards: 4 });
        const { train } = digits(engine);
        session.setData('train', train.x, train.labels);
        return session;
      };
      const weightsAfter = (orders) => {
        const replicas = orders[0].map(replica);
        for (const order of orders) {
          const total = new Float64Array(replicas[0].flatLength);
          for (const [at, shards] of order.entries()) {
            shards.forEach((shard, nth) => {
              const { loss, samples } = replicas[at].addShard(shard, { first: nth === 0, grid: true });
              assert.ok(loss > 0 && samples === 8);
            });
            const sum = new Float64Array(new SharedArrayBuffer(total.byteLength));
            // Whoever has no shard adds nothing.
            if (shards.length > 0) replicas[at].writeShardSum(sum);
            sum.forEach((value, place) => (total[place] += value));
          }
          for (const replica of replicas) replica.applyShardSum(total);
        }
        const weights = replicas.map((replica) => replica.getWeights());
        for (const other of weights) assert.deepEqual(other, weights[0]);
        return weights[0];
      };
      const alone = weightsAfter([[[0, 1, 2, 3]], [[0, 1, 2, 3]], [[0, 1, 2, 3]]]);
      assert.deepEqual(weightsAfter([[[3], [1, 0], [2]], [[], [2, 3], [0, 1]], [[0, 3, 1], [2], []]]), alone);
      const session = replica();
      assert.notDeepEqual(alone, digitSession(engine, 5).getWeights());
      assert.throws(() => session.addShard(4, { first: true, grid: true }), { code: 'invalid_argument' });
      assert.throws(() => session.writeShardSum(new Float64Array(3)), { code: 'invalid_argument' });
      assert.throws(() => session.applyShardSum(new Float32Array(3)), { code: 'length_mismatch' });
      assert.throws(() => session.applyShardSum([1, 2]), { code: 'invalid_argument' });
    });

    test('layers tell their shapes and parameters', () => {
      const session = engine.createSession(SPEC, 1);
      assert.deepEqual(
        session.layers().map(({ name, outputShape, parameters }) => [name, outputShape, parameters]),
        [
          ['conv2d', [26, 26, 32], 320],
          ['max_pool2d', [13, 13, 32], 0],
          ['flatten', [5408], 0],
          ['dense', [64], 346176],
          ['dense_1', [10], 650],
        ],
      );
    });

    test('the split is stratified and seeded', () => {
      const { files } = digits(engine);
      const split = engine.stratifiedSplit(files.labels.data, 0.2, 1);
      assert.deepEqual([split.train.length, split.heldOut.length], [8000, 2000]);
      assert.equal(new Set([...split.train, ...split.heldOut]).size, 10000);
      const share = (samples, digit) => samples.filter((sample) => files.labels.data[sample] === digit).length;
      for (let digit = 0; digit < 10; digit++) {
        const held = share(split.heldOut, digit);
        const all = held + share(split.train, digit);
        assert.ok(Math.abs(held - all * 0.2) <= 1, `digit ${digit}: ${held} of ${all}`);
      }
      assert.deepEqual(engine.stratifiedSplit(files.labels.data, 0.2, 1), split);
      assert.notDeepEqual(engine.stratifiedSplit(files.labels.data, 0.2, 2), split);
    });
  });
}
