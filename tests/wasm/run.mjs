// Runs the engine's unit tests, compiled to wasm, in headless Chromium: all in simd, and those of the
// kernels, which alone are other code there, in relaxed.
//   cargo run -p packager -- --tests && node tests/wasm/run.mjs [part of a test's name]
// Prints a line per test and closes with 'N passed, N failed'; fails when a test fails or none ran.
import { cpSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { chromiumPath, launchOptions } from '../chromium.mjs';

const SILENCE_MS = 300_000;
/** Workers that share the tests, each a page of its own. */
const PARTS = Number(process.env.JOBS ?? 2);
const folder = resolve(import.meta.dirname, '../../target/wasm-tests');
const filter = process.argv[2] ?? '';
const counts = { passed: 0, failed: 0 };

function report({ name, failure, ms }, variant) {
  if (!name.includes(filter)) return;
  counts[failure === null ? 'passed' : 'failed']++;
  const verdict = failure === null ? 'ok    ' : 'FAILED';
  console.log(`${verdict} ${variant.padEnd(7)} ${name.replace(/^(panicking )?test /, '')} (${Math.round(ms)} ms)`);
  if (failure !== null) console.log(failure.replace(/^/gm, '       '));
}

/** Runs a share of one variant's tests in a worker of `page`; resolves when the worker says it is done. */
async function runPart(page, variant, part) {
  let running = 'the start';
  let listen;
  const done = new Promise((finish, fail) => {
    let clock;
    listen = (message) => {
      clearTimeout(clock);
      if (message.done) return finish();
      if (message.broken) return fail(new Error(`${variant}: ${message.broken}`));
      clock = setTimeout(() => fail(new Error(`${variant}: no end of ${running}`)), SILENCE_MS);
      if (message.begins) running = message.begins;
      else report(message, variant);
    };
  });
  await page.exposeFunction('onWorkerMessage', (message) => listen(message));
  await page.evaluate((url) => {
    const worker = new Worker(url, { type: 'module' });
    worker.onmessage = ({ data }) => window.onWorkerMessage(data);
    worker.onerror = ({ message }) => window.onWorkerMessage({ broken: message ?? 'the worker did not start' });
  }, `worker.js?variant=${variant}&part=${part}&of=${PARTS}`);
  await done;
}

async function main() {
  if (!chromiumPath()) throw new Error('Chromium is missing; run: pkg-config/install.sh chromium');
  for (const [source, copy] of [['worker.js', 'worker.js'], ['plain.js', 'relaxed.js']]) {
    cpSync(resolve(import.meta.dirname, source), resolve(folder, copy));
  }
  writeFileSync(resolve(folder, 'index.html'), '<!doctype html><title>tests</title>');
  const server = await createStaticServer(folder);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await chromium.launch(launchOptions());
  try {
    for (const variant of ['simd', 'relaxed']) {
      const parts = Array.from({ length: PARTS }, async (_, part) => {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        await runPart(page, variant, part);
        await page.close();
      });
      await Promise.all(parts);
    }
  } finally {
    await browser.close();
    server.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  counts.failed++;
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
