// One worker of a team: an engine and a session of its own. It does what team.js asks of it, one
// call after another; only `stop` and `lost` are heard between a run's steps.
import { MessageExchange, SharedExchange } from './exchange.js';
import { DanluError, load } from './index.js';

let port;
let engine;
let session;
let exchange;
let calls = Promise.resolve();

const handlers = {
  async open({ variant, module, spec, seed, team }) {
    engine = await load({ variant, source: module });
    session = engine.createSession(spec, seed, team);
    const ofEach = (length) => Array.from({ length: team.workers }, (_, rank) => session.guard((raw) => length(raw, rank)));
    const lengths = ofEach((raw, rank) => raw.ownedLength(rank));
    const squares = ofEach((raw, rank) => raw.squaresLength(rank));
    const { parameterCount, takesLabels } = session;
    return { layers: session.layers(), parameterCount, takesLabels, lengths, squares };
  },
  link(options) {
    exchange = options.memory ? new SharedExchange(options) : new MessageExchange(options);
  },
  runSteps: ({ run, steps }) => train(run, steps, (raw) => raw.beginStep()),
  trainBatch: ({ run, steps, x, labels }) =>
    train(run, steps, (raw) =>
      labels instanceof Float32Array ? raw.beginStepOnValues(x, labels) : raw.beginStepOn(x, labels),
    ),
  checkpointPart: () => session.guard((raw) => raw.checkpointPart()),
  joinCheckpoints: (parts) => engine.guard(() => engine.raw.joinCheckpoints(parts)),
  // For a test of ours: a fault in the engine, in a worker.
  panic: ({ message }) => engine.guard(() => engine.raw.panic(message)),
};

/** `steps` steps, or fewer where the run is stopped. Those before a failure stay done. */
async function train(run, steps, begin) {
  try {
    for (let step = 0; step < steps; step++) {
      session.guard(begin);
      let last = session.guard((raw) => exchange.step(raw, run));
      // Only messages need turns of the event loop.
      if (last instanceof Promise) last = await session.guard(() => last);
      if (last) break;
    }
  } catch (error) {
    if (!engine.poisoned) session.guard((raw) => raw.abandonStep());
    throw error;
  }
  return session.guard((raw) => raw.takeReport());
}

async function answer({ id, call, args }) {
  try {
    const handler = handlers[call];
    const value = handler ? await handler(...args) : session[call](...args);
    port.postMessage({ id, value });
  } catch (error) {
    const known = error instanceof DanluError;
    const { message, code, fields } = known ? error : { message: String(error?.stack ?? error) };
    port.postMessage({ id, error: { message, code, fields } });
  }
}

function hear({ data }) {
  if (data.call === 'stop') exchange.stop(data.run);
  else if (data.call === 'lost') exchange?.markLost(data.worker);
  else calls = calls.then(() => answer(data));
}

function connect(to) {
  port = to;
  port.onmessage = hear;
}

if (typeof WorkerGlobalScope === 'undefined') {
  const threads = 'node:worker_threads';
  import(/* @vite-ignore */ threads).then(({ parentPort }) => connect(parentPort));
} else {
  connect(self);
}
