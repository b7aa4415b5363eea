// The page's copy of itself: it works without its host, isolated whatever the host sends, and is brought up to date.
import { expect, ignite, openExercise, openHome, paste, say, saying, solutionOf, test, watch, type Page } from './danlu.ts';
import { plainHost } from './hosts.ts';

const kept = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const worker = registration.active!;
    if (worker.state !== 'activated') await new Promise((done) => worker.addEventListener('statechange', done, { once: true }));
  });

test('after one visit the page trains and judges with its host gone, isolated though the host sent no headers', async ({ browser }) => {
  const host = await plainHost();
  const context = await browser.newContext({ baseURL: host.url, locale: 'en-US', serviceWorkers: 'allow' });
  const seen = await watch(context, host.url);
  const page = await context.newPage();
  try {
    await openHome(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await kept(page);
    await host.close();

    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await ignite(page);
    await openExercise(page, 'stable-softmax');
    await paste(page, solutionOf('stable-softmax'));
    await page.getByRole('button', { name: say('exercise.submit'), exact: true }).click();
    await expect(page.getByRole('region', { name: say('exercise.results') })).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
    await page.goto('./#/questions/zero-init');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(seen).toEqual({ requests: [], errors: [] });
  } finally {
    await context.close();
    await host.close();
  }
});

test('a newer build waits until the reader asks for it', async ({ browser }) => {
  let newer = false;
  const host = await plainHost('/page/', (file, bytes) => {
    if (!newer) return bytes;
    if (file === 'index.html') return bytes.toString().replace('<html ', '<html data-build="newer" ');
    // What the builder writes where index.html has changed.
    if (file === 'offline.js') return bytes.toString().replace(/("?url"?:.index\.html.,"?revision"?:.)[0-9a-f]+/, '$10123456789abcdef');
    return bytes;
  });
  const context = await browser.newContext({ baseURL: host.url, locale: 'en-US', serviceWorkers: 'allow' });
  const page = await context.newPage();
  const build = () => page.locator('html').getAttribute('data-build');
  const reload = page.getByRole('button', { name: say('app.update-now'), exact: true });
  try {
    await openHome(page);
    await kept(page);
    newer = true;
    await page.reload();
    expect(await build()).toBeNull();
    await expect(reload).toBeVisible({ timeout: 60_000 });
    await reload.click();
    await expect.poll(build, { timeout: 20_000 }).toBe('newer');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(reload).toHaveCount(0);
  } finally {
    await context.close();
    await host.close();
  }
});
