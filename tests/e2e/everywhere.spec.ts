// What holds on every page: no accessibility violation, no sideways scrolling, both languages, any sub-path.
import { exercises, expect, expectSound, ignite, openExercise, openHome, sideways, say, test, violations, watch, type Language, type Page } from './danlu.ts';
import { plainHost } from './hosts.ts';

const places: Record<string, (page: Page) => Promise<void>> = {
  'the first page': openHome,
  'the list of exercises': async (page) => {
    await page.goto('./#/exercises');
    await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
  },
  'the list along a path': async (page) => {
    await page.goto('./#/exercises?path=last-45-minutes');
    await expect(page.getByRole('main').locator('a[data-row]').first()).toBeVisible();
  },
  'the progress': async (page) => {
    await page.goto('./#/progress');
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  },
  'a net trained by one’s own code': async (page) => {
    await page.goto('./#/forge');
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  },
  'an exercise': (page) => openExercise(page, exercises[2]!),
  'the list of questions': async (page) => {
    await page.goto('./#/questions');
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  },
  'the clinic': async (page) => {
    await page.goto('./#/clinic');
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  },
  'the start of a mock interview': async (page) => {
    await page.goto('./#/mock?seed=abc234');
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  },
  'what the modules have': async (page) => {
    // A few of its names: a list of hundreds keeps axe busy for a minute.
    await page.goto('./#/modules/numpy?q=mean');
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  },
  'the lab’s rooms': async (page) => {
    await page.goto('./#/lab');
    await expect(page.getByRole('main').getByRole('listitem').first()).toBeVisible();
  },
  'the playground': async (page) => {
    await page.goto('./#/playground');
    await expect(page.locator('.cm-content')).toBeVisible();
  },
  'a page that does not exist': async (page) => {
    await page.goto('./#/nowhere');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  },
};

// A page is opened once in each language, and then seen on a phone and in both themes.
for (const language of ['zh', 'en'] as Language[]) {
  test.describe(`in ${language}`, () => {
    test.use({ locale: language === 'zh' ? 'zh-CN' : 'en-US' });
    for (const [name, open] of Object.entries(places)) {
      test(`axe finds no violation on ${name}, in either theme and on a phone of 360 px, which it fits`, async ({ page, viewport }) => {
        await open(page);
        await page.setViewportSize({ width: 360, height: 740 });
        expect(await sideways(page)).toBe(0);
        expect(await violations(page)).toEqual([]);
        await page.setViewportSize(viewport!);
        await expectSound(page);
      });
    }
  });
}

test('the page opens in the browser’s language, and a choice is remembered', async ({ page }) => {
  await openHome(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('home.headline', 'en'));
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('home.headline', 'zh'));
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('home.headline', 'zh'));
  await page.goto('./#/exercises/stable-softmax');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('数值稳定的 Softmax');
});

test('the theme follows the system until it is chosen, and a choice is remembered', async ({ page }) => {
  await openHome(page);
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await colour();
  await page.getByRole('button', { name: say('app.theme-dark') }).click();
  await expect.poll(colour).not.toBe(light);
  const dark = await colour();
  await page.reload();
  await expect(page.getByRole('button', { name: say('app.theme-light') })).toBeVisible();
  expect(await colour()).toBe(dark);
});

test('a plain host under a sub-path serves the page, trains, and judges', async ({ browser }) => {
  const host = await plainHost();
  const context = await browser.newContext({ baseURL: host.url, locale: 'en-US' });
  const seen = await watch(context, host.url);
  const missing: string[] = [];
  context.on('response', (response) => {
    if (response.status() >= 400) missing.push(`${response.status()} ${response.url()}`);
  });
  const page = await context.newPage();
  try {
    await openHome(page);
    await ignite(page);
    await openExercise(page, 'stable-softmax');
    await page.getByRole('button', { name: say('exercise.run'), exact: true }).click();
    await expect(page.getByRole('region', { name: say('exercise.results') })).toContainText('NotImplementedError', { timeout: 120_000 });
    expect(missing, 'files that were asked for and are not there').toEqual([]);
    expect(seen).toEqual({ requests: [], errors: [] });
  } finally {
    await context.close();
    await host.close();
  }
});
