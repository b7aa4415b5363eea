/*peer {"lib": "danlu", "static": {"/danlu/": "$DANLU_PKG/"},
  "variants": [
    {"id": "danlu-relaxed-1", "label": "danlu relaxed, 1 worker", "params": {"variant": "relaxed", "workers": 1}},
    {"id": "danlu-simd-1", "label": "danlu simd, 1 worker", "params": {"variant": "simd", "workers": 1}},
    {"id": "danlu-relaxed-2", "label": "danlu relaxed, 2 workers", "params": {"variant": "relaxed", "workers": 2}},
    {"id": "danlu-simd-2", "label": "danlu simd, 2 workers", "params": {"variant": "simd", "workers": 2}}]} */
// Danlu as a contender of the benchmark that the project's repositories share; see README.md beside this folder.

const SPEC = {
  model: {
    input: [28, 28, 1],
    layers: [
      { type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' },
      { type: 'max_pool2d', size: [2, 2] },
      { type: 'flatten' },
      { type: 'dense', units: 64, activation: 'relu' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', learning_rate: 0.001 },
  batch_size: 32,
};
const SEED = 1;

/**
 * A session and a team are asked alike; a team answers by promises. The benchmark asks from a worker, which joins
 * the team: as onnxruntime-web's, one of two threads is the one that calls.
 */
export async function create({ variant, workers }) {
  const run =
    workers === 1
      ? (await (await import('/danlu/index.js')).load({ variant })).createSession(SPEC, SEED)
      : await (await import('/danlu/team.js')).createTeam(SPEC, SEED, { variant, workers, joins: true });
  return {
    info: { variant, workers, shared: run.shared ?? null },
    train: async (x, y) => (await run.trainBatch(x, y)).loss,
    infer: (x) => run.predict(x),
  };
}
