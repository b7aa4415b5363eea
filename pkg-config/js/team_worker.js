// One worker of a team in its thread. It does what team.js asks of it, one call after another; only
// `stop` and `lost` are heard between a run's steps. Where the caller joins the team, it also obeys
// orders (orders.js).
import { markLost } from './exchange.js';
import { DanluError } from './index.js';
import { OrderTaker, RUN_STEPS } from './orders.js';
import { TeamMember } from './team_member.js';

const member = new TeamMember();
let port;
let calls = Promise.resolve();
/** What a caller who joins has given: the orders' memory, and that of batches. */
let joined;
let stage;

const handlers = {
  standBy({ rank, memory }) {
    joined = { rank, memory, taker: new OrderTaker(memory.orders, rank) };
  },
  stage({ x, labels }) {
    stage = { x, labels };
  },
};

async function answer({ id, call, args }) {
  try {
    const handler = handlers[call];
    const value = handler ? handler(...args) : await member.perform(call, args);
    port.postMessage({ id, value });
  } catch (error) {
    const known = error instanceof DanluError;
    const { message, code, fields } = known ? error : { message: String(error?.stack ?? error) };
    port.postMessage({ id, error: { message, code, fields } });
  }
}

function obey({ call, run, steps, of }) {
  try {
    if (call === RUN_STEPS) member.perform('runSteps', [{ run, steps }]);
    else trainOwn(run, steps, of);
  } catch (error) {
    // The caller makes the same mistakes, and hears by itself of workers that are lost.
    if (error instanceof DanluError && error.code !== 'engine_panic') return;
    markLost(joined.memory, joined.rank);
    throw error;
  }
}

/** Trains on this worker's samples of the batch that lies in the common memory. */
function trainOwn(run, steps, { count, first, width, perSample }) {
  const [start, end] = member.perform('ownSamples', [count]);
  const part = (all, each) => all.subarray((start - first) * each, (end - first) * each);
  const [x, labels] = [part(stage.x, width), part(stage.labels, perSample)];
  member.perform('trainOwn', [{ run, steps, count, x, labels }]);
}

function hear({ data }) {
  if (data.call === 'stop') member.exchange.stop(data.run);
  else if (data.call === 'lost') member.exchange?.markLost(data.worker);
  else if (data.call === 'orders') calls = calls.then(() => joined.taker.standBy(obey));
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
