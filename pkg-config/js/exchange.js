// How the workers of a team hand each other gradients and parameters in a step: through shared
// memory, or by messages where there is none. Both give the same numbers; train/member.rs of the
// engine says what a step is.
//
// A worker that is lost must not leave the others waiting. They see it by a flag (the team's owner
// hears of most deaths) or by patience. A step is ended by all or by none: a worker waits for
// another until this one has done its part or is lost itself.
import { DanluError } from './index.js';
import { allocateOrders } from './orders.js';

/** In the shared Int32Array: workers' cells lie on cache lines of their own. */
const CELL = 16;
const PHASE = 0; // How far a worker has come; others wait on it.
const LOST = 1; // 1: nobody need wait for it.
// Behind the workers' cells.
const STOP = 0; // The number of the last run that shall end early.
const LAST = 1; // 1: the first worker makes this step the run's last.

// A worker that is nearly done is not worth sleeping for: about a tenth of a millisecond. A fifth of
// that costs 5 % of the speed at batch 32, five times as much gains nothing.
const SPINS = 20_000;
const NAP_MS = 100;

export const lost = (worker, reason) =>
  new DanluError(`worker ${worker} of the team is lost: ${reason}`, 'worker_lost', { worker, reason });

const sum = (lengths) => lengths.reduce((total, length) => total + length, 0);

/**
 * The shared memory of a team. `lengths[rank]`: how many parameters each worker owns; `squares[rank]`: how many
 * numbers of these the others need for clipping, which costs a meeting more; 0 without it.
 */
export function allocate(lengths, squares) {
  const workers = lengths.length;
  const total = sum(lengths);
  return {
    control: new SharedArrayBuffer(4 * CELL * (workers + 1)),
    scores: new SharedArrayBuffer(16 * workers),
    gradients: lengths.map(() => new SharedArrayBuffer(4 * total)),
    parameters: new SharedArrayBuffer(4 * total),
    squares: new SharedArrayBuffer(8 * sum(squares)),
    orders: allocateOrders(workers),
  };
}

/** Says in shared memory that `worker` is lost, and wakes who waits for it. */
export function markLost(memory, worker) {
  const control = new Int32Array(memory.control);
  Atomics.store(control, CELL * worker + LOST, 1);
  Atomics.notify(control, CELL * worker + PHASE);
}

/** Asks run number `run`, and those before it, to end after the present step. */
export function askStop(memory, run) {
  const control = new Int32Array(memory.control);
  Atomics.store(control, control.length - CELL + STOP, run);
}

/** By shared memory: everything is written, then all meet, then everything is read. */
export class SharedExchange {
  #rank;
  #others;
  #control;
  #common;
  #scores;
  #gradientsTo;
  #gradientsFrom;
  #parameters;
  #squares;
  #phase = 0;
  #naps;

  constructor({ rank, lengths, squares, memory, patience_ms }) {
    const start = (lengths, owner) => sum(lengths.slice(0, owner));
    const part = (buffer, owner) => new Float32Array(buffer, 4 * start(lengths, owner), lengths[owner]);
    this.#rank = rank;
    this.#others = lengths.map((_, worker) => worker).filter((worker) => worker !== rank);
    this.#control = new Int32Array(memory.control);
    this.#common = CELL * lengths.length;
    this.#scores = lengths.map((_, worker) => new Float64Array(memory.scores, 16 * worker, 2));
    this.#gradientsTo = lengths.map((_, worker) => part(memory.gradients[rank], worker));
    this.#gradientsFrom = lengths.map((_, worker) => part(memory.gradients[worker], rank));
    this.#parameters = lengths.map((_, worker) => part(memory.parameters, worker));
    const clips = sum(squares) > 0;
    const square = (worker) => new Float64Array(memory.squares, 8 * start(squares, worker), squares[worker]);
    this.#squares = clips ? lengths.map((_, worker) => square(worker)) : null;
    // Naps are counted, not the clock: a machine that sleeps loses no worker.
    this.#naps = Math.max(1, Math.ceil(patience_ms / NAP_MS));
  }

  /** The rest of a step that `raw` has begun; gives whether it is the run's last. */
  step(raw, run) {
    for (const worker of this.#others) raw.writeGradient(worker, this.#gradientsTo[worker]);
    raw.writeScore(this.#scores[this.#rank]);
    if (this.#rank === 0) {
      const stopped = Atomics.load(this.#control, this.#common + STOP) >= run;
      Atomics.store(this.#control, this.#common + LAST, Number(stopped));
    }
    this.#meet();
    const last = Atomics.load(this.#control, this.#common + LAST) === 1;
    for (const worker of this.#others) {
      raw.readGradient(worker, this.#gradientsFrom[worker], this.#scores[worker]);
    }
    raw.sumGradients();
    if (this.#squares) {
      raw.writeSquares(this.#squares[this.#rank]);
      this.#meet();
      for (const worker of this.#others) raw.readSquares(worker, this.#squares[worker]);
    }
    raw.update();
    raw.writeParameters(this.#rank, this.#parameters[this.#rank]);
    this.#meet();
    for (const worker of this.#others) raw.readParameters(worker, this.#parameters[worker]);
    raw.endStep();
    return last;
  }

  #meet() {
    this.#phase = (this.#phase + 1) | 0;
    const own = CELL * this.#rank;
    Atomics.store(this.#control, own + PHASE, this.#phase);
    Atomics.notify(this.#control, own + PHASE);
    for (const worker of this.#others) this.#waitFor(worker);
  }

  #waitFor(worker) {
    const cell = CELL * worker;
    // The difference, so that the count may overflow.
    const arrived = () => ((Atomics.load(this.#control, cell + PHASE) - this.#phase) | 0) >= 0;
    for (let spin = 0; spin < SPINS; spin++) if (arrived()) return;
    for (let nap = 0; nap < this.#naps; nap++) {
      const seen = Atomics.load(this.#control, cell + PHASE);
      if (arrived()) return;
      if (Atomics.load(this.#control, cell + LOST) === 1) throw lost(worker, 'it ended');
      Atomics.wait(this.#control, cell + PHASE, seen, NAP_MS);
    }
    if (!arrived()) throw lost(worker, 'it is silent');
  }
}

/** By messages: a port to each other worker. */
export class MessageExchange {
  #rank;
  #lengths;
  #squares;
  #peers;
  #stop = 0;
  #patience_ms;

  constructor({ rank, lengths, squares, ports, patience_ms }) {
    this.#rank = rank;
    this.#lengths = lengths;
    this.#squares = sum(squares) > 0 ? squares[rank] : null;
    this.#patience_ms = patience_ms;
    this.#peers = ports.map((port, worker) => (port ? new Peer(worker, port) : null)).filter(Boolean);
  }

  stop(run) {
    this.#stop = run;
  }

  markLost(worker) {
    this.#peers.find((peer) => peer.worker === worker)?.fail('it ended');
  }

  async step(raw, run) {
    if (this.#peers.length === 0) await turn();
    const score = new Float64Array(2);
    raw.writeScore(score);
    const stopped = this.#stop >= run;
    for (const peer of this.#peers) {
      const gradient = peer.box(this.#lengths[peer.worker]);
      raw.writeGradient(peer.worker, gradient);
      peer.send({ values: gradient, score, last: stopped });
    }
    const gradients = await this.#receiveAll();
    const last = this.#rank === 0 ? stopped : gradients[0].last;
    for (const [at, { worker }] of this.#peers.entries()) {
      raw.readGradient(worker, gradients[at].values, gradients[at].score);
    }
    raw.sumGradients();
    if (this.#squares !== null) {
      for (const peer of this.#peers) {
        const squares = new Float64Array(this.#squares);
        raw.writeSquares(squares);
        peer.send({ values: squares });
      }
      const squares = await this.#receiveAll();
      for (const [at, { worker }] of this.#peers.entries()) raw.readSquares(worker, squares[at].values);
    }
    raw.update();
    for (const [at, peer] of this.#peers.entries()) {
      // What came goes back as the box of what is sent: nothing is allocated in a long run.
      const parameters = gradients[at].values;
      raw.writeParameters(this.#rank, parameters);
      peer.send({ values: parameters });
    }
    const parameters = await this.#receiveAll();
    for (const [at, peer] of this.#peers.entries()) {
      raw.readParameters(peer.worker, parameters[at].values);
      peer.keep(parameters[at].values);
    }
    raw.endStep();
    return last;
  }

  /** The next message of each other worker, in their order. */
  async #receiveAll() {
    let tired;
    const patience = new Promise((_, reject) => {
      tired = setTimeout(() => {
        const silent = this.#peers.find((peer) => peer.waiting);
        if (silent) reject(lost(silent.worker, 'it is silent'));
      }, this.#patience_ms);
    });
    try {
      return await Promise.race([Promise.all(this.#peers.map((peer) => peer.receive())), patience]);
    } finally {
      clearTimeout(tired);
    }
  }
}

/** Lets other messages be heard, which without a peer to wait for would never be. */
function turn() {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** The other end of one port. */
class Peer {
  #port;
  #arrived = [];
  #waiting = null;
  #failure = null;
  #box = null;

  constructor(worker, port) {
    this.worker = worker;
    this.#port = port;
    port.onmessage = ({ data }) => {
      this.#arrived.push(data);
      this.#waiting?.();
    };
  }

  get waiting() {
    return this.#waiting !== null;
  }

  /** An array to fill and send: the one kept, or a new one. */
  box(length) {
    const box = this.#box ?? new Float32Array(length);
    this.#box = null;
    return box;
  }

  keep(box) {
    this.#box = box;
  }

  send(message) {
    this.#port.postMessage(message, [message.values.buffer]);
  }

  /** What has arrived counts even when its sender is lost by now. */
  receive() {
    return new Promise((resolve, reject) => {
      this.#waiting = () => {
        if (this.#arrived.length > 0) resolve(this.#arrived.shift());
        else if (this.#failure) reject(this.#failure);
        else return;
        this.#waiting = null;
      };
      this.#waiting();
    });
  }

  fail(reason) {
    this.#failure = lost(this.worker, reason);
    this.#waiting?.();
  }
}
