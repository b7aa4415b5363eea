// What the lab's default views cost: npx vitest bench --config www/vite.config.ts --run workers/lab
import { load } from 'danlu';
import { bench, describe } from 'vitest';
import { Shelf } from './data.ts';
import { Lab } from './lab.ts';
import type { Dataset, LabSpec } from './protocol.ts';

const engine = await load({ variant: 'simd' });
const count = 3200;
const x = Float32Array.from({ length: count * 784 }, (_, at) => ((at * 2654435761) % 997) / 997);
const labels = Uint32Array.from({ length: count }, (_, at) => at % 10);
const part = { count, x, labels };
const held = { count: 100, x: x.slice(0, 100 * 784), labels: labels.slice(0, 100) };
const dataset: Dataset = { ref: { name: 'noise', hash: 'n' }, shape: [28, 28, 1], classes: Array.from({ length: 10 }, (_, at) => String(at)), train: part, heldOut: held };

const end = [{ type: 'flatten' }, { type: 'dense', units: 64, activation: 'relu' }, { type: 'dense', units: 10, activation: 'softmax' }] as const;
const models: Record<'article' | 'mlp', LabSpec['model']> = {
  article: { input: [28, 28, 1], layers: [{ type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' }, { type: 'max_pool2d', size: [2, 2] }, ...end] },
  mlp: { input: [28, 28, 1], layers: [...end] },
};

/** Three hundred batches, with the views open or closed. */
async function train(name: keyof typeof models, open: boolean) {
  const shelf = new Shelf(() => Promise.reject(new Error('no digits here')));
  shelf.give(dataset);
  const lab = new Lab(async () => engine, shelf, () => {});
  await lab.perform({ id: 1, call: 'watch', ask: { view: open ? { layer: null, sample: 0 } : null } });
  const spec: LabSpec = { data: dataset.ref, model: models[name], strategy: { epochs: 3, batch_size: 32 }, seed: 1, exact: true };
  await lab.perform({ id: 2, call: 'start', ask: { run: 'bench', spec } });
  while (lab.busy) lab.advance();
}

for (const name of ['article', 'mlp'] as const) {
  describe(name, () => {
    bench('views closed', () => train(name, false), { iterations: 3, warmupIterations: 1, time: 0 });
    bench('views open', () => train(name, true), { iterations: 3, warmupIterations: 1, time: 0 });
  });
}
