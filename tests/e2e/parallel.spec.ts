// The lab's room of parallel training: real workers agree with one worker, and outlive one of them that is terminated.
import { plainHost } from './hosts.ts';
import { expect, say, saying, sideways, test, violations, watch, type Page } from './danlu.ts';

async function fill(page: Page, fields: Record<string, string>) {
  for (const [field, value] of Object.entries(fields)) {
    await page.getByLabel(say(field), { exact: true }).fill(value);
    await page.keyboard.press('Tab');
  }
}

const small = { 'parallel.workers-count': '3', 'parallel.digits': '800', 'lab.batch-size': '64', 'parallel.epochs': '2' };

async function begin(page: Page, address: string, fields: Record<string, string> = {}) {
  await page.goto(address);
  await page.getByLabel(say('parallel.model'), { exact: true }).selectOption('lenet');
  await fill(page, { ...small, ...fields });
}

const hashes = async (page: Page, column: number) => page.locator(`table:has(code) tbody tr td:nth-child(${column}) code`).allTextContents();

test('a worker is killed in mid-epoch: the others notice, share its parts out and end with one worker’s weights', { tag: '@alone' }, async ({ page }) => {
  await begin(page, './#/lab/parallel', { 'parallel.epochs': '4' });
  await page.getByRole('button', { name: saying('parallel.train') }).click();
  // One leg whole, then one dies in the next.
  await expect(page.getByText(say('parallel.same-yes')).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: say('parallel.kill-label').replace('{name}', '2') }).click();
  await expect(page.getByRole('log').getByText(saying('parallel.log-lost'))).toBeVisible();
  await expect(page.getByRole('log').getByText(saying('parallel.log-agreed'))).toBeVisible();
  await expect(page.getByText(saying('parallel.accuracy')).first()).toBeVisible({ timeout: 90_000 });

  const several = await hashes(page, 2);
  expect(several).toHaveLength(16);
  expect(new Set(several).size).toBe(16);
  expect(several).toEqual(await hashes(page, 3));
  await expect(page.getByText(say('parallel.equal').replace('{n}', '16'))).toBeVisible();
  await expect(page.getByText(say('parallel.disagree'))).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('bytes are counted by ring and by star, and speed is measured', { tag: '@alone' }, async ({ page }) => {
  await begin(page, './#/lab/parallel', { 'parallel.epochs': '1' });
  for (const topology of ['ring', 'star'] as const) {
    await page.getByLabel(say('parallel.topology'), { exact: true }).selectOption(topology);
    await page.getByRole('button', { name: saying('parallel.train') }).click();
    await expect(page.getByText(saying('parallel.accuracy')).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(say('parallel.equal').replace('{n}', '4'))).toBeVisible();
    const rows = page.locator(`table:has-text("${say('parallel.by-formula')}") tbody tr`);
    await expect(rows).toHaveCount(3);
    const cells = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
    const numbers = cells.map((row) => row.map((text) => Number.parseFloat(text.replaceAll(',', ''))));
    for (const [sent, formula] of numbers) expect(Math.abs(sent! - formula!)).toBeLessThan(0.2);
    const [first, second] = numbers;
    expect(first![0]! / second![0]!).toBeCloseTo(topology === 'ring' ? 1 : 2, 2);
  }
  await fill(page, { 'parallel.speeds-most': '2' });
  await page.getByRole('button', { name: say('parallel.speeds-measure') }).click();
  await expect(page.locator(`table:has-text("${say('parallel.samples-per-s')}") tbody tr`)).toHaveCount(2, { timeout: 60_000 });
  // What the training showed is still there.
  await expect(page.getByText(say('parallel.equal').replace('{n}', '4'))).toBeVisible();
});

test('without shared memory the numbers go with the messages', async ({ browser }) => {
  const host = await plainHost();
  const context = await browser.newContext({ locale: 'en-US' });
  const seen = await watch(context, host.url);
  const page = await context.newPage();
  try {
    await begin(page, `${host.url}#/lab/parallel`, { 'parallel.epochs': '1' });
    await expect(page.getByText(say('parallel.by-messages'))).toBeVisible();
    await page.getByRole('button', { name: saying('parallel.train') }).click();
    await expect(page.getByText(say('parallel.equal').replace('{n}', '4'))).toBeVisible({ timeout: 60_000 });
    expect(seen).toEqual({ requests: [], errors: [] });
  } finally {
    await context.close();
    await host.close();
  }
});

test('the same formulas at large: more copies, less memory by ZeRO', async ({ page }) => {
  await page.goto('./#/lab/parallel');
  const result = (key: string) => page.locator('dl div', { has: page.getByText(say(key), { exact: true }) }).locator('dd');
  await page.getByLabel(say('scale.setup'), { exact: true }).selectOption('zero-2020');
  await expect(result('scale.out-devices')).toHaveText('64');
  await page.getByLabel(say('scale.in-zero'), { exact: true }).selectOption('0');
  await expect(result('scale.memory-state')).toHaveText('83.8 GiB');
  await page.getByLabel(say('scale.in-zero'), { exact: true }).selectOption('3');
  await expect(result('scale.memory-state')).toHaveText('1.31 GiB');
});

test('the address holds the settings, and says what in it cannot be', async ({ page }) => {
  await page.goto('./#/lab/parallel?workers=99&topology=star&epochs=3');
  await expect(page.getByRole('alert')).toHaveText(say('parallel.address-refused').replace('{name}', 'workers').replace('{got}', '99').replace('{expected}', '1–8'));
  await expect(page.getByLabel(say('parallel.topology'), { exact: true })).toHaveValue('star');
  await expect(page.getByLabel(say('parallel.epochs'), { exact: true })).toHaveValue('3');
  await fill(page, { 'parallel.workers-count': '4' });
  await expect(page).toHaveURL(/workers=4&topology=star&epochs=3$/);
});
