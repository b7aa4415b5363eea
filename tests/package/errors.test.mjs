// Every mistake of a caller's is a DanluError with its code and fields; the engine goes on.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DanluError, load } from '../../pkg-config/pkg/index.js';
import { SPEC } from './digits.mjs';

let engine;
before(async () => (engine = await load({ variant: 'simd' })));

const withLayers = (...layers) => ({ model: { input: [28, 28, 1], layers } });
const DENSE = { type: 'dense', units: 10, activation: 'softmax' };

function checkRefused(action, code, fields) {
  assert.throws(action, (error) => {
    assert.ok(error instanceof DanluError, String(error));
    assert.equal(error.code, code, error.message);
    assert.deepEqual(error.fields, { ...error.fields, ...fields });
    return true;
  });
  assert.equal(engine.poisoned, false);
}

test('an unknown field is refused by name', () => {
  checkRefused(() => engine.createSession({ ...SPEC, optimiser: {} }, 1), 'unknown_field', { field: 'optimiser' });
  const misspelt = withLayers({ type: 'flatten' }, { ...DENSE, unit: 3 });
  checkRefused(() => engine.createSession(misspelt, 1), 'unknown_field', { place: 'layer 1', field: 'unit' });
});

test('a missing field and an unknown name are told with their place', () => {
  const noUnits = withLayers({ type: 'flatten' }, { type: 'dense' });
  checkRefused(() => engine.createSession(noUnits, 1), 'missing_field', { place: 'layer 1', field: 'units' });
  const misnamed = withLayers({ type: 'dens', units: 3 });
  checkRefused(() => engine.createSession(misnamed, 1), 'unknown_name', { place: 'layer 0', got: 'dens' });
});

test('a spec that is no object is refused', () => {
  for (const spec of [null, 3, 'conv', []]) {
    checkRefused(() => engine.createSession(spec, 1), 'malformed_spec', {});
  }
  checkRefused(() => engine.createSession(undefined, 1), 'invalid_argument', { argument: 'spec' });
});

test('seeds that no 64 bits hold exactly are refused', () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53, -1n, 1n << 64n, '7', undefined]) {
    checkRefused(() => engine.createSession(SPEC, seed), 'invalid_argument', { argument: 'seed' });
  }
  engine.createSession(SPEC, (1n << 64n) - 1n).free();
});

test('data of the wrong kind, length or class are refused', () => {
  const session = engine.createSession(SPEC, 1);
  const x = new Float32Array(2 * 784);
  checkRefused(() => session.setData('train', x.subarray(1), [1, 2]), 'length_mismatch', { expected: 1568, got: 1567 });
  checkRefused(() => session.setData('train', x, [1, 10]), 'label_out_of_range', { position: 1, label: 10, classes: 10 });
  checkRefused(() => session.setData('train', x, [1, -1]), 'invalid_argument', { argument: 'labels[1]', got: '-1' });
  checkRefused(() => session.setData('train', x, [1, 0.5]), 'invalid_argument', { argument: 'labels[1]' });
  checkRefused(() => session.setData('train', Array.from(x), [1, 2]), 'invalid_argument', { argument: 'x' });
  checkRefused(() => session.setData('test', x, [1, 2]), 'invalid_argument', { argument: 'split', got: 'test' });
  checkRefused(() => session.predict(new Float32Array(783)), 'length_mismatch', { got: 783 });
});

test('a session without data, or freed, says so', () => {
  const session = engine.createSession(SPEC, 1);
  checkRefused(() => session.runSteps(1), 'no_data', { split: 'train' });
  checkRefused(() => session.evaluate(), 'no_data', { split: 'validation' });
  checkRefused(() => session.runSteps(0), 'invalid_argument', { argument: 'k' });
  session.free();
  session.free();
  checkRefused(() => session.layers(), 'session_freed', {});
});

test('weights that do not fit leave the old ones alone', () => {
  const session = engine.createSession(SPEC, 1);
  const weights = session.getWeights();
  const other = engine.createSession(withLayers({ type: 'flatten' }, DENSE), 1).getWeights();
  for (const bytes of [new Uint8Array(0), weights.subarray(0, 1000), other]) {
    assert.throws(() => session.setWeights(bytes), DanluError);
    assert.deepEqual(session.getWeights(), weights);
  }
  checkRefused(() => session.setWeights([1, 2]), 'invalid_argument', { argument: 'bytes' });
});

test('a file that is no IDX file is refused with the place of the fault', () => {
  checkRefused(() => engine.parseIdx(new Uint8Array([1, 2, 3, 4])), 'malformed_file', { format: 'IDX' });
  checkRefused(() => engine.parseIdx('mnist'), 'invalid_argument', { argument: 'bytes' });
});
