// Several workers that train one network; team.d.ts documents it. This file runs on any thread: it
// only sends messages.
import { allocate, askStop, lost, markLost } from './exchange.js';
import { compile, DanluError, invalidArgument, toCount, toFloats, toTargets } from './index.js';
import { Joined, OwnMember } from './join.js';

const SHARDS_IN_EXACT_MODE = 4;
const WORKERS_MOST = 64;

/** One worker's end here: calls as promises, in a browser or in Node. */
class Member {
  #worker;
  #rank;
  #waiting = new Map();
  #next = 0;
  #failure = null;

  constructor(worker, rank) {
    this.#worker = worker;
    this.#rank = rank;
    const heard = ({ id, value, error }) => {
      const call = this.#waiting.get(id);
      if (!call) return;
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref?.();
      if (!error) call.resolve(value);
      else if (error.code) call.reject(new DanluError(error.message, error.code, error.fields));
      else call.reject(lost(rank, error.message));
    };
    if (worker.on) {
      worker.on('message', heard);
      worker.on('error', (error) => this.fail(String(error?.stack ?? error)));
      worker.on('exit', () => this.fail('it ended'));
      // An idle team keeps no process alive.
      worker.unref();
    } else {
      worker.onmessage = ({ data }) => heard(data);
      worker.onerror = (event) => {
        event.preventDefault?.();
        this.fail(event.message ?? 'it did not start');
      };
      worker.onmessageerror = () => this.fail('it sent what cannot be read');
    }
  }

  get alive() {
    return this.#failure === null;
  }

  call(call, args, transfer = []) {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const id = this.#next++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref?.();
      this.#worker.postMessage({ id, call, args }, transfer);
    });
  }

  tell(message) {
    if (this.alive) this.#worker.postMessage(message);
  }

  /** Ends the worker and whatever waits for it. */
  fail(reason) {
    this.close(lost(this.#rank, reason));
  }

  close(failure) {
    if (!this.alive) return;
    this.#failure = failure;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
  }
}

async function spawnOwn() {
  // Spelt out in one expression, so that bundlers see the file.
  if (typeof Worker !== 'undefined') {
    return new Worker(new URL('./team_worker.js', import.meta.url), { type: 'module', name: 'danlu' });
  }
  const [threads, file] = ['node:worker_threads', './team_worker.js'];
  const { Worker: Thread } = await import(/* @vite-ignore */ threads);
  return new Thread(new URL(/* @vite-ignore */ file, import.meta.url));
}

async function processors() {
  if (globalThis.navigator?.hardwareConcurrency) return navigator.hardwareConcurrency;
  const os = 'node:os';
  return typeof process === 'undefined' ? 1 : (await import(/* @vite-ignore */ os)).availableParallelism();
}

/** Browsers give shared memory only to a page that is cross-origin isolated. */
const canShare = () => globalThis.crossOriginIsolated ?? typeof SharedArrayBuffer !== 'undefined';

export async function createTeam(spec, seed, options = {}) {
  const { spawn = spawnOwn, shared = canShare(), patience_ms = 30_000, joins = false } = options;
  // Nobody may wait on a page's main thread.
  if (joins && !(shared && typeof document === 'undefined')) {
    throw invalidArgument('createTeam', 'joins', 'false without shared memory, or on the main thread of a page', joins);
  }
  const { variant, module } = await compile(options);
  const wanted = options.workers ?? Math.min(await processors(), SHARDS_IN_EXACT_MODE);
  toCount('createTeam', 'workers', wanted, 1);
  if (wanted > WORKERS_MOST) throw invalidArgument('createTeam', 'workers', `<= ${WORKERS_MOST}`, wanted);
  const shards = options.shards ?? (variant === 'simd' ? SHARDS_IN_EXACT_MODE : wanted);
  toCount('createTeam', 'shards', shards, 1);
  const workers = Math.min(wanted, shards);

  const ranks = Array.from({ length: workers }, (_, rank) => rank);
  const members = [];
  try {
    for (const rank of ranks) members.push(joins && rank === 0 ? new OwnMember() : new Member(await spawn(), rank));
    const open = (rank) => ({ variant, module, spec, seed, team: { shards, workers, rank } });
    const [about] = await Promise.all(members.map((member, rank) => member.call('open', [open(rank)])));
    const { lengths, squares } = about;
    const memory = shared ? allocate(lengths, squares) : null;
    const ports = meshOf(workers, memory === null);
    const link = (rank) => ({ rank, lengths, squares, memory, ports: ports[rank], patience_ms });
    await Promise.all(members.map((member, rank) => member.call('link', [link(rank)], ports[rank].filter(Boolean))));
    return new Team(members, about, { variant, shards, memory, joined: joins ? await Joined.create(members, memory) : null });
  } catch (error) {
    for (const member of members) member.close(error);
    throw error;
  }
}

/** A channel between each two workers: `ports[rank][other]`. */
function meshOf(workers, wanted) {
  const ports = Array.from({ length: workers }, () => new Array(workers).fill(null));
  if (!wanted) return ports;
  for (let a = 0; a < workers; a++) {
    for (let b = a + 1; b < workers; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a][b] = port1;
      ports[b][a] = port2;
    }
  }
  return ports;
}

/** The array without the rest of its buffer: a message would carry all that a view is a part of. */
const alone = (x) => (x instanceof Float32Array && x.byteLength < x.buffer.byteLength ? x.slice() : x);

class Team {
  #members;
  #about;
  #memory;
  #joined;
  /** Where the caller joins: the answer to its last call, while it is to come. */
  #coming = null;
  #run = 0;
  #failure = null;

  constructor(members, about, { variant, shards, memory, joined }) {
    this.#members = members;
    this.#about = about;
    this.#memory = memory;
    this.#joined = joined;
    this.variant = variant;
    this.shards = shards;
    this.workers = members.length;
    this.shared = memory !== null;
    this.joins = joined !== null;
  }

  /**
   * Calls are answered in their order. Workers take messages in the order in which they come; what is
   * done in the caller's own thread waits for what it was asked before.
   */
  #inTurn(action) {
    if (!this.#joined) return action();
    const answer = this.#coming ? this.#coming.then(action, action) : action();
    const came = () => {
      if (this.#coming === answer) this.#coming = null;
    };
    this.#coming = answer;
    answer.then(came, came);
    return answer;
  }

  /** A call that every worker takes part in, and what each answers; a failure ends the team. */
  #each(call, args) {
    return this.#inTurn(() => this.#askEach(call, args));
  }

  async #askEach(call, args) {
    if (this.#failure) throw this.#failure;
    this.#joined?.recall();
    const answers = this.#members.map((member) => member.call(call, args));
    for (const [rank, answer] of answers.entries()) answer.catch((error) => this.#notice(rank, error));
    const results = await Promise.allSettled(answers);
    if (this.#failure) throw this.#failure;
    for (const { reason } of results) if (reason) throw reason;
    return results.map(({ value }) => value);
  }

  /** The same, where all answer the same. */
  async #all(call, args) {
    return (await this.#each(call, args))[0];
  }

  /** A call that one worker answers for all: the first that is left. */
  #one(call, args) {
    return this.#inTurn(() => {
      const member = this.#members.find(({ alive }) => alive);
      if (!member) return Promise.reject(this.#failure);
      // The worker in the caller's own thread answers without the others.
      if (member !== this.#members[0]) this.#joined?.recall();
      return member.call(call, args);
    });
  }

  /** What `train(run)` does in the caller's own thread, and the others at its order. */
  #trainHere(train) {
    return this.#inTurn(async () => {
      if (this.#failure) throw this.#failure;
      try {
        return await train(++this.#run);
      } catch (error) {
        this.#notice(0, error);
        throw this.#failure ?? error;
      }
    });
  }

  /** Ends what can't go on, and lets nobody wait for it. */
  #notice(rank, error) {
    const dead = error.code === 'worker_lost' ? error.fields.worker : rank;
    if (error.code !== 'worker_lost' && error.code !== 'engine_panic') return;
    this.#failure ??= error;
    this.#members[dead].close(error);
    if (this.#memory) markLost(this.#memory, dead);
    else for (const member of this.#members) member.tell({ call: 'lost', worker: dead });
  }

  async setData(split, x, labels) {
    toFloats('setData', 'x', x);
    await this.#all('setData', [split, this.#shareable(x), toTargets('setData', this.#about.takesLabels, labels)]);
  }

  runSteps(k) {
    toCount('runSteps', 'k', k, 1);
    if (this.#joined) return this.#trainHere((run) => this.#joined.runSteps(run, k));
    return this.#all('runSteps', [{ run: ++this.#run, steps: k }]);
  }

  trainBatch(x, labels, steps = 1) {
    toFloats('trainBatch', 'x', x);
    toCount('trainBatch', 'steps', steps, 1);
    const whole = toTargets('trainBatch', this.#about.takesLabels, labels);
    if (this.#joined) {
      // What has to wait may be written over meanwhile.
      const [own, targets] = this.#coming ? [x.slice(), whole.slice()] : [x, whole];
      return this.#trainHere((run) => this.#joined.trainBatch(run, steps, own, targets));
    }
    return this.#all('trainBatch', [{ run: ++this.#run, steps, x: this.#shareable(x), labels: whole }]);
  }

  interrupt() {
    if (this.#memory) askStop(this.#memory, this.#run);
    else this.#members[0].tell({ call: 'stop', run: this.#run });
  }

  /** Copied once for all workers where memory can be shared, else once for each by the message. */
  #shareable(x) {
    if (!this.#memory) return alone(x);
    const copy = new Float32Array(new SharedArrayBuffer(x.byteLength));
    copy.set(x);
    return copy;
  }

  evaluate(split = 'validation') {
    return this.#one('evaluate', [split]);
  }

  evaluateOn(x, labels) {
    return this.#one('evaluateOn', [alone(x), labels]);
  }

  /** By every worker: each takes the consequences itself. */
  observe({ loss, accuracy }) {
    return this.#all('observe', [{ loss, accuracy }]);
  }

  predict(x) {
    return this.#one('predict', [alone(x)]);
  }

  activations(x) {
    return this.#one('activations', [alone(x)]);
  }

  layers() {
    return structuredClone(this.#about.layers);
  }

  get parameterCount() {
    return this.#about.parameterCount;
  }

  getWeights() {
    return this.#one('getWeights', []);
  }

  async setWeights(bytes) {
    await this.#all('setWeights', [bytes]);
  }

  summary() {
    return this.#one('summary', []);
  }

  async setTrainable(layer, trainable) {
    await this.#all('setTrainable', [layer, trainable]);
    await this.#layersChanged();
  }

  /** The parts are of one moment: each worker is asked at once, and joining them asks no session. */
  async checkpoint() {
    return this.#one('joinCheckpoints', [await this.#each('checkpointPart', [])]);
  }

  async restore(bytes) {
    await this.#all('restore', [bytes]);
    await this.#layersChanged();
  }

  async #layersChanged() {
    this.#about.layers = await this.#one('layers', []);
  }

  async setLearningRate(rate) {
    await this.#all('setLearningRate', [rate]);
  }

  free() {
    this.#failure ??= new DanluError('the team was freed', 'session_freed');
    for (const member of this.#members) member.close(this.#failure);
  }
}
