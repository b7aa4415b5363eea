// onnxruntime-web 1.19, the last that trains. Its graphs are made beforehand by ort_graphs.py; the
// checkpoint there holds zeros, so that it packs into nothing, and the weights are drawn here.
import * as ort from './ort/ort.training.wasm.min.mjs';
import { answer } from './answer.js';

/** Glorot's range for the largest layer, for all: in which order the tensors lie then doesn't matter. */
const RANGE = Math.sqrt(6 / (5408 + 64));

async function unzipped(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
  return new Uint8Array(await new Response(response.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

answer(async ({ threads }) => {
  ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
  ort.env.wasm.numThreads = threads;
  const session = await ort.TrainingSession.create(
    {
      checkpointState: await unzipped('./ort/checkpoint.gz'),
      trainModel: './ort/training_model.onnx',
      evalModel: './ort/eval_model.onnx',
      optimizerModel: './ort/optimizer_model.onnx',
    },
    { executionProviders: ['wasm'] },
  );
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const weights = Float32Array.from({ length: await session.getParametersSize(true) }, () => RANGE * (2 * random() - 1));
  await session.loadParametersBuffer(new Uint8Array(weights.buffer), true);

  const [imagesName, labelsName] = session.trainingInputNames;
  const feeds = (x, labels, n) => ({
    [imagesName]: new ort.Tensor('float32', x.slice(), [n, 1, 28, 28]),
    [labelsName]: new ort.Tensor('int64', BigInt64Array.from(labels, BigInt), [n]),
  });
  return {
    async train(x, labels, n) {
      const results = await session.runTrainStep(feeds(x, labels, n));
      await session.runOptimizerStep();
      await session.lazyResetGrad();
      return results[session.trainingOutputNames[0]].data[0];
    },
    // The logits; softmax of ten classes is nothing beside them.
    async predict(x, n) {
      const results = await session.runEvalStep(feeds(x, new Uint32Array(n), n));
      return results[session.evalOutputNames[1]].data;
    },
  };
});
