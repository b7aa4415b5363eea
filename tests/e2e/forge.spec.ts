// The reader's passing answers train a net in the page's Python, beside the engine's.
import { readFileSync } from 'node:fs';
import { expect, say, saying, sideways, solutionOf, test, violations, type Page } from './danlu.ts';

const SLOTS = [
  'conv2d-naive', 'activations', 'pooling', 'dense-forward', 'dense-backward', 'cross-entropy', 'softmax-ce-backward', 'conv2d-backward', 'adam',
];
const train = (page: Page) => page.getByRole('button', { name: say('forge.train'), exact: true });
const download = (page: Page) => page.getByRole('button', { name: say('forge.download') });

/** As if each had been submitted and had passed. */
async function keepPassed(page: Page, ids: string[]): Promise<void> {
  await page.goto('./#/exercises');
  await expect(page.locator('a[data-row]').first()).toBeVisible();
  const attempts = ids.map((exercise) => ({
    exercise, at: Date.now(), code: solutionOf(exercise), status: 'passed', passed: 1, total: 1, firstFailure: null, seed: 1, ms: 1,
  }));
  await page.evaluate(async (all) => {
    const opened = indexedDB.open('danlu-exercises');
    await new Promise((resolve) => { opened.onsuccess = resolve; });
    const transaction = opened.result.transaction(['attempts', 'solved'], 'readwrite');
    for (const attempt of all) {
      transaction.objectStore('attempts').add(attempt);
      transaction.objectStore('solved').put({ exercise: attempt.exercise, at: attempt.at });
    }
    await new Promise((resolve) => { transaction.oncomplete = resolve; });
    opened.result.close();
  }, attempts);
  await page.goto('./#/forge');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('forge.title'));
}

test('the answers that passed train the net to the target, and the page says whose code ran and how much slower', async ({ page }) => {
  await keepPassed(page, SLOTS.filter((id) => id !== 'conv2d-naive'));
  await expect(page.getByRole('switch')).toHaveCount(SLOTS.length - 1);
  await expect(download(page)).toBeDisabled();
  await train(page).click();
  await expect(page.getByText(saying('forge.reached')).first()).toBeVisible({ timeout: 150_000 });
  await expect(page.getByRole('heading', { name: `Run with your code in ${SLOTS.length - 1} of ${SLOTS.length} parts` })).toBeVisible();
  await expect(page.getByText(saying('forge.times'))).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('with every part in, the framework downloads as one file', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await keepPassed(page, SLOTS);
  expect(await sideways(page)).toBe(0);
  const [file] = await Promise.all([page.waitForEvent('download'), download(page).click()]);
  expect(file.suggestedFilename()).toBe('my_framework.py');
  expect(readFileSync(await file.path(), 'utf8')).toContain('# Naive conv2d\nconv2d_naive = answer(');
  await page.getByRole('switch').first().click();
  await expect(download(page)).toBeDisabled();
  expect(await violations(page)).toEqual([]);
});
