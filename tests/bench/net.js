// What the benchmarks train, and on what.
export const REFERENCE_LAYERS = [
  { type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' },
  { type: 'max_pool2d', size: [2, 2] },
  { type: 'flatten' },
  { type: 'dense', units: 64, activation: 'relu' },
  { type: 'dense', units: 10, activation: 'softmax' },
];
const SAMPLES = 2048;
export const WARM_UP_STEPS = 80;

/** Images of noise with a bright band whose height tells the class; the same in every run. */
export function makeData() {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Uint32Array.from({ length: SAMPLES }, (_, i) => i % 10);
  const x = Float32Array.from({ length: SAMPLES * 784 }, (_, i) => {
    const row = Math.floor((i % 784) / 28);
    const bright = Math.floor(row / 3) === labels[Math.floor(i / 784)];
    return 0.6 * random() + (bright ? 0.4 : 0);
  });
  return { x, labels };
}
