// The lab's fine-tuning: a frozen base that stays, blocks that open, norms that move by themselves, and a comparison.
import { fileURLToPath } from 'node:url';
import { expect, say, saying, sideways, test, violations } from './danlu.ts';

test('a base is frozen, opened and compared with training from scratch', async ({ page }) => {
  await page.goto('./#/lab/finetune');
  await expect(page.getByText(saying('finetune.base-page-about'))).toBeVisible({ timeout: 60_000 });
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('5');
  for (const stage of [0, 1, 2]) await page.getByLabel(say('finetune.epochs'), { exact: true }).nth(stage).fill('2');
  await page.getByRole('button', { name: saying('finetune.train') }).click();
  await expect(page.getByText(saying('finetune.result'))).toBeVisible({ timeout: 60_000 });

  // The head's stage leaves the base as it came; the next ones move convolutions and no statistic.
  const stages = page.locator('.facts');
  await expect(stages).toHaveCount(3);
  await expect(stages.nth(0)).toContainText(say('finetune.stage-same'));
  const hash = (await page.locator('.hash code').textContent())!.slice(0, 10);
  await expect(stages.nth(0)).toContainText(new RegExp(`${hash}.*${hash}`));
  for (const open of [1, 2]) await expect(stages.nth(open)).toContainText(/ 0 statistics/);

  await page.getByRole('button', { name: say('finetune.cache-time') }).click();
  await expect(page.getByText(say('finetune.cache-same'))).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: say('finetune.norm-run') }).click();
  const norms = page.getByRole('region', { name: say('finetune.norm-title') });
  await expect(norms.getByText(say('finetune.norm-same'))).toBeVisible({ timeout: 60_000 });
  await expect(norms.getByText(say('finetune.norm-other'))).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: saying('finetune.train') })).toBeEnabled({ timeout: 60_000 });

  await page.getByRole('button', { name: saying('finetune.compare-run') }).click();
  await expect(page.getByRole('button', { name: say('finetune.stop'), exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: saying('finetune.train') })).toBeEnabled({ timeout: 120_000 });
  const table = page.getByRole('region', { name: say('finetune.compare-title') });
  await expect(table.locator('tbody td b')).toHaveText(Array.from({ length: 9 }, () => /^\d+(\.\d+)?\s?%$/));

  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('more samples than a class has are refused in the field', async ({ page }) => {
  await page.goto('./#/lab/finetune');
  await expect(page.getByText(saying('finetune.task-facts'))).toBeVisible({ timeout: 60_000 });
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('5000');
  await expect(page.getByText(saying('home.bad-integer'))).toBeVisible();
});

test('settings stand in the address, and Keras’s VGG16 becomes the base', async ({ page }) => {
  await page.goto('./#/lab/finetune');
  await expect(page.getByText(saying('finetune.task-facts'))).toBeVisible({ timeout: 60_000 });
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('7');
  await expect(page).toHaveURL(/set=1\./);
  await page.reload();
  await expect(page.getByLabel(say('finetune.per-class'), { exact: true })).toHaveValue('7', { timeout: 60_000 });

  const file = page.locator('.drop input[type=file]');
  await file.setInputFiles({ name: 'notes.h5', mimeType: 'application/octet-stream', buffer: Buffer.from('no file of weights') });
  await expect(page.getByRole('alert')).toHaveText(saying('errors.format_malformed'));
  await file.setInputFiles(fileURLToPath(new URL('../fixtures/imported/vgg16_notop.h5', import.meta.url)));
  await expect(page.getByText(/^14,714,688 /)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel(say('finetune.side'))).toHaveValue('48');
  await page.getByRole('button', { name: say('finetune.base-back') }).click();
  await expect(page.getByText(/^23,632 /)).toBeVisible({ timeout: 60_000 });
});

test('a reader’s own pictures are a new task', async ({ page }) => {
  await page.goto('./#/lab/data');
  await page.getByRole('button', { name: say('data.make-shapes'), exact: true }).click();
  await expect(page.getByText('1,200 samples, 3 classes', { exact: false }).first()).toBeVisible({ timeout: 60_000 });
  await page.goto('./#/lab/finetune');
  const shapes = say('finetune.task-own').replace('{name}', say('data.shapes-name')).replace('{classes}', '3');
  await page.getByLabel(say('finetune.task')).selectOption({ label: shapes });
  await expect(page.getByText(saying('finetune.task-facts'))).toContainText('3 classes', { timeout: 60_000 });
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('8');
  for (const stage of [0, 1, 2]) await page.getByLabel(say('finetune.epochs'), { exact: true }).nth(stage).fill('3');
  await page.getByRole('button', { name: saying('finetune.train') }).click();
  await expect(page.getByText(saying('finetune.result'))).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.facts').first()).toContainText(say('finetune.stage-same'));
});
