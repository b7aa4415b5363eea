// The page that lists what the Python modules have.
import { exercises, expect, openExercise, say, test } from './danlu.ts';

test('a search finds a name, stands in the address and survives a reload', async ({ page }) => {
  await page.goto('./#/modules/numpy');
  const search = page.getByLabel(say('modules.search', 'en').replace('{name}', 'numpy'));
  await search.fill('sliding window');
  await expect(page.locator('dt', { hasText: 'sliding_window_view(x, window_shape' })).toBeVisible();
  await expect(page.locator('dt', { hasText: 'numpy.add(' })).toHaveCount(0);
  await page.reload();
  await expect(search).toHaveValue('sliding window');
  await search.fill('nothing has such a name');
  await expect(page.getByText(say('modules.none', 'en'))).toBeVisible();
});

test('a class opens to its methods, and what is left out names something else', async ({ page }) => {
  await page.goto('./#/modules/numpy');
  const ndarray = page.locator('.row', { has: page.locator('dt', { hasText: 'numpy.ndarray(' }) }).first();
  await ndarray.locator('summary').click();
  await expect(ndarray.locator('dt', { hasText: 'ndarray.mean(axis=None' })).toBeVisible();
  await expect(page.getByRole('heading', { name: say('modules.missing', 'en') })).toBeVisible();
});

test('the editor of an exercise leads there', async ({ page }) => {
  await openExercise(page, exercises[0]!);
  await expect(page.getByRole('link', { name: say('modules.link', 'en') })).toHaveAttribute('href', '#/modules/numpy');
});

test('a module that is not here says so', async ({ page }) => {
  await page.goto('./#/modules/pandas');
  await expect(page.getByRole('main').getByText(say('modules.unknown', 'en'))).toBeVisible();
});

test('a Chinese reader gets what differs in Chinese', async ({ browser, host }) => {
  const page = await browser.newPage({ baseURL: host.url, locale: 'zh-CN' });
  await page.goto('./#/modules/keras');
  const differences = page.getByRole('region', { name: say('modules.differences', 'zh') });
  await expect(differences.getByRole('listitem').first()).toContainText('编译计划');
  await expect(page.locator('[lang="en"]').first()).toBeVisible();
  await page.close();
});
