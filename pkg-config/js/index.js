// The package's door; index.d.ts documents it. One file without a static import, so that it also
// loads from a blob URL in an opaque origin, where nothing beside it can be reached.

// What is exported but not in index.d.ts serves the package's other files.

// ---- errors ----

export class DanluError extends Error {
  constructor(message, code, fields = {}, options = undefined) {
    super(message, options);
    this.name = 'DanluError';
    this.code = code;
    this.fields = fields;
  }
}

export function invalidArgument(place, argument, expected, value) {
  const got = String(value);
  return new DanluError(`${place}: ${argument} must be ${expected}, got ${got}`, 'invalid_argument', {
    place,
    argument,
    expected,
    got,
  });
}

/** Whether wasm stopped in the middle of its work, so that its memory can't be trusted any more. */
const isTrap = (error) =>
  error instanceof WebAssembly.RuntimeError ||
  // The stack overflowed inside wasm: V8 and JavaScriptCore, then SpiderMonkey.
  error instanceof RangeError ||
  error?.name === 'InternalError';

// ---- variants ----

/** Fastest first. */
const VARIANTS = ['relaxed', 'simd'];

// (module (func (param v128 v128 v128) (result v128) f32x4.relaxed_madd)) and the same with
// f32x4.add on two parameters: a browser that lacks an instruction refuses the whole module.
const PROBES = {
  relaxed: [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0,
    32, 0, 32, 1, 32, 2, 253, 133, 2, 11,
  ],
  simd: [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 123, 123, 1, 123, 3, 2, 1, 0, 10, 11, 1, 9, 0, 32, 0,
    32, 1, 253, 228, 1, 11,
  ],
};

// Spelt out one by one, so that bundlers see each file.
const FILES = {
  relaxed: { glue: () => import('./danlu_relaxed.js'), wasm: () => new URL('./danlu_relaxed.wasm', import.meta.url) },
  simd: { glue: () => import('./danlu_simd.js'), wasm: () => new URL('./danlu_simd.wasm', import.meta.url) },
};

export function supported() {
  return VARIANTS.filter((variant) => WebAssembly.validate(new Uint8Array(PROBES[variant])));
}

function chooseVariant(wanted) {
  const able = supported();
  if (wanted !== 'auto' && !VARIANTS.includes(wanted)) {
    throw invalidArgument('load', 'variant', ['auto', ...VARIANTS].join(' | '), wanted);
  }
  const variant = wanted === 'auto' ? able[0] : wanted;
  if (!able.includes(variant)) {
    const lacking = variant ?? VARIANTS.at(-1);
    throw new DanluError(
      `this WebAssembly lacks the instructions of the ${lacking} build`,
      'variant_unsupported',
      { variant: lacking, supported: able },
    );
  }
  return variant;
}

// ---- loading ----

const compiled = new Map();

/** A module that lies beside this file, fetched (or read, in Node) and compiled once. */
function compileOwn(url) {
  if (!compiled.has(url.href)) {
    const module = compileFile(url);
    // A fetch that failed may succeed the next time.
    module.catch(() => compiled.delete(url.href));
    compiled.set(url.href, module);
  }
  return compiled.get(url.href);
}

async function compileFile(url) {
  if (url.protocol !== 'file:') return compileSource(await fetch(url));
  const files = 'node:fs/promises';
  const { readFile } = await import(/* @vite-ignore */ files);
  return WebAssembly.compile(await readFile(url));
}

async function compileSource(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof Response === 'undefined' || !(source instanceof Response)) return WebAssembly.compile(source);
  if (!source.ok) {
    throw new DanluError(`${source.url}: HTTP status ${source.status}`, 'engine_not_found', {
      url: source.url,
      status: source.status,
    });
  }
  // Compiling while the bytes arrive needs a host that names the file's type.
  return WebAssembly.compileStreaming && source.headers.get('Content-Type') === 'application/wasm'
    ? WebAssembly.compileStreaming(source)
    : WebAssembly.compile(await source.arrayBuffer());
}

async function compileFrom(files, { variant: wanted = 'auto', source }) {
  const variant = chooseVariant(wanted);
  const module = source
    ? compileSource(await (typeof source === 'function' ? source(variant) : source))
    : compileOwn(files[variant].wasm());
  return { variant, module: await module };
}

/** `load` of one of the package's modules: `files` gives each variant's. */
export async function loadFrom(files, { variant: wanted = 'auto', source, glue }) {
  const variant = chooseVariant(wanted);
  const [{ createGlue }, { module: wasm }] = await Promise.all([
    glue ? glue(variant) : files[variant].glue(),
    compileFrom(files, { variant, source }),
  ]);
  const raw = createGlue();
  await raw({ module_or_path: wasm });
  return new Engine(variant, raw);
}

export const compile = (options = {}) => compileFrom(FILES, options);

export const load = (options = {}) => loadFrom(FILES, options);

// ---- the engine ----

/** The seed as 64 bits, a non-negative whole number. */
function toSeed(place, seed) {
  const whole = typeof seed === 'bigint' || Number.isSafeInteger(seed);
  if (!whole || seed < 0 || BigInt(seed) >= 1n << 64n) {
    throw invalidArgument(place, 'seed', 'an integer in [0, 2^64)', seed);
  }
  return BigInt(seed);
}

/** The labels as u32: what isn't a whole number from 0 up would otherwise be wrapped silently. */
export function toLabels(place, labels) {
  if (labels instanceof Uint32Array || labels instanceof Uint8Array || labels instanceof Uint16Array) {
    return Uint32Array.from(labels);
  }
  return Uint32Array.from(labels, (label, index) => {
    if (!Number.isInteger(label) || label < 0 || label > 0xffffffff) {
      throw invalidArgument(place, `labels[${index}]`, 'an integer in [0, 2^32)', label);
    }
    return label;
  });
}

/** Targets as the loss takes them: class numbers, or a Float32Array. */
export function toTargets(place, takesLabels, targets) {
  return takesLabels ? toLabels(place, targets) : toFloats(place, 'targets', targets);
}

export function toCount(place, argument, count, least) {
  if (!Number.isInteger(count) || count < least || count > 0xffffffff) {
    throw invalidArgument(place, argument, `an integer >= ${least}`, count);
  }
  return count;
}

export function toFloats(place, argument, values) {
  if (!(values instanceof Float32Array)) {
    throw invalidArgument(place, argument, 'a Float32Array', Object.prototype.toString.call(values));
  }
  return values;
}

function toJson(place, spec) {
  const json = JSON.stringify(spec);
  if (json === undefined) throw invalidArgument(place, 'spec', 'an object', typeof spec);
  return json;
}

function toBytes(place, argument, bytes) {
  if (!(bytes instanceof Uint8Array)) {
    throw invalidArgument(place, argument, 'a Uint8Array', Object.prototype.toString.call(bytes));
  }
  return bytes;
}

function toSplit(place, split) {
  if (split !== 'train' && split !== 'validation') {
    throw invalidArgument(place, 'split', 'train | validation', split);
  }
  return split;
}

class Engine {
  #poison = null;
  // Sessions whose finalisers must not run once the engine's memory can't be trusted.
  #sessions = new Set();

  constructor(variant, raw) {
    this.variant = variant;
    this.raw = raw;
    Object.freeze(this);
  }

  get poisoned() {
    return this.#poison !== null;
  }

  /** See index.d.ts: every call into wasm goes through here. */
  guard(action) {
    if (this.#poison) throw this.#poison;
    try {
      return action();
    } catch (error) {
      if (isTrap(error)) throw this.#poisonBy(error);
      if (error instanceof DanluError || typeof error?.code !== 'string') throw error;
      throw new DanluError(error.message, error.code, error.fields, { cause: error });
    }
  }

  #poisonBy(trap) {
    let panic;
    try {
      panic = this.raw.takePanic();
    } catch {
      // Nothing more can be learnt than what the trap says.
    }
    const message = panic ?? trap.message;
    this.#poison = new DanluError(message, 'engine_panic', { message }, { cause: trap });
    for (const session of this.#sessions) session.deref()?.__destroy_into_raw();
    this.#sessions.clear();
    return this.#poison;
  }

  createSession(spec, seed, { shards = 1, workers = 1, rank = 0 } = {}) {
    toCount('createSession', 'shards', shards, 1);
    const bits = toSeed('createSession', seed);
    const json = toJson('createSession', spec);
    const session = this.guard(() => new this.raw.Session(json, bits, shards, workers, rank));
    const reference = new WeakRef(session);
    this.#sessions.add(reference);
    return new Session(this, session, () => this.#sessions.delete(reference));
  }

  describe(spec) {
    const json = toJson('describe', spec);
    return this.guard(() => this.raw.describe(json));
  }

  parseIdx(bytes) {
    toBytes('parseIdx', 'bytes', bytes);
    return this.guard(() => this.raw.parseIdx(bytes));
  }

  readIdx(bytes) {
    toBytes('readIdx', 'bytes', bytes);
    return this.guard(() => this.raw.readIdx(bytes));
  }

  readNpy(bytes) {
    toBytes('readNpy', 'bytes', bytes);
    return this.guard(() => this.raw.readNpy(bytes));
  }

  readCifar(bytes, { hundred = false } = {}) {
    toBytes('readCifar', 'bytes', bytes);
    return this.guard(() => this.raw.readCifar(bytes, hundred));
  }

  gunzip(bytes) {
    toBytes('gunzip', 'bytes', bytes);
    return this.guard(() => this.raw.gunzip(bytes));
  }

  listTar(bytes) {
    toBytes('listTar', 'bytes', bytes);
    return this.guard(() => this.raw.listTar(bytes));
  }

  stratifiedSplit(labels, fraction, seed) {
    const bits = toSeed('stratifiedSplit', seed);
    const whole = toLabels('stratifiedSplit', labels);
    return this.guard(() => this.raw.stratifiedSplit(whole, fraction, bits));
  }
}

/** See decoder.d.ts. */
class Decoder {
  #engine;
  #raw;

  constructor(engine, raw) {
    this.#engine = engine;
    this.#raw = raw;
  }

  #guard(action) {
    return this.#engine.guard(() => {
      if (!this.#raw) throw new DanluError('the decoder was freed', 'session_freed');
      return action(this.#raw);
    });
  }

  get context() {
    return this.#guard((raw) => raw.context);
  }

  get length() {
    return this.#guard((raw) => raw.length);
  }

  step(token) {
    toCount('Decoder.step', 'token', token, 0);
    return this.#guard((raw) => raw.step(token));
  }

  truncate(length) {
    toCount('Decoder.truncate', 'length', length, 0);
    this.#guard((raw) => raw.truncate(length));
  }

  attention() {
    return this.#guard((raw) => raw.attention());
  }

  free() {
    this.#guard((raw) => raw.free());
    this.#raw = undefined;
  }
}

class Session {
  #engine;
  #raw;
  #forget;

  constructor(engine, raw, forget) {
    this.#engine = engine;
    this.#raw = raw;
    this.#forget = forget;
  }

  /** See index.d.ts: every call on the raw session goes through here. */
  guard(action) {
    return this.#engine.guard(() => {
      if (!this.#raw) throw new DanluError('the session was freed', 'session_freed');
      return action(this.#raw);
    });
  }

  /** Whether targets are class numbers, and not numbers: the loss says. */
  get takesLabels() {
    return this.guard((raw) => raw.takesLabels);
  }

  setData(split, x, targets) {
    toSplit('setData', split);
    toFloats('setData', 'x', x);
    const labelled = this.takesLabels;
    const whole = toTargets('setData', labelled, targets);
    this.guard((raw) => (labelled ? raw.setData(split, x, whole) : raw.setDataValues(split, x, whole)));
  }

  runSteps(k) {
    toCount('runSteps', 'k', k, 1);
    return this.guard((raw) => raw.runSteps(k));
  }

  trainBatch(x, targets, steps = 1) {
    toFloats('trainBatch', 'x', x);
    toCount('trainBatch', 'steps', steps, 1);
    const labelled = this.takesLabels;
    const whole = toTargets('trainBatch', labelled, targets);
    return this.guard((raw) =>
      labelled ? raw.trainBatch(x, whole, steps) : raw.trainBatchValues(x, whole, steps),
    );
  }

  trainBatchWeighed(x, targets, weights, steps = 1) {
    toFloats('trainBatchWeighed', 'x', x);
    toFloats('trainBatchWeighed', 'weights', weights);
    toCount('trainBatchWeighed', 'steps', steps, 1);
    const whole = toTargets('trainBatchWeighed', this.takesLabels, targets);
    const [labels, values] = whole instanceof Uint32Array ? [whole, new Float32Array()] : [new Uint32Array(), whole];
    return this.guard((raw) => raw.trainBatchWeighed(x, labels, values, weights, steps));
  }

  evaluate(split = 'validation') {
    toSplit('evaluate', split);
    return this.guard((raw) => raw.evaluate(split));
  }

  evaluateOn(x, targets) {
    toFloats('evaluateOn', 'x', x);
    const labelled = this.takesLabels;
    const whole = toTargets('evaluateOn', labelled, targets);
    return this.guard((raw) => (labelled ? raw.evaluateOn(x, whole) : raw.evaluateOnValues(x, whole)));
  }

  observe({ loss, accuracy }) {
    return this.guard((raw) => raw.observe(loss, accuracy));
  }

  predict(x) {
    toFloats('predict', 'x', x);
    return this.guard((raw) => raw.predict(x));
  }

  activations(x) {
    toFloats('activations', 'x', x);
    return this.guard((raw) => raw.activations(x));
  }

  layers() {
    return this.guard((raw) => raw.layers());
  }

  summary() {
    return this.guard((raw) => raw.summary());
  }

  setTrainable(layer, trainable) {
    this.guard((raw) => raw.setTrainable(String(layer), Boolean(trainable)));
  }

  get parameterCount() {
    return this.guard((raw) => raw.parameterCount);
  }

  getWeights() {
    return this.guard((raw) => raw.getWeights());
  }

  getGradients() {
    return this.guard((raw) => raw.getGradients());
  }

  setWeights(bytes) {
    toBytes('setWeights', 'bytes', bytes);
    this.guard((raw) => raw.setWeights(bytes));
  }

  checkpoint() {
    return this.guard((raw) => raw.checkpoint());
  }

  restore(bytes) {
    toBytes('restore', 'bytes', bytes);
    this.guard((raw) => raw.restore(bytes));
  }

  get flatLength() {
    return this.guard((raw) => raw.flatLength);
  }

  addShard(shard, { first, grid }) {
    toCount('addShard', 'shard', shard, 0);
    const [loss, correct, samples] = this.guard((raw) => raw.addShard(shard, first, grid));
    return { loss, correct, samples };
  }

  writeShardSum(out) {
    if (out.length !== this.flatLength) throw invalidArgument('writeShardSum', 'out.length', this.flatLength, out.length);
    this.guard((raw) => (out instanceof Float64Array ? raw.writeShardSumOnGrid(out) : raw.writeShardSum(toFloats('writeShardSum', 'out', out))));
  }

  applyShardSum(sum) {
    this.guard((raw) => (sum instanceof Float64Array ? raw.applyShardSumOnGrid(sum) : raw.applyShardSum(toFloats('applyShardSum', 'sum', sum))));
  }

  decoder() {
    return new Decoder(this.#engine, this.guard((raw) => raw.decoder()));
  }

  setLearningRate(rate) {
    this.guard((raw) => raw.setLearningRate(rate));
  }

  free() {
    const raw = this.#raw;
    this.#raw = null;
    if (!raw || this.#engine.poisoned) return;
    this.#forget();
    this.#engine.guard(() => raw.free());
  }
}
