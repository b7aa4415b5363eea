// The first page: training the reference CNN in the reader's browser, and drawing for it.
import { expect, ignite, openHome, say, saying, test, violations, type Page } from './danlu.ts';

// Long enough for a slow, shared machine: what is tested is that it learns, not how fast.
const TRAINING_MS = 300_000;
test.setTimeout(TRAINING_MS + 60_000);

const button = (page: Page, key: string) => page.getByRole('button', { name: say(`home.${key}`), exact: true });

/** The held-out accuracy of the sentence that ends a run, 0 to 1. */
async function finished(page: Page): Promise<number> {
  const sentence = page.getByRole('main').getByText(/^Done: /);
  await expect(sentence).toBeVisible({ timeout: TRAINING_MS });
  const percent = /([\d.]+)\s?%/.exec(await sentence.innerText())?.[1];
  return Number(percent) / 100;
}

/** How many steps the page says were made. */
async function step(page: Page): Promise<number> {
  const figure = await page.getByRole('main').locator('dt', { hasText: say('home.stat-step') }).locator('xpath=following-sibling::dd[1]').innerText();
  return Number(figure.split('/')[0]!.replace(/\D/g, ''));
}

/** Draws a 1 with the mouse: a stroke from the top down. */
async function drawOne(page: Page): Promise<void> {
  const pad = page.getByLabel(saying('home.draw-pad'));
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(0.52, 0.15));
  await page.mouse.down();
  for (let step = 1; step <= 12; step += 1) await page.mouse.move(...at(0.52 - 0.003 * step, 0.15 + 0.058 * step));
  await page.mouse.up();
}

test('one press trains the reference network to at least 96 % on digits it has never seen, and it reads a drawn one', async ({ page }) => {
  await openHome(page);
  await ignite(page);
  expect(await finished(page)).toBeGreaterThanOrEqual(0.96);

  await drawOne(page);
  const answer = page.locator('p', { hasText: saying('home.draw-answer') });
  await expect(answer).toContainText('It says 1');
  // A screen reader hears the answer that is seen.
  await expect(page.getByRole('status').filter({ hasText: saying('home.draw-answer') })).toHaveText(await answer.innerText());
  await expect(page.getByRole('list', { name: say('home.probabilities') }).getByRole('listitem')).toHaveCount(10);
  for (const layer of ['filters', 'maps', 'pooled', 'dense']) {
    await expect(page.getByText(say(`home.layer-${layer}-shape`)).first()).toBeVisible();
  }
  expect(await violations(page)).toEqual([]);

  await button(page, 'draw-clear').click();
  await expect(page.getByText(say('home.draw-waiting'))).toBeVisible();
});

test('augmentation is switched on by hand and carries the network past 97.5 % in twenty epochs', async ({ page }) => {
  await openHome(page);
  await page.getByRole('switch', { name: say('home.augment') }).click();
  await ignite(page);
  expect(await finished(page)).toBeGreaterThanOrEqual(0.975);
  await expect(page.getByRole('main')).toContainText('Done: 20 epochs');
  // The digits that it still gets wrong are there to be tried.
  await page.getByRole('button', { name: saying('home.mistake') }).first().click();
  await expect(page.getByText(saying('home.draw-truth')).first()).toBeVisible();
});

test('a run pauses, goes on, stops, and is trained further', async ({ page }) => {
  await page.goto('./#/?epochs=2');
  await ignite(page);
  await button(page, 'pause').click();
  await expect(button(page, 'resume')).toBeVisible();
  const paused = await step(page);
  await page.waitForTimeout(500);
  expect(await step(page)).toBe(paused);
  await button(page, 'resume').click();
  await expect.poll(() => step(page)).toBeGreaterThan(paused);
  await button(page, 'stop').click();
  await expect(page.getByRole('button', { name: saying('home.continue-to') })).toBeVisible();
  await page.getByRole('button', { name: saying('home.continue-to') }).click();
  // Two epochs from where it stood: one that forgot its weights or moments would not get here.
  expect(await finished(page)).toBeGreaterThanOrEqual(0.92);
  await page.getByRole('button', { name: saying('home.train-on') }).click();
  await expect(button(page, 'pause')).toBeVisible();
});

test('a hidden tab goes on training', async ({ page }) => {
  // A hidden tab gets no animation frames and hears that it is hidden. Headless Chromium hides no tab, so this does.
  await page.addInitScript(() => {
    const frames = window.requestAnimationFrame.bind(window);
    const state = window as unknown as { hide: (hidden: boolean) => void };
    let hidden = false;
    let waiting: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (callback) => (hidden ? waiting.push(callback) : frames(callback));
    Object.defineProperty(document, 'hidden', { get: () => hidden });
    Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
    state.hide = (next) => {
      hidden = next;
      document.dispatchEvent(new Event('visibilitychange'));
      if (!hidden) for (const callback of waiting.splice(0)) frames(callback);
      waiting = hidden ? waiting : [];
    };
  });
  await page.goto('./#/?epochs=2');
  await ignite(page);
  await page.evaluate(() => (window as unknown as { hide: (hidden: boolean) => void }).hide(true));
  const before = await step(page);
  // Long enough for thousands of digits on any machine, with no frame drawn meanwhile.
  await page.waitForTimeout(6_000);
  await page.evaluate(() => (window as unknown as { hide: (hidden: boolean) => void }).hide(false));
  // Frames draw what is known by now: within a few of them the step is far ahead.
  await page.waitForTimeout(300);
  expect(await step(page)).toBeGreaterThan(before + 30);
  expect(await finished(page)).toBeGreaterThanOrEqual(0.92);
});

test('an address says the whole run: the same seed shows the same settings', async ({ page }) => {
  await page.goto('./#/?seed=7&epochs=2&lr=0.001&batch=32&optimizer=adam&augment=0');
  await ignite(page);
  await expect(page.getByRole('main').getByText(/^Done: 2 epochs/)).toBeVisible({ timeout: TRAINING_MS });
  expect(page.url()).toContain('seed=7');
});
