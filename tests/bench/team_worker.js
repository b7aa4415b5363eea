// The part of team.mjs that runs in a Web Worker of Chromium.
import { load } from './danlu/index.js';
import { createTeam } from './danlu/team.js';
import { makeData, REFERENCE_LAYERS, WARM_UP_STEPS } from './net.js';

// A stretch is long against a message's way to the team and back, and short against what else the
// machine does.
const STRETCH_SAMPLES = 256;

async function measure({ variant, batch, workers, rounds, ms }) {
  const spec = { model: { input: [28, 28, 1], layers: REFERENCE_LAYERS }, batch_size: batch };
  const { x, labels } = makeData();
  const one = (await load({ variant })).createSession(spec, 1);
  const shared = await createTeam(spec, 1, { variant, workers, shared: true });
  const messages = await createTeam(spec, 1, { variant, workers, shared: false });
  const runs = { one, shared, messages };
  for (const run of Object.values(runs)) {
    await run.setData('train', x, labels);
    await run.runSteps(WARM_UP_STEPS);
  }
  const rates = [];
  for (let round = 0; round < rounds; round++) {
    const round = {};
    for (const [name, run] of Object.entries(runs)) round[name] = await train(run, Math.ceil(STRETCH_SAMPLES / batch), ms);
    rates.push(round);
  }
  const { shards } = shared;
  shared.free();
  messages.free();
  return { rates, shards };
}

/** Samples a second of each stretch of some steps, for about `ms`. */
async function train(run, steps, ms) {
  const rates = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const start = performance.now();
    const { samples } = await run.runSteps(steps);
    rates.push((samples / (performance.now() - start)) * 1000);
  }
  return rates;
}

onmessage = async ({ data }) => {
  try {
    postMessage({ value: await measure(data) });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
