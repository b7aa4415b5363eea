// A trained network made smaller, by a module of its own; compression.d.ts documents it.
import { DanluError, invalidArgument, loadFrom, toCount, toFloats, toLabels, toTargets } from './index.js';

// Spelt out one by one, so that bundlers see each file.
const FILES = {
  relaxed: {
    glue: () => import('./danlu_compression_relaxed.js'),
    wasm: () => new URL('./danlu_compression_relaxed.wasm', import.meta.url),
  },
  simd: {
    glue: () => import('./danlu_compression_simd.js'),
    wasm: () => new URL('./danlu_compression_simd.wasm', import.meta.url),
  },
};

export const load = (options = {}) => loadFrom(FILES, options);

/** `holder[name]`, which only this module's engines have. */
function own(holder, name, place, argument) {
  if (!(name in holder)) throw invalidArgument(place, argument, 'of an engine that danlu/compression loaded', 'of one that danlu loaded');
  return holder[name];
}

const call = (session, name, ...given) => session.guard((raw) => own(raw, name, name, 'session').apply(raw, given));

function toNumber(place, argument, value) {
  if (typeof value !== 'number') throw invalidArgument(place, argument, 'a number', value);
  return value;
}

export function logits(session, x) {
  toFloats('logits', 'x', x);
  return call(session, 'logits', x);
}

export function prune(session, { sparsity, global = true }) {
  toNumber('prune', 'sparsity', sparsity);
  return call(session, 'prune', sparsity, Boolean(global));
}

export function setTaughtData(session, x, labels, teacher, { temperature, alpha }) {
  toFloats('setTaughtData', 'x', x);
  toFloats('setTaughtData', 'teacher', teacher);
  toNumber('setTaughtData', 'temperature', temperature);
  toNumber('setTaughtData', 'alpha', alpha);
  const whole = toLabels('setTaughtData', labels);
  call(session, 'setDataTaught', x, whole, teacher, temperature, alpha);
}

export function steps(session) {
  return call(session, 'steps');
}

export function repeatStep(session, step, n, times) {
  for (const [argument, value] of Object.entries({ step, n, times })) toCount('repeatStep', argument, value, 0);
  call(session, 'repeatStep', step, n, times);
}

export function quantise(engine, session, x, { calibration = 'min_max', percent = NaN, per_channel = true } = {}) {
  toFloats('quantise', 'x', x);
  const made = call(session, 'quantise', Boolean(per_channel), String(calibration), Number(percent), x);
  return new QuantisedModel(engine, made);
}

export function readQuantised(engine, bytes) {
  if (!(bytes instanceof Uint8Array)) {
    throw invalidArgument('readQuantised', 'bytes', 'a Uint8Array', Object.prototype.toString.call(bytes));
  }
  const made = engine.guard(() => own(engine.raw, 'QuantisedModel', 'readQuantised', 'engine').fromBytes(bytes));
  return new QuantisedModel(engine, made);
}

class QuantisedModel {
  #engine;
  #raw;

  constructor(engine, raw) {
    this.#engine = engine;
    this.#raw = raw;
  }

  #guard(action) {
    return this.#engine.guard(() => {
      if (!this.#raw) throw new DanluError('the quantised model was freed', 'session_freed');
      return action(this.#raw);
    });
  }

  predict(x) {
    toFloats('predict', 'x', x);
    return this.#guard((raw) => raw.predict(x));
  }

  logits(x) {
    toFloats('logits', 'x', x);
    return this.#guard((raw) => raw.logits(x));
  }

  evaluateOn(x, targets) {
    toFloats('evaluateOn', 'x', x);
    return this.#guard((raw) => {
      const whole = toTargets('evaluateOn', raw.takesLabels, targets);
      return raw.takesLabels ? raw.evaluate(x, whole) : raw.evaluateValues(x, whole);
    });
  }

  layers() {
    return this.#guard((raw) => raw.layers());
  }

  toBytes() {
    return this.#guard((raw) => raw.toBytes());
  }

  repeatStep(step, times) {
    toCount('repeatStep', 'step', step, 0);
    toCount('repeatStep', 'times', times, 0);
    this.#guard((raw) => raw.repeatStep(step, times));
  }

  free() {
    const raw = this.#raw;
    this.#raw = undefined;
    if (raw && !this.#engine.poisoned) this.#engine.guard(() => raw.free());
  }
}
