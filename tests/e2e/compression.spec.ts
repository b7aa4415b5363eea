// The compression bench: a network trained by one press, quantised, pruned and taught to a smaller one; the files are
// real, the zeros are zeros, and what can't be done is refused in words.
import { readFileSync } from 'node:fs';
import { expect, say, saying, sideways, test, violations, type Page } from './danlu.ts';

const row = (page: Page, letter: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: letter, exact: true }) });

async function trained(page: Page, model: string) {
  await page.goto('./#/lab/compression');
  await page.getByLabel(say('compression.model'), { exact: true }).selectOption({ label: say(`lab.preset-${model}`) });
  await page.getByRole('region', { name: say('compression.base') }).getByLabel(say('compression.epochs'), { exact: true }).fill('1');
  await page.getByRole('button', { name: say('compression.train'), exact: true }).click();
  await expect(page.getByText(saying('compression.base-is'))).toBeVisible({ timeout: 90_000 });
}

const accuracyOf = async (page: Page, letter: string) => Number(/([\d.]+)%/.exec(await row(page, letter).getByRole('cell').nth(1).innerText())![1]);

test('a network becomes smaller in three ways, and every file is what it says', async ({ page }) => {
  await trained(page, 'mlp');
  await expect(page.getByText(saying('compression.machine'))).toBeVisible({ timeout: 60_000 });

  const int8 = page.getByRole('region', { name: say('compression.int8') });
  await int8.getByRole('button', { name: say('compression.quantise'), exact: true }).click();
  await expect(row(page, 'B')).toBeVisible({ timeout: 30_000 });
  expect(Math.abs((await accuracyOf(page, 'B')) - (await accuracyOf(page, 'A')))).toBeLessThan(1);

  const sizes: Record<string, number> = {};
  for (const [letter, kind] of [['A', 'f32'], ['B', 'int8']] as const) {
    const [file] = await Promise.all([page.waitForEvent('download'), row(page, letter).getByRole('button', { name: say(`compression.file-${kind}`) }).first().click()]);
    sizes[kind] = readFileSync(await file.path()).length;
  }
  expect(sizes.f32! / sizes.int8!).toBeGreaterThan(3.4);

  await int8.getByRole('button', { name: say('compression.time-layers') }).click();
  await expect(int8.getByText(saying('compression.timed'))).toBeVisible({ timeout: 60_000 });

  const prune = page.getByRole('region', { name: say('compression.prune') });
  await prune.getByLabel(say('compression.epochs'), { exact: true }).fill('1');
  await prune.getByRole('button', { name: say('compression.prune-do'), exact: true }).click();
  await expect(row(page, 'C')).toBeVisible({ timeout: 90_000 });
  await expect(prune.getByText(saying('compression.prune-speed'))).toBeVisible({ timeout: 60_000 });
  const shares = (await prune.getByRole('table').getByRole('row').allInnerTexts()).slice(1).map((text) => text.split('\t').map((cell) => Number(cell.replace(/[^\d.]/g, ''))));
  const sum = (at: number) => shares.reduce((all, cells) => all + cells[at]!, 0);
  expect(sum(2) / sum(1)).toBeGreaterThan(0.899);
  const [sparse] = await Promise.all([page.waitForEvent('download'), row(page, 'C').getByRole('button', { name: say('compression.file-sparse') }).first().click()]);
  expect(readFileSync(await sparse.path()).length).toBeLessThan(sizes.f32! / 5);

  const distil = page.getByRole('region', { name: say('compression.distil') });
  await distil.getByLabel(say('compression.epochs'), { exact: true }).fill('1');
  await distil.getByRole('button', { name: say('compression.distil-do') }).click();
  await expect(row(page, 'E')).toBeVisible({ timeout: 90_000 });
  await expect(distil.getByText(saying('compression.distil-legend'))).toBeVisible();

  await page.getByRole('button', { name: saying('compression.remove-named') }).last().click();
  await expect(row(page, 'E')).toBeHidden();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('a percentile out of its range is told, and nothing is lost', async ({ page }) => {
  await page.goto('./#/lab/compression');
  const int8 = page.getByRole('region', { name: say('compression.int8') });
  await expect(int8.getByRole('button', { name: say('compression.quantise'), exact: true })).toBeDisabled();
  await expect(int8.getByText(say('compression.base-first'))).toBeVisible();
  await int8.getByLabel(say('compression.calibration'), { exact: true }).selectOption({ label: say('compression.calibration-percentile') });
  await int8.getByLabel(say('compression.percent'), { exact: true }).fill('20');
  await expect(int8.getByText(saying('home.bad-real'))).toBeVisible();
});
