// The lab's fine-tuning: a frozen base that stays, blocks that open, norms that move by themselves, and a comparison.
import { fileURLToPath } from 'node:url';
import { expect, say, saying, sideways, test, violations } from './danlu.ts';

test('a base is frozen, opened and compared with training from scratch', async ({ page }) => {
  await page.goto('./#/lab/finetune');
  await expect(page.getByText(saying('finetune.base-page-about'))).toBeVisible({ timeout: 60_000 });
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('5');
  for (const stage of [0, 1, 2]) await page.getByLabel(say('finetune.epochs'), { exact: true }).nth(stage).fill('1');
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
  await expect(table.locator('tbody td b')).toHaveText(Array.from({ length: 12 }, () => /^\d+(\.\d+)?\s?%$/));
  const costs = page.getByRole('region', { name: saying('lora.cost-title') });
  await expect(costs.locator('tbody tr')).toHaveCount(4);
  // A head of 64 · 64 + 64 · 5 numbers and two biases; all 23,184 weights of the base's kernels beside it; or adapters of rank 4.
  await expect(costs.locator('tbody tr', { hasText: say('finetune.method-frozen') })).toContainText('4,485');
  await expect(costs.locator('tbody tr', { hasText: say('finetune.method-staged') })).toContainText('27,669');
  await expect(costs.locator('tbody tr', { hasText: say('finetune.method-lora') })).toContainText('6,697');

  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('adapters begin at the base, leave it as it was, merge, and take turns with another task’s', async ({ page }) => {
  // As the exercise on LoRA leads here.
  await page.goto('./#/lab/finetune?section=lora&task=paper');
  await expect(page.getByRole('heading', { name: say('lora.title') })).toBeFocused({ timeout: 60_000 });
  await expect(page.getByLabel(say('finetune.task'))).toHaveValue('paper');
  await page.getByLabel(say('finetune.task')).selectOption('fresh');
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('10');
  for (const stage of [0, 1, 2]) await page.getByLabel(say('finetune.epochs'), { exact: true }).nth(stage).fill('2');
  const section = page.getByRole('region', { name: say('lora.title') });
  await section.getByLabel(say('lora.rank'), { exact: true }).fill('65');
  await expect(section.getByText(saying('home.bad-integer'))).toBeVisible();
  await section.getByLabel(say('lora.rank'), { exact: true }).fill('2');
  await expect(page).toHaveURL(/set=1\./);
  await section.getByRole('button', { name: saying('lora.run') }).click();
  await expect(section.getByText(saying('lora.result'))).toBeVisible({ timeout: 60_000 });

  await expect(section.getByText(saying('lora.start-same'))).toBeVisible();
  await expect(section.getByText(say('lora.base-same'), { exact: true })).toBeVisible();
  const hash = (await page.locator('.hash code').first().textContent())!.slice(0, 10);
  await expect(section.locator('.hash')).toContainText(new RegExp(`${hash}.*${hash}`));
  const merge = saying('lora.merge-text').exec((await section.getByText(saying('lora.merge-text')).textContent())!.trim())!.groups!;
  expect(Number(merge.difference)).toBeLessThan(1e-5);
  expect(merge.otherwise).toBe('0');
  // r (9 C + O) over the three convolutions, r = 2, beside 23,184 weights.
  const all = section.getByRole('region', { name: say('lora.layers') }).locator('tfoot tr');
  await expect(all).toContainText('23,184');
  await expect(all).toContainText('1,106');

  const epochs = async (each: string) => {
    for (const stage of [0, 1, 2]) await page.getByLabel(say('finetune.epochs'), { exact: true }).nth(stage).fill(each);
  };
  await page.getByLabel(say('finetune.per-class'), { exact: true }).fill('5');
  await epochs('1');
  await section.getByRole('button', { name: saying('lora.ranks-run') }).click();
  const ranks = section.getByRole('region', { name: say('lora.ranks-title') });
  // 553 numbers for each step of the rank: 9 · (1 + 16 + 32) + 16 + 32 + 64.
  await expect(ranks.locator('tbody td:nth-child(2)')).toHaveText(['553', '1,106', '2,212', '4,424', '8,848'], { timeout: 90_000 });
  await expect(section.getByText(saying('lora.ranks-verdict'))).toBeVisible({ timeout: 60_000 });

  await epochs('2');
  await section.getByRole('button', { name: say('lora.swap-run') }).click();
  const swap = section.getByRole('region', { name: say('lora.swap-title') });
  await expect(swap.locator('tbody td')).toHaveText(Array.from({ length: 4 }, () => /^\d+(\.\d+)?\s?%$/), { timeout: 60_000 });
  const shares = (await swap.locator('tbody td').allTextContents()).map(parseFloat) as [number, number, number, number];
  expect(shares[0]).toBeGreaterThan(shares[2]);
  expect(shares[3]).toBeGreaterThan(shares[1]);
  await expect(section.getByText(say('lora.swap-back'))).toContainText(say('lora.swap-base'));
  await expect(section.getByRole('link', { name: say('lora.code-open') })).toHaveAttribute('href', /^#\/playground\?code=/);

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
