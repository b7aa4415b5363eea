// A trained network made smaller: int8 and its file, pruning, a student taught by a teacher.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { load as loadPlain, supported } from '../../pkg-config/pkg/index.js';
import { load, logits, prune, quantise, readQuantised, repeatStep, setTaughtData, steps } from '../../pkg-config/pkg/compression.js';
import { SPEC } from './digits.mjs';

const SIDE = 28;

/** Pictures whose class is the row in which they are bright, with some noise of a fixed generator. */
function samples(count) {
  let state = 7;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const x = new Float32Array(count * SIDE * SIDE);
  const labels = Uint32Array.from({ length: count }, (_, at) => at % 10);
  for (let at = 0; at < x.length; at++) x[at] = 0.3 * next();
  labels.forEach((label, sample) => x.fill(0.9, sample * SIDE * SIDE + (2 * label + 4) * SIDE, sample * SIDE * SIDE + (2 * label + 5) * SIDE));
  return { x, labels };
}

const { x, labels } = samples(120);
const files = new Map();

for (const variant of supported()) {
  test(`${variant}: int8 answers as f32 does, and a file of it gives the same bits`, async () => {
    const engine = await load({ variant });
    const session = engine.createSession(SPEC, 4);
    session.trainBatch(x, labels, 25);
    const whole = session.evaluateOn(x, labels);
    assert.ok(whole.accuracy > 0.95, `accuracy ${whole.accuracy}`);
    for (const options of [{}, { per_channel: false }, { calibration: 'percentile', percent: 99.9 }, { calibration: 'mse' }]) {
      const model = quantise(engine, session, x, options);
      const judged = model.evaluateOn(x, labels);
      assert.ok(Math.abs(judged.accuracy - whole.accuracy) < 0.03, JSON.stringify([options, judged, whole]));
      const bytes = model.toBytes();
      assert.ok(bytes.length < session.getWeights().length / 3.5, `${bytes.length} bytes`);
      const read = readQuantised(engine, bytes);
      assert.deepEqual(read.logits(x), model.logits(x));
      const sums = read.predict(x.subarray(0, SIDE * SIDE));
      assert.ok(Math.abs(sums.reduce((a, b) => a + b) - 1) < 1e-5);
      read.free();
      assert.throws(() => read.predict(x), { code: 'session_freed' });
      if (!files.has(JSON.stringify(options))) files.set(JSON.stringify(options), { bytes, answers: model.logits(x) });
      model.free();
    }
    const told = quantise(engine, session, x).layers();
    assert.deepEqual(told.map(({ name, folded }) => [name, ...folded]), [['conv2d', 'max_pool2d', 'flatten'], ['dense'], ['dense_1']]);
    assert.equal(told[0].weightScales, 32);
    assert.ok(told[0].weightError > 0 && told[0].weightError < 0.02);
    assert.throws(() => quantise(engine, session, x, { calibration: 'percentile', percent: 10 }), { code: 'invalid_argument' });
    assert.throws(() => readQuantised(engine, session.getWeights()), { code: 'malformed_file' });
    session.free();
  });

  test(`${variant}: an int8 file of another variant gives the same logits to the bit`, async () => {
    const engine = await load({ variant });
    assert.ok(files.size === 4);
    for (const { bytes, answers } of files.values()) assert.deepEqual(readQuantised(engine, bytes).logits(x), answers);
  });

  test(`${variant}: what is pruned stays exactly zero while training goes on`, async () => {
    const engine = await load({ variant });
    const session = engine.createSession(SPEC, 4);
    session.trainBatch(x, labels, 10);
    prune(session, { sparsity: 0.9 });
    session.trainBatch(x, labels, 10);
    const told = prune(session, { sparsity: 0.9 });
    const [count, zeros] = ['count', 'zeros'].map((key) => told.reduce((all, layer) => all + layer[key], 0));
    assert.equal(zeros, Math.floor(0.9 * count));
    assert.ok(told.every(({ name }) => name.endsWith('/kernel')));
    assert.throws(() => prune(session, { sparsity: 1 }), { code: 'invalid_argument' });
    session.predict(x.subarray(0, SIDE * SIDE));
    assert.deepEqual(steps(session), ['conv2d', 'flatten', 'dense', 'dense_1'].filter((name) => name !== 'flatten'));
    repeatStep(session, 0, 1, 2);
    assert.throws(() => repeatStep(session, 9, 1, 1), { code: 'invalid_argument' });
    session.free();
  });

  test(`${variant}: a student learns from its teacher where labels say nothing`, async () => {
    const engine = await load({ variant });
    const teacher = engine.createSession(SPEC, 4);
    teacher.trainBatch(x, labels, 25);
    const small = { ...SPEC, model: { input: [28, 28, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] }, batch_size: 20 };
    const student = engine.createSession(small, 2);
    const soft = logits(teacher, x);
    setTaughtData(student, x, new Uint32Array(labels.length), soft, { temperature: 2, alpha: 1 });
    student.runSteps(120);
    assert.ok(student.evaluateOn(x, labels).accuracy > 0.9);
    assert.throws(() => setTaughtData(student, x, labels, soft.subarray(1), { temperature: 2, alpha: 1 }), { code: 'length_mismatch' });
    assert.throws(() => setTaughtData(student, x, labels, soft, { temperature: 0, alpha: 1 }), { code: 'invalid_argument' });
  });
}

test('an engine that only trains is refused by name, and goes on', async () => {
  const engine = await loadPlain({ variant: 'simd' });
  const session = engine.createSession(SPEC, 4);
  const one = x.subarray(0, SIDE * SIDE);
  for (const [act, place, argument] of [
    [() => prune(session, { sparsity: 0.5 }), 'prune', 'session'],
    [() => quantise(engine, session, one), 'quantise', 'session'],
    [() => logits(session, one), 'logits', 'session'],
    [() => readQuantised(engine, files.values().next().value.bytes), 'readQuantised', 'engine'],
  ]) {
    assert.throws(act, (error) => {
      assert.equal(error.name, 'DanluError');
      assert.deepEqual([error.code, error.fields.place, error.fields.argument], ['invalid_argument', place, argument]);
      assert.match(error.message, /danlu\/compression/);
      return true;
    });
  }
  assert.equal(engine.poisoned, false);
  assert.equal(session.predict(one).length, 10);
});

test('the compressing engine trains to the same bits, and lacks nothing that the package’s own calls need', async () => {
  const engines = [await loadPlain({ variant: 'simd' }), await load({ variant: 'simd' })];
  const [plain, compressing] = engines.map((engine) => {
    const session = engine.createSession(SPEC, 4);
    session.trainBatch(x, labels, 3);
    return session.getWeights();
  });
  assert.deepEqual(compressing, plain);
  const door = await readFile(new URL('../../pkg-config/pkg/index.js', import.meta.url), 'utf8');
  const called = [...door.matchAll(/raw\.(\w+)/g)].map(([, name]) => name);
  for (const { raw } of engines) {
    const there = new Set([...Object.keys(raw), ...['Session', 'Decoder'].flatMap((name) => Object.getOwnPropertyNames(raw[name].prototype))]);
    assert.deepEqual(called.filter((name) => !there.has(name)), []);
  }
  assert.ok(called.length > 40);
});
