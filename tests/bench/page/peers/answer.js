// What every peer is asked: to train on a batch, to predict one. Messages as in ../worker.js.
import { makeData, MODELS, WARM_UP_STEPS } from '../nets.js';

const SAMPLES = 1024;
/** A slow peer is warm sooner. */
const WARM_UP_MS = 1000;

const { x, labels } = makeData(MODELS.reference.input, SAMPLES);
const size = x.length / SAMPLES;

/** `open(options)` gives { train(x, labels, n), predict(x, n) }, both of which may be async. */
export function answer(open) {
  let peer;
  let at = 0;
  const next = (batch) => {
    if (at + batch > SAMPLES) at = 0;
    const range = [at, at + batch];
    at += batch;
    return [x.subarray(range[0] * size, range[1] * size), labels.subarray(...range), batch];
  };
  const steps = {
    train: (batch) => peer.train(...next(batch)),
    predict: (batch) => {
      const [images, , n] = next(batch);
      return peer.predict(images, n);
    },
  };
  const warm = new Set();

  /** Seconds of each step, for about `ms` and at least one. */
  async function measure(call, batch, ms) {
    const key = `${call} ${batch}`;
    if (!warm.has(key)) {
      const end = performance.now() + WARM_UP_MS;
      for (let step = 0; step < WARM_UP_STEPS && performance.now() < end; step++) await steps[call](batch);
      warm.add(key);
    }
    const seconds = [];
    const end = performance.now() + ms;
    do {
      const start = performance.now();
      await steps[call](batch);
      seconds.push((performance.now() - start) / 1000);
    } while (performance.now() < end);
    return seconds;
  }

  onmessage = async ({ data: { id, call, batch, ms, ...options } }) => {
    try {
      if (call === 'open') {
        peer = await open(options);
        await steps.train(32);
        postMessage({ id, value: null });
      } else {
        postMessage({ id, value: await measure(call, batch, ms) });
      }
    } catch (error) {
      postMessage({ id, error: String(error?.stack ?? error) });
    }
  };
}
