// The language room's positions: a model that turns queries and keys, and three models that differ in their positions alone.
import { expect, say, saying, sideways, test, violations } from './danlu.ts';

const text = '炉火纯青，炼丹不易。'.repeat(90);

test('a model with rotary positions writes the same with and without its KV cache', async ({ page }) => {
  await page.goto('./#/lab/language?positions=rotary&context=16&width=32&heads=2&blocks=1&steps=200');
  await expect(page.getByLabel(say('positions.setting'), { exact: true })).toHaveValue('rotary');
  await page.getByLabel(say('language.heads'), { exact: true }).fill('10');
  await page.keyboard.press('Tab');
  await expect(page.getByText(say('positions.setting-odd', 'en', { per: '3' }))).toBeVisible();
  await page.getByLabel(say('language.heads'), { exact: true }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByLabel(say('language.text'), { exact: true }).fill(text);
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByText(saying('language.at-step')).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: saying('language.train') })).toBeVisible({ timeout: 120_000 });
  await page.getByLabel(say('language.prompt'), { exact: true }).fill('炉火');
  await page.getByLabel(say('language.temperature'), { exact: true }).fill('0');
  await page.getByLabel(say('language.length'), { exact: true }).fill('18');
  for (const pace of ['language.pace-cached', 'language.pace-whole']) {
    await page.getByRole('button', { name: say('language.go-on') }).click();
    await expect(page.getByText(saying(pace))).toBeVisible();
    await expect(page.locator('.written')).toHaveText('炉火纯青，炼丹不易。炉火纯青，炼丹不易。');
    await page.getByRole('switch', { name: say('language.cache') }).click();
  }
});

test('three models show what their positions are good for, also beyond the trained length', async ({ page }) => {
  await page.goto('./#/lab/language?section=positions');
  await page.getByLabel(say('language.text'), { exact: true }).fill('短');
  await page.getByRole('button', { name: say('positions.start') }).click();
  await expect(page.getByRole('alert')).toHaveText(saying('errors.text_too_short'));
  await page.getByLabel(say('language.text'), { exact: true }).fill(text);
  await page.getByRole('button', { name: say('positions.start') }).click();
  await expect(page.getByText(saying('positions.training')).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(saying('positions.done'))).toBeVisible({ timeout: 150_000 });

  const section = page.locator('[data-section=positions]');
  const row = (table: number, kind: string) => section.locator('table').nth(table).getByRole('row', { name: new RegExp(`^${kind} `) });
  const [learned, rotary] = [say('positions.learned'), say('positions.rotary')];
  await expect(row(0, learned)).toContainText(/\d/);
  // Rows of a table end; angles don't.
  await expect(row(1, learned)).toContainText(say('positions.cannot'));
  await expect(row(1, rotary)).not.toContainText(say('positions.cannot'));
  await expect(section.locator('q')).toContainText('[64,64]');
  const most = async (kind: string) => Number(await row(2, kind).locator('td').last().textContent());
  expect(await most(rotary)).toBeLessThan(1e-4);
  expect(await most(learned)).toBeGreaterThan(1e-3);
  await expect(section.locator('li svg')).toHaveCount(8);
  await section.getByLabel(say('positions.kind'), { exact: true }).selectOption('none');
  await expect(section.locator('li svg')).toHaveCount(8);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});
