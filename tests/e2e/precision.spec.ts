// The lab's room of mixed precision: bits that can be toggled, a network that f16 can't train without a scale, and what
// an address says.
import { expect, say, saying, sideways, test, violations } from './danlu.ts';

test('a number under the microscope: typed, toggled bit by bit, refused', async ({ page }) => {
  await page.goto('./#/lab/precision?x=65520');
  const half = page.locator('.formats li', { hasText: 'float16' }).filter({ hasNotText: 'bfloat16' });
  await expect(half).toContainText('inf');
  await expect(half).toContainText(say('precision.kind-infinity'));
  const number = page.getByLabel(say('precision.number'));
  await number.fill('65519');
  await expect(half).toContainText('65504');
  await number.fill('1+2^-11');
  await expect(half.locator('.value')).toHaveText('1');
  await number.fill('1');
  // The lowest bit of the fraction is worth 2⁻¹⁰ here.
  await half.getByRole('button', { name: say('precision.cell', 'en', { part: say('precision.part-fraction'), at: '0' }) }).click();
  await expect(number).toHaveValue('1.0009765625');
  await expect(half).toContainText(say('precision.exact'));
  await number.fill('one');
  await expect(page.getByText(say('precision.bad-number'))).toBeVisible();
  await expect(page).toHaveURL(/x=1\.0009765625/);
});

test('f16 without a scale moves no weight, with one it keeps up with f32', async ({ page }) => {
  await page.goto('./#/lab/precision?steps=60&ways=f32+f16+f16-static+f16-dynamic&first_scale=40&section=train');
  await expect(page.getByRole('heading', { name: say('precision.train-title') })).toBeFocused();
  await page.getByRole('button', { name: saying('precision.train') }).click();
  await expect(page.getByText(saying('precision.verdict-still'))).toBeVisible({ timeout: 90_000 });
  const rows = page.locator('section[aria-labelledby="precision-train"] table').first().locator('tbody tr');
  const cells = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
  const [f32, f16, fixed, dynamic] = cells.map(([loss]) => Number(loss));
  expect(f16! / f32!).toBeGreaterThan(1.3);
  expect(Math.abs(fixed! / f32! - 1)).toBeLessThan(0.05);
  expect(dynamic! / f16!).toBeLessThan(0.6);
  expect(cells[1]![1]).toBe('100.0%');
  // It began far too large, and each skipped step is marked.
  const skipped = Number(cells[3]![2]);
  expect(skipped).toBeGreaterThan(3);
  await expect(page.locator('path.cross')).toHaveCount(skipped);
  // f32's numbers as float16 would hold them: lost without a scale, kept with one.
  const lost = async () => Number.parseFloat((await page.locator('tr', { hasText: 'dense_4' }).last().locator('td').nth(2).innerText()).replace('<', ''));
  const before = await lost();
  expect(before).toBeGreaterThan(50);
  await page.getByLabel(say('precision.look', 'en', { scale: '2⁰' })).fill('20');
  expect(await lost()).toBeLessThan(before / 2);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('a softmax overflows at 11.09, a sum stops at 4, and a wrong address is told', async ({ page }) => {
  await page.goto('./#/lab/precision?network=resnet&section=overflow');
  await expect(page.getByRole('alert')).toContainText('network=resnet');
  const softmax = page.getByRole('row', { name: /^float16/ }).first();
  const slider = page.getByLabel(saying('precision.largest'));
  await slider.fill('11.05');
  await expect(softmax).not.toContainText('NaN');
  await slider.fill('11.1');
  await expect(softmax).toContainText('NaN');
  await expect(page.getByText(saying('precision.stalls')).filter({ hasText: 'float16 stops at 4,' }).first()).toBeVisible();
});
