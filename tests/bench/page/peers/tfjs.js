// TensorFlow.js on one of its backends.
import './tfjs/tf.min.js';
import './tfjs/tf-backend-wasm.min.js';
import { answer } from './answer.js';

const { tf } = globalThis;

/**
 * The wasm backend as published can't train a convolution: it has no kernel for the gradient of its
 * weights. This is what a user would write: for each place of the kernel the matching part of the
 * images, and one product with dy.
 */
function registerConvolutionGradient() {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc({ inputs, attrs: { filterShape } }) {
      const engine = tf.engine();
      const [kernelHeight, kernelWidth, channels, filters] = filterShape;
      return tf.tidy(() => {
        const [x, dy] = [inputs.x, inputs.dy].map((info) => engine.makeTensorFromTensorInfo(info));
        const [n, height, width] = dy.shape;
        const places = Array.from({ length: kernelHeight * kernelWidth }, (_, place) => {
          const from = [0, Math.floor(place / kernelWidth), place % kernelWidth, 0];
          return x.slice(from, [n, height, width, channels]).reshape([-1, channels]);
        });
        return tf.matMul(tf.concat(places, 1), dy.reshape([-1, filters]), true).reshape(filterShape);
      });
    },
  });
}

/** How many processors the wasm backend is told of: it takes at most half of them. */
function pretendProcessors(count) {
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: count });
}

answer(async ({ backend, threads }) => {
  if (backend === 'wasm') {
    tf.wasm.setWasmPaths(new URL('./tfjs/', import.meta.url).href);
    pretendProcessors(2 * threads);
    if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    else tf.wasm.setThreadsCount(threads);
    registerConvolutionGradient();
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js: no ${backend} backend here`);
  await tf.ready();

  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy' });
  return {
    async train(x, labels, n) {
      const images = tf.tensor4d(x, [n, 28, 28, 1]);
      const wanted = tf.tidy(() => tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10).toFloat());
      const loss = await model.trainOnBatch(images, wanted);
      tf.dispose([images, wanted]);
      return loss;
    },
    async predict(x, n) {
      const answered = tf.tidy(() => model.predictOnBatch(tf.tensor4d(x, [n, 28, 28, 1])));
      const probabilities = await answered.data();
      answered.dispose();
      return probabilities;
    },
  };
});
