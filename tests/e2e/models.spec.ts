// Runs that outlive their tab, and models as files to and from other libraries.
import { readFileSync } from 'node:fs';
import { expect, say, saying, sideways, test, violations, type Page } from './danlu.ts';

const button = (page: Page, key: string) => page.getByRole('button', { name: say(key), exact: true });
const train = (page: Page) => page.getByRole('button', { name: saying('lab.train') });

interface Kept {
  id: string;
  state: string;
  hash?: string;
  total_steps: number;
  steps_per_epoch: number;
  checkpoint?: { step: number };
}

/** What this browser keeps of each run, first to last. */
async function kept(page: Page): Promise<Kept[]> {
  return page.evaluate(async () => {
    const opened = indexedDB.open('danlu-lab');
    await new Promise((resolve) => { opened.onsuccess = resolve; });
    const asked = opened.result.transaction('runs').objectStore('runs').getAll();
    await new Promise((resolve) => { asked.onsuccess = resolve; });
    opened.result.close();
    return asked.result.sort((a, b) => a.number - b.number);
  });
}

async function openRuns(page: Page, epochs: number) {
  await page.goto('./#/lab/runs');
  await page.getByLabel(say('lab.epochs'), { exact: true }).fill(String(epochs));
  await expect(page.getByRole('button', { name: say('lab.train', 'en', { epochs }) })).toBeEnabled();
}

const complete = (page: Page, count: number) =>
  expect.poll(async () => (await kept(page)).map(({ state }) => state), { timeout: 150_000 }).toEqual(Array(count).fill('complete'));

test('a tab that is killed in mid-epoch goes on to the very bits of a run that never stopped', async ({ context, page }) => {
  await openRuns(page, 3);
  await train(page).click();
  await complete(page, 1);
  const [whole] = await kept(page);
  expect(whole!.hash).toMatch(/^[0-9a-f]{64}$/);

  await train(page).click();
  // A pause writes the run down, as the clock does every two seconds; which of them comes first is the machine's affair.
  await button(page, 'lab.pause').click();
  const written = async () => (await kept(page)).find(({ state }) => state === 'open')?.checkpoint?.step;
  await expect.poll(written).toBeDefined();
  // It may have paused before its first batch, or where an epoch ends.
  while ((await written())! % whole!.steps_per_epoch === 0) {
    await button(page, 'lab.resume').click();
    await page.waitForTimeout(100);
    await button(page, 'lab.pause').click();
    await page.waitForTimeout(500);
  }
  await button(page, 'lab.resume').click();
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {}); // It never answers.
  await page.waitForEvent('crash');

  const next = await context.newPage();
  await next.goto('./#/lab/runs');
  await expect(next.getByText(saying('models.interrupted-one'))).toBeVisible();
  const [, left] = await kept(next);
  expect(left!.checkpoint!.step % left!.steps_per_epoch).not.toBe(0);
  expect(left!.checkpoint!.step).toBeLessThan(left!.total_steps);
  await button(next, 'models.go-on').click();
  await complete(next, 2);
  const [, again] = await kept(next);
  expect(again!.id).toBe(left!.id);
  expect(again!.hash).toBe(whole!.hash);
  await expect(next.getByText(saying('models.interrupted-one'))).toBeHidden();
});

test('a full disk is told and the run goes on; its model leaves as a file and comes back', async ({ page }) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
      if (this.name === 'checkpoints') throw new DOMException('', 'QuotaExceededError');
      return put.call(this, value, key);
    };
  });
  await openRuns(page, 2);
  await train(page).click();
  await button(page, 'lab.pause').click();
  await expect(page.getByText(say('models.full'))).toBeVisible();
  await button(page, 'lab.resume').click();
  await complete(page, 1);

  await page.goto('./#/lab/models');
  const format = page.getByLabel(say('models.format-for').replace('{name}', say('models.run').replace('{number}', '1')));
  await format.selectOption(say('models.format-onnx'));
  const [file] = await Promise.all([page.waitForEvent('download'), button(page, 'models.export').click()]);
  expect(file.suggestedFilename()).toBe('danlu-1.onnx');
  const bytes = readFileSync(await file.path());
  const choose = (name: string, buffer: Buffer) => page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await choose('mine.onnx', bytes);
  await expect(page.getByText('mine.onnx was read: 8 layers, 347,146 parameters.', { exact: false })).toBeVisible();
  await choose('cut.onnx', bytes.subarray(0, 2000));
  await expect(page.getByRole('alert')).toHaveText(/cut\.onnx is damaged at @\d+: expected ONNX Model/);
  await expect(page.getByRole('region', { name: say('models.kept') }).getByRole('listitem')).toHaveCount(2);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);

  await page.getByRole('button', { name: say('models.delete-named').replace('{name}', 'mine.onnx') }).click();
  await page.getByRole('dialog').getByRole('button', { name: say('models.delete'), exact: true }).click();
  await expect(page.getByRole('region', { name: say('models.kept') }).getByRole('listitem')).toHaveCount(1);
});
