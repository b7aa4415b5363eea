// What the benchmarks train and run, and on what: read by Node and by the page's workers.

const conv = (filters, padding) => ({ type: 'conv2d', filters, kernel: [3, 3], padding, activation: 'relu' });
const pool = { type: 'max_pool2d', size: [2, 2] };
const classes = { type: 'dense', units: 10, activation: 'softmax' };

/** Of VGG16's five blocks: how many convolutions, with how many filters. */
const VGG16_BLOCKS = [
  [2, 64],
  [2, 128],
  [3, 256],
  [3, 512],
  [3, 512],
];

export const MODELS = {
  /** The net that every page of the project trains first. */
  reference: {
    input: [28, 28, 1],
    layers: [conv(32, 'valid'), pool, { type: 'flatten' }, { type: 'dense', units: 64, activation: 'relu' }, classes],
  },
  /** One that no kernel was written for. */
  deeper: {
    input: [32, 32, 3],
    layers: [conv(32, 'same'), conv(64, 'same'), pool, conv(64, 'same'), { type: 'global_avg_pool2d' }, classes],
  },
  /** VGG16 without its classifier. A run must end in classes: these ten are a millionth of the work. */
  vgg16: {
    input: [224, 224, 3],
    layers: [
      ...VGG16_BLOCKS.flatMap(([count, filters]) => [...Array(count).fill({ ...conv(filters, 'same'), init: 'he_uniform' }), pool]),
      { type: 'global_avg_pool2d' },
      classes,
    ],
  },
};

/** The first steps are slow while the browser still compiles. */
export const WARM_UP_STEPS = 80;

/** Images of noise with a bright band whose height tells the class; the same in every run. */
export function makeData([height, width, channels], samples) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Uint32Array.from({ length: samples }, (_, i) => i % 10);
  const size = height * width * channels;
  const x = Float32Array.from({ length: samples * size }, (_, i) => {
    const row = Math.floor((i % size) / (width * channels));
    const bright = Math.floor((row * 10) / height) === labels[Math.floor(i / size)];
    return 0.6 * random() + (bright ? 0.4 : 0);
  });
  return { x, labels };
}
