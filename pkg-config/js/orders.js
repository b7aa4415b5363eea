// Orders to train, from a caller that joins its team (join.js) to the other workers, through shared
// memory: a worker that stands by hears of one sooner than of a message.
//
// Having obeyed an order, a worker watches for the next, then sleeps for a while, then goes away: back
// to its event loop, where only messages are heard. Who gives an order counts it first and asks who is
// away afterwards; who goes away says so first and asks for the count afterwards. So one of the two
// notices, and no order is lost. An order is given only when the one before was obeyed.

/** Cells of the shared Int32Array that lie on one line of the cache. */
const CELL = 16;
const [GIVEN, CALL, RUN, STEPS, COUNT, FIRST, WIDTH, PER_SAMPLE] = [0, 1, 2, 3, 4, 5, 6, 7];

export const LEAVE = 0;
export const RUN_STEPS = 1;
export const TRAIN_BATCH = 2;

/** About a tenth of a millisecond: what lies between two calls of a loop that trains. */
const SPINS = 20_000;
const SLEEP_MS = 200;

export const allocateOrders = (workers) => new SharedArrayBuffer(4 * CELL * (workers + 1));

/** Where a worker says whether it is away: 0, as all are in the beginning. */
const standing = (rank) => CELL * (rank + 1);

export class OrderGiver {
  #cells;

  constructor(buffer) {
    this.#cells = new Int32Array(buffer);
  }

  /**
   * Tells all workers that stand by. `of` a batch: how many samples, which is the first that lies in
   * the common memory, how many numbers and targets each has.
   */
  give(call, { run = 0, steps = 0 } = {}, of = { count: 0, first: 0, width: 0, perSample: 0 }) {
    const cells = this.#cells;
    cells[CALL] = call;
    cells[RUN] = run;
    cells[STEPS] = steps;
    cells[COUNT] = of.count;
    cells[FIRST] = of.first;
    cells[WIDTH] = of.width;
    cells[PER_SAMPLE] = of.perSample;
    Atomics.add(cells, GIVEN, 1);
    Atomics.notify(cells, GIVEN);
  }

  /** Whether a message is needed to tell this worker. */
  isAway(rank) {
    return Atomics.load(this.#cells, standing(rank)) === 0;
  }
}

export class OrderTaker {
  #cells;
  #standing;
  #taken = 0;

  constructor(buffer, rank) {
    this.#cells = new Int32Array(buffer);
    this.#standing = standing(rank);
  }

  /** Takes orders until one says to leave, or none comes for a while. */
  standBy(obey) {
    // The message that leads here may speak of an order that was taken without it.
    if (!this.#isNew()) return;
    for (;;) {
      Atomics.store(this.#cells, this.#standing, 1);
      if (!this.#waitForNext()) {
        Atomics.store(this.#cells, this.#standing, 0);
        if (!this.#isNew()) return;
        Atomics.store(this.#cells, this.#standing, 1);
      }
      this.#taken = Atomics.load(this.#cells, GIVEN);
      const order = this.#read();
      if (order.call === LEAVE) break;
      obey(order);
    }
    Atomics.store(this.#cells, this.#standing, 0);
  }

  #isNew() {
    return Atomics.load(this.#cells, GIVEN) !== this.#taken;
  }

  #waitForNext() {
    for (let spin = 0; spin < SPINS; spin++) if (this.#isNew()) return true;
    Atomics.wait(this.#cells, GIVEN, this.#taken, SLEEP_MS);
    return this.#isNew();
  }

  #read() {
    const cells = this.#cells;
    const [call, run, steps] = [cells[CALL], cells[RUN], cells[STEPS]];
    const of = { count: cells[COUNT], first: cells[FIRST], width: cells[WIDTH], perSample: cells[PER_SAMPLE] };
    return { call, run, steps, of };
  }
}
