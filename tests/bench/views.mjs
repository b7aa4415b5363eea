// What the lab's default views cost while a network trains, drawing and all: the built page in headless Chromium, the
// same run with the views open and closed, in turn. Training is to keep at least 90 % of its speed.
//
//   node tests/bench/views.mjs [--rounds 7] [--epochs 4] [--dist www/dist]
//
// Needs `make site`. Exit code 1 where the share of the medians is under the goal.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';
import { median } from './statistics.mjs';

const GOAL = 0.9;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    epochs: { type: 'string', default: '4' },
    dist: { type: 'string', default: resolve(import.meta.dirname, '../../www/dist') },
  },
});
const rounds = Number(values.rounds);

const server = await createStaticServer(values.dist);
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1440, height: 1000 }, serviceWorkers: 'block' });
await page.goto(`http://127.0.0.1:${server.address().port}/#/lab/runs`);

const train = page.getByRole('button', { name: /^Train \d+ epochs?$/ });
const pause = page.getByRole('button', { name: 'Pause', exact: true });
const views = page.locator('section[aria-labelledby=lab-views] details').first();

/** What the newest run that is kept says of itself. */
const newest = () =>
  page.evaluate(async () => {
    const opened = indexedDB.open('danlu-lab');
    await new Promise((done) => (opened.onsuccess = done));
    const asked = opened.result.transaction('runs').objectStore('runs').getAll();
    await new Promise((done) => (asked.onsuccess = done));
    opened.result.close();
    return asked.result.toSorted((a, b) => a.number - b.number).at(-1);
  });

/** Steps a second by the clock on the wall, from the first word of training to the end. */
async function pace(open) {
  if ((await views.count()) > 0 && (await views.evaluate((details) => details.open)) !== open) {
    await views.locator('summary').first().click();
  }
  await train.click();
  await pause.waitFor();
  const begun = performance.now();
  await train.waitFor({ timeout: 300_000 });
  const seconds = (performance.now() - begun) / 1000;
  const run = await newest();
  if (run.state !== 'complete') throw new Error(`the run ended as ${run.state}`);
  return run.total_steps / seconds;
}

await page.getByLabel('Epochs', { exact: true }).fill(values.epochs);
await pace(true); // The engine starts, the first panels are laid out.
await pace(false);
const paces = { open: [], closed: [] };
for (let round = 0; round < rounds; round += 1) {
  // Whichever comes first has the cooler machine.
  const order = round % 2 === 0 ? ['open', 'closed'] : ['closed', 'open'];
  for (const which of order) paces[which].push(await pace(which === 'open'));
}
await browser.close();
server.close();

const share = median(paces.open) / median(paces.closed);
const pairs = paces.open.map((value, at) => value / paces.closed[at]);
const list = (numbers) => numbers.map((value) => value.toFixed(0)).join(' ');
console.log(`views closed  ${median(paces.closed).toFixed(0)} steps/s  (${list(paces.closed)})`);
console.log(`views open    ${median(paces.open).toFixed(0)} steps/s  (${list(paces.open)})`);
console.log(`share of the medians ${share.toFixed(3)}, of pairs ${pairs.map((value) => value.toFixed(2)).join(' ')}; goal ${GOAL}`);
process.exitCode = share >= GOAL ? 0 : 1;
