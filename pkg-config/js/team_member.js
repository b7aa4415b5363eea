// One worker of a team: an engine, a session, and its end of the exchange. It lives in a thread of its
// own (team_worker.js) or in that of a caller who joins (join.js).
import { MessageExchange, SharedExchange } from './exchange.js';
import { load } from './index.js';

export class TeamMember {
  #engine;
  #session;
  #exchange;
  #calls = {
    open: (options) => this.#open(options),
    link: (options) => this.#link(options),
    runSteps: ({ run, steps }) => this.#train(run, steps, (raw) => raw.beginStep()),
    trainBatch: ({ run, steps, x, labels }) =>
      this.#train(run, steps, (raw) =>
        labels instanceof Float32Array ? raw.beginStepOnValues(x, labels) : raw.beginStepOn(x, labels),
      ),
    trainOwn: ({ run, steps, count, x, labels }) =>
      this.#train(run, steps, (raw) =>
        labels instanceof Float32Array
          ? raw.beginStepOnOwnValues(count, x, labels)
          : raw.beginStepOnOwn(count, x, labels),
      ),
    checkBatch: (x, labels) =>
      this.#session.guard((raw) =>
        labels instanceof Float32Array ? raw.checkBatchOfValues(x, labels) : raw.checkBatch(x, labels),
      ),
    ownSamples: (count) => this.#session.guard((raw) => raw.ownSamples(count)),
    checkpointPart: () => this.#session.guard((raw) => raw.checkpointPart()),
    joinCheckpoints: (parts) => this.#engine.guard(() => this.#engine.raw.joinCheckpoints(parts)),
    // For a test of ours: a fault in the engine, in a worker.
    panic: ({ message }) => this.#engine.guard(() => this.#engine.raw.panic(message)),
  };

  /** What is answered to a call of these, or of the session's; or a promise of it. */
  perform(call, args) {
    const own = this.#calls[call];
    return own ? own(...args) : this.#session[call](...args);
  }

  get exchange() {
    return this.#exchange;
  }

  free() {
    this.#session?.free();
  }

  async #open({ variant, module, spec, seed, team }) {
    this.#engine = await load({ variant, source: module });
    const session = this.#engine.createSession(spec, seed, team);
    this.#session = session;
    const ofEach = (length) => Array.from({ length: team.workers }, (_, rank) => session.guard((raw) => length(raw, rank)));
    const lengths = ofEach((raw, rank) => raw.ownedLength(rank));
    const squares = ofEach((raw, rank) => raw.squaresLength(rank));
    const { parameterCount, takesLabels } = session;
    return { layers: session.layers(), parameterCount, takesLabels, lengths, squares };
  }

  #link(options) {
    this.#exchange = options.memory ? new SharedExchange(options) : new MessageExchange(options);
  }

  /** `steps` steps, or fewer where the run is stopped. Those before a failure stay done. */
  #train(run, steps, begin) {
    // Only messages need turns of the event loop.
    if (this.#exchange instanceof MessageExchange) return this.#trainInTurns(run, steps, begin);
    try {
      for (let step = 0; step < steps; step++) {
        this.#session.guard(begin);
        if (this.#session.guard((raw) => this.#exchange.step(raw, run))) break;
      }
    } catch (error) {
      throw this.#abandon(error);
    }
    return this.#report();
  }

  async #trainInTurns(run, steps, begin) {
    try {
      for (let step = 0; step < steps; step++) {
        this.#session.guard(begin);
        const last = this.#session.guard((raw) => this.#exchange.step(raw, run));
        if (await this.#session.guard(() => last)) break;
      }
    } catch (error) {
      throw this.#abandon(error);
    }
    return this.#report();
  }

  #abandon(error) {
    if (!this.#engine.poisoned) this.#session.guard((raw) => raw.abandonStep());
    return error;
  }

  #report() {
    return this.#session.guard((raw) => raw.takeReport());
  }
}
