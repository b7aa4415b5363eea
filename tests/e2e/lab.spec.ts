// The lab: a run is a spec in its link, built by layers, compared with others, looked into.
import { expect, expectSound, say, saying, test, violations, type Page } from './danlu.ts';

async function open(page: Page, address = './#/lab/runs'): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole('button', { name: saying('lab.train') })).toBeEnabled();
  await expect(page.getByText(saying('lab.data-counts'))).toBeVisible();
}

const box = (page: Page, key: string) => page.getByRole('textbox', { name: say(key), exact: true });
const button = (page: Page, key: string) => page.getByRole('button', { name: saying(key) });

/** A run that is over in a moment. */
async function shorten(page: Page): Promise<void> {
  await box(page, 'lab.data-limit').fill('200');
  await box(page, 'lab.epochs').fill('2');
}

async function train(page: Page): Promise<string> {
  await button(page, 'lab.train').first().click();
  const hash = page.locator('p.hash code');
  await expect(hash).toHaveText(/^[0-9a-f]{64}$/, { timeout: 60_000 });
  return (await hash.textContent())!;
}

test('a link opened elsewhere trains the same weights, bit for bit, and another seed others', async ({ page, context }) => {
  await open(page);
  await shorten(page);
  await expect.poll(() => page.url()).toContain('?spec=1.');
  const hash = await train(page);
  const other = await context.newPage();
  await open(other, page.url());
  await expect(box(other, 'lab.data-limit')).toHaveValue('200');
  expect(await train(other)).toBe(hash);
  await box(other, 'lab.seed-number').fill('2');
  await button(other, 'lab.train').first().click();
  await expect(other.locator('p.hash code')).not.toHaveText(hash, { timeout: 60_000 });
});

test('a run that ended is trained on to the weights of one that was asked for all its epochs at once', async ({ page }) => {
  await open(page);
  await shorten(page);
  const first = await train(page);
  const hash = page.locator('p.hash code');
  await button(page, 'lab.train-on').click();
  await expect(hash).not.toHaveText(first, { timeout: 60_000 });
  const further = (await hash.textContent())!;
  await expect(page.locator('tbody tr').filter({ has: page.getByRole('checkbox') })).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await box(page, 'lab.epochs').fill('4');
  await button(page, 'lab.train').first().click();
  await expect(page.locator('tbody tr').filter({ has: page.getByRole('checkbox') })).toHaveCount(2);
  await expect(button(page, 'lab.train-on')).toBeVisible({ timeout: 60_000 });
  await page.locator('tbody').getByRole('checkbox').first().uncheck();
  await expect(hash).toHaveText(further);
});

test('a chain becomes a graph, whose layers choose what they take by keyboard', async ({ page }) => {
  await open(page);
  await button(page, 'lab.to-graph').click();
  const rows = page.locator('button.row');
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press('Enter');
  const open_body = page.locator('ol.list > li').first();
  await open_body.getByRole('combobox', { name: say('lab.add-after') }).selectOption('concatenate');
  await expect(rows.nth(1)).toContainText('Concatenate');
  // The convolution's answer and what it took have other sizes: the mistake stands at the new layer until it is rewired.
  const added = page.locator('ol.list > li').nth(1);
  await expect(added.getByRole('alert')).toBeVisible();
  const second = added.getByRole('combobox', { name: say('lab.input-of', 'en', { n: 2 }) });
  await second.focus();
  await second.selectOption('conv2d_1');
  await expect(page.getByRole('status').filter({ hasText: say('lab.takes-now', 'en', { name: 'concatenate_1', inputs: 'conv2d_1 + conv2d_1' }) })).toBeAttached();
  await expect(added.getByRole('alert')).toBeHidden();
  await expect(rows.nth(1)).toContainText('26 × 26 × 64');
  await added.getByRole('button', { name: say('lab.input-add') }).click();
  await expect(added.getByRole('combobox', { name: say('lab.input-of', 'en', { n: 3 }) })).toBeFocused();
  await expect(added.getByRole('alert')).toBeVisible();
  await added.getByRole('button', { name: say('lab.input-remove', 'en', { n: 3 }) }).click();
  await expect(added.getByRole('alert')).toBeHidden();
  await expect(button(page, 'lab.train').first()).toBeEnabled();
  expect(await violations(page)).toEqual([]);
});

test('layers are changed by keyboard, a mistake stands at its layer, a damaged link says so', async ({ page }) => {
  await open(page, './#/lab/runs?spec=1.damaged');
  await expect(page.getByRole('alert')).toHaveText(say('lab.address-broken'));
  const rows = page.locator('button.row');
  await expect(rows).toHaveCount(5);
  await rows.nth(3).focus();
  await page.keyboard.press('ControlOrMeta+d');
  await expect(rows).toHaveCount(6);
  await rows.nth(4).press('Delete');
  await expect(rows).toHaveCount(5);
  await rows.nth(1).press('Alt+ArrowUp');
  await expect(rows.nth(0)).toContainText('MaxPool2D');
  await expect(rows.nth(0)).toContainText('14 × 14 × 1');
  await rows.nth(1).click();
  await page.getByRole('textbox', { name: 'kernel' }).fill('40');
  await expect(page.locator('ol.list > li').nth(1).getByRole('alert')).toContainText('conv2d');
  await expect(button(page, 'lab.train').first()).toBeDisabled();
  expect(await violations(page)).toEqual([]);
});

test('a sweep compares its runs, and the network is looked into', async ({ page }) => {
  await open(page);
  await shorten(page);
  await page.getByRole('tab', { name: say('lab.tab-sweep') }).click();
  await page.getByRole('combobox', { name: say('lab.knob') }).selectOption('augment');
  await button(page, 'lab.sweep-run').click();
  const runs = page.locator('tbody tr').filter({ has: page.getByRole('checkbox') });
  await expect(runs).toHaveCount(2);
  await expect(button(page, 'lab.train').first()).toBeEnabled({ timeout: 60_000 });
  await expect(page.getByRole('columnheader', { name: 'augment.shift' })).toBeVisible();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: say('lab.csv-runs') }).click();
  expect((await saved).suggestedFilename()).toMatch(/^danlu-runs-.*\.csv$/);

  await page.getByText(say('lab.view-confusion')).click();
  const wrong = page.locator('button.cell:not(.right)', { hasNotText: '·' }).first();
  await wrong.click();
  await expect(page.getByRole('button', { name: saying('lab.look-at') }).first()).toBeVisible();
  await button(page, 'lab.grad-cam').click();
  await expect(page.getByRole('img', { name: saying('lab.grad-cam-described') })).toBeVisible();
  await page.getByText(say('lab.view-embedding')).click();
  await expect(page.getByRole('img', { name: saying('lab.embedding-described') })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test('on a phone of 360 px, in Chinese, it fits and has no violation in either theme', async ({ browser, host }) => {
  const context = await browser.newContext({ baseURL: host.url, locale: 'zh-CN', viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto('./#/lab/runs');
  await page.getByLabel(say('lab.preset', 'zh')).selectOption('resnet');
  await page.getByText(say('lab.regularisation', 'zh')).click();
  await expect(page.getByText(say('lab.flops-sample', 'zh'))).toBeVisible();
  await expectSound(page);
  await context.close();
});
