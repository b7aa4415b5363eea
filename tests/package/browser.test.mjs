// The package in Chromium: in a module worker, and where the Python sandbox lives, a classic worker
// from a blob URL in an iframe of opaque origin that can fetch nothing.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from '@playwright/test';
import { load } from '../../pkg-config/pkg/index.js';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';
import { SPEC } from './digits.mjs';

// Trains twice on a black image of class 3; gives the weights' hash, to be sent anywhere.
const TRAIN = `
  async function train(engine, spec) {
    const session = engine.createSession(spec, 5);
    session.trainBatch(new Float32Array(784), [3], 2);
    const weights = session.getWeights();
    let hash = 0;
    for (const byte of weights) hash = (Math.imul(hash, 31) + byte) | 0;
    return { variant: engine.variant, hash, length: weights.length };
  }`;

const MODULE_WORKER = `
  import { load } from './index.js';
  ${TRAIN}
  onmessage = async ({ data: { variant, spec } }) => postMessage(await train(await load({ variant }), spec));`;

// Everything arrives as bytes; the two files become modules by way of blob URLs.
const CLASSIC_WORKER = `
  ${TRAIN}
  const asModule = (bytes) => import(URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' })));
  onmessage = async ({ data: { index, glue, wasm, variant, spec } }) => {
    try {
      const { load } = await asModule(index);
      const engine = await load({ variant, source: wasm, glue: () => asModule(glue) });
      const fetched = await fetch('https://example.org/').then(() => 'fetched', () => 'refused');
      postMessage({ ...(await train(engine, spec)), origin: self.origin, fetched });
    } catch (error) {
      postMessage({ error: String(error.stack ?? error) });
    }
  };`;

const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src blob:";
const FRAME = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${POLICY}">
  <script>
    onmessage = ({ data }) => {
      const worker = new Worker(URL.createObjectURL(new Blob([data.script])));
      worker.onmessage = (message) => parent.postMessage(message.data, '*');
      worker.onerror = (error) => parent.postMessage({ error: error.message }, '*');
      worker.postMessage(data.message);
    };
  </script>`;

let folder, server, browser, page;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'danlu-'));
  cpSync(resolve(import.meta.dirname, '../../pkg-config/pkg'), folder, { recursive: true, dereference: true });
  writeFileSync(join(folder, 'worker.js'), MODULE_WORKER);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>package</title>');
  server = await createStaticServer(folder);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  browser = await chromium.launch(launchOptions());
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true });
});

async function inModuleWorker(variant) {
  return page.evaluate(
    ({ variant, spec }) =>
      new Promise((finish, fail) => {
        const worker = new Worker('worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => finish(data);
        worker.onerror = ({ message }) => fail(new Error(message ?? 'the worker did not start'));
        worker.postMessage({ variant, spec });
      }),
    { variant, spec: SPEC },
  );
}

async function inOpaqueOrigin(variant) {
  return page.evaluate(
    async ({ variant, spec, frame, script }) => {
      const bytes = async (name) => (await fetch(name)).arrayBuffer();
      const message = {
        index: await bytes('index.js'),
        glue: await bytes(`danlu_${variant}.js`),
        wasm: await bytes(`danlu_${variant}.wasm`),
        variant,
        spec,
      };
      const iframe = Object.assign(document.createElement('iframe'), { srcdoc: frame });
      iframe.setAttribute('sandbox', 'allow-scripts');
      const answer = new Promise((finish) => addEventListener('message', ({ data }) => finish(data), { once: true }));
      await new Promise((loaded) => {
        iframe.onload = loaded;
        document.body.append(iframe);
      });
      iframe.contentWindow.postMessage({ script, message }, '*');
      return answer;
    },
    { variant, spec: SPEC, frame: FRAME, script: CLASSIC_WORKER },
  );
}

async function inNode(variant) {
  const train = new Function(`${TRAIN}; return train;`)();
  return train(await load({ variant }), SPEC);
}

test('a module worker takes the relaxed variant by itself', async () => {
  const { variant, length } = await inModuleWorker('auto');
  assert.equal(variant, 'relaxed');
  assert.ok(length > 347146 * 4);
});

test('simd trains in a module worker to the bytes that it trains to in Node', async () => {
  assert.deepEqual(await inModuleWorker('simd'), await inNode('simd'));
});

test('a classic worker of opaque origin, which can fetch nothing, trains from bytes to the same', async () => {
  const { origin, fetched, ...result } = await inOpaqueOrigin('simd');
  assert.deepEqual(result, await inNode('simd'));
  assert.deepEqual([origin, fetched], ['null', 'refused']);
});
