// The lab's language model: it learns a pattern, writes the same with and without its KV cache, shows where it looks.
import { expect, say, saying, sideways, test, violations } from './danlu.ts';

test('a small model learns a text of the reader’s, and the cache changes nothing but the time', async ({ page }) => {
  await page.goto('./#/lab/language');
  await page.getByLabel(say('language.text'), { exact: true }).fill('炉火纯青，炼丹不易。'.repeat(40));
  for (const [field, value] of [['language.context', '16'], ['language.width', '32'], ['language.heads', '2'], ['language.blocks', '1'], ['language.steps', '300']] as const) {
    await page.getByLabel(say(field), { exact: true }).fill(value);
    await page.keyboard.press('Tab');
  }
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByText(saying('language.at-step')).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: saying('language.train') })).toBeVisible({ timeout: 120_000 });

  await page.getByLabel(say('language.prompt'), { exact: true }).fill('炉火');
  await page.getByLabel(say('language.temperature'), { exact: true }).fill('0');
  await page.getByLabel(say('language.length'), { exact: true }).fill('18');
  await page.getByRole('button', { name: say('language.go-on') }).click();
  const written = page.locator('.written');
  await expect(written).toHaveText('炉火纯青，炼丹不易。炉火纯青，炼丹不易。');
  await page.getByRole('switch', { name: say('language.cache') }).click();
  await page.getByRole('button', { name: say('language.go-on') }).click();
  await expect(page.getByText(saying('language.pace-whole'))).toBeVisible();
  await expect(written).toHaveText('炉火纯青，炼丹不易。炉火纯青，炼丹不易。');

  await page.getByRole('heading', { name: say('language.attention'), exact: true }).click();
  await page.getByLabel(say('language.attention-text'), { exact: true }).fill('炼丹不易');
  await page.getByRole('button', { name: say('language.attention-look') }).click();
  await expect(page.locator('.strip span')).toHaveCount(4);
  await page.getByRole('heading', { name: say('language.cache-title'), exact: true }).click();
  await page.getByRole('button', { name: say('language.cache-time') }).click();
  await expect(page.getByText(saying('language.cache-saves'))).toBeVisible({ timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('a text that is too short says how long it must be', async ({ page }) => {
  await page.goto('./#/lab/language');
  await page.getByLabel(say('language.text'), { exact: true }).fill('短');
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByRole('alert')).toHaveText(saying('errors.text_too_short'));
});

test('a link sets the model and opens its section, and what it cannot say is told', async ({ page }) => {
  await page.goto('./#/lab/language?section=cache&context=32&steps=soon');
  await expect(page.getByRole('button', { name: say('language.cache-time') })).toBeVisible();
  await expect(page.locator('summary:focus')).toContainText(say('language.cache-title'));
  await expect(page.getByLabel(say('language.context'), { exact: true })).toHaveValue('32');
  await expect(page.getByRole('alert')).toHaveText(say('language.address-refused', 'en', { name: 'steps', got: 'soon', expected: '1–100000' }));
  await page.getByLabel(say('language.context'), { exact: true }).fill('16');
  await expect(page).toHaveURL(/#\/lab\/language\?section=cache&context=16$/);
});
