// A trained network made smaller; compression.d.ts documents it.
import { DanluError, invalidArgument, toCount, toFloats, toLabels, toTargets } from './index.js';

function toNumber(place, argument, value) {
  if (typeof value !== 'number') throw invalidArgument(place, argument, 'a number', value);
  return value;
}

export function logits(session, x) {
  toFloats('logits', 'x', x);
  return session.guard((raw) => raw.logits(x));
}

export function prune(session, { sparsity, global = true }) {
  toNumber('prune', 'sparsity', sparsity);
  return session.guard((raw) => raw.prune(sparsity, Boolean(global)));
}

export function setTaughtData(session, x, labels, teacher, { temperature, alpha }) {
  toFloats('setTaughtData', 'x', x);
  toFloats('setTaughtData', 'teacher', teacher);
  toNumber('setTaughtData', 'temperature', temperature);
  toNumber('setTaughtData', 'alpha', alpha);
  const whole = toLabels('setTaughtData', labels);
  session.guard((raw) => raw.setDataTaught(x, whole, teacher, temperature, alpha));
}

export function steps(session) {
  return session.guard((raw) => raw.steps());
}

export function repeatStep(session, step, n, times) {
  for (const [argument, value] of Object.entries({ step, n, times })) toCount('repeatStep', argument, value, 0);
  session.guard((raw) => raw.repeatStep(step, n, times));
}

export function quantise(engine, session, x, { calibration = 'min_max', percent = NaN, per_channel = true } = {}) {
  toFloats('quantise', 'x', x);
  const made = session.guard((raw) => raw.quantise(Boolean(per_channel), String(calibration), Number(percent), x));
  return new QuantisedModel(engine, made);
}

export function readQuantised(engine, bytes) {
  if (!(bytes instanceof Uint8Array)) {
    throw invalidArgument('readQuantised', 'bytes', 'a Uint8Array', Object.prototype.toString.call(bytes));
  }
  return new QuantisedModel(engine, engine.guard(() => engine.raw.QuantisedModel.fromBytes(bytes)));
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
