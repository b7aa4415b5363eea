// A caller that joins its team: its own thread computes as the first worker, and tells the others to
// train through shared memory. A call then costs no message, which two workers would spend a tenth of
// a step on.
import { LEAVE, OrderGiver, RUN_STEPS, TRAIN_BATCH } from './orders.js';
import { TeamMember } from './team_member.js';

/** The worker in the caller's own thread; it is asked as those in other threads are. */
export class OwnMember {
  #member = new TeamMember();
  #failure = null;

  get alive() {
    return this.#failure === null;
  }

  async call(call, args) {
    return this.now(call, args);
  }

  /** The same, answered at once. */
  now(call, args) {
    if (this.#failure) throw this.#failure;
    return this.#member.perform(call, args);
  }

  close(failure) {
    if (!this.alive) return;
    this.#failure = failure;
    this.#member.free();
  }
}

/** What trains a team whose first worker is the caller. */
export class Joined {
  #own;
  #others;
  #orders;
  /** Memory of the samples that the others take. */
  #stage = { x: new Float32Array(0), labels: new Uint32Array(0) };

  /** `members`: all workers by rank, linked by `memory`. */
  static async create(members, memory) {
    const [own, ...others] = members;
    await Promise.all(others.map((other, at) => other.call('standBy', [{ rank: at + 1, memory }])));
    return new Joined(own, others, memory);
  }

  constructor(own, others, memory) {
    this.#own = own;
    this.#others = others;
    this.#orders = new OrderGiver(memory.orders);
  }

  /** Lets the others hear messages. */
  recall() {
    if (this.#others.some((_, at) => !this.#orders.isAway(at + 1))) this.#orders.give(LEAVE);
  }

  runSteps(run, steps) {
    this.#give(RUN_STEPS, { run, steps });
    return this.#own.now('runSteps', [{ run, steps }]);
  }

  async trainBatch(run, steps, x, labels) {
    const count = this.#own.now('checkBatch', [x, labels]);
    const [, first] = this.#own.now('ownSamples', [count]);
    const [width, perSample] = [x.length / count, labels.length / count];
    const [rest, labelsOfRest] = [x.subarray(first * width), labels.subarray(first * perSample)];
    if (rest.length > this.#stage.x.length || labelsOfRest.length > this.#stage.labels.length) {
      await this.#makeRoom(rest, labelsOfRest);
    }
    this.#stage.x.set(rest);
    this.#stage.labels.set(labelsOfRest);
    this.#give(TRAIN_BATCH, { run, steps }, { count, first, width, perSample });
    const own = { x: x.subarray(0, first * width), labels: labels.subarray(0, first * perSample) };
    return this.#own.now('trainOwn', [{ run, steps, count, ...own }]);
  }

  #give(call, order, of) {
    this.#orders.give(call, order, of);
    for (const [at, other] of this.#others.entries()) {
      if (this.#orders.isAway(at + 1)) other.tell({ call: 'orders' });
    }
  }

  async #makeRoom(x, labels) {
    const shared = (like) => new like.constructor(new SharedArrayBuffer(like.byteLength));
    this.#stage = { x: shared(x), labels: shared(labels) };
    this.recall();
    await Promise.all(this.#others.map((other) => other.call('stage', [this.#stage])));
  }
}
