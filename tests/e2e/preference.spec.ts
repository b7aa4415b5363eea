// The preference room: a base is trained, GRPO raises a checkable reward far beyond chance, DPO widens its margin; what
// cannot be is said, and Stop stops.
import { expect, say, saying, sideways, test, violations, type Page } from './danlu.ts';

const small = 'text=en&width=32&blocks=1&base_steps=120&prompts=4&steps=14&rate=0.001&beta=0.05&pairs=48&dpo_batch=16&dpo_steps=16&dpo_rate=0.0005';

/** Mean reward and its standard error of a row of the comparison. */
async function rewardOf(page: Page, row: string): Promise<[number, number]> {
  const text = await page.locator(`tr[data-run="${row}"] td`).first().innerText();
  const [mean, error] = text.split('±').map((part) => Number(part.trim()));
  return [mean!, error!];
}

test('GRPO and DPO raise the reward of a small base, and the page shows how', async ({ page }) => {
  await page.goto(`./#/lab/preference?${small}`);
  const grpo = page.getByRole('button', { name: say('preference.grpo-do'), exact: true });
  await grpo.click();
  await expect(page.locator('tr[data-run="B"]')).toBeVisible({ timeout: 60_000 });
  const [[before, own], [after, error]] = [await rewardOf(page, 'A'), await rewardOf(page, 'B')];
  expect(before).toBeGreaterThan(0);
  expect(after - before).toBeGreaterThan(4 * Math.hypot(own, error));
  // The group's advantages are rewards as the exercise normalises them: they sum to nothing.
  const advantages = await page.getByRole('region', { name: say('preference.group-table') }).locator('tbody td:nth-child(3)').allInnerTexts();
  expect(advantages).toHaveLength(8);
  expect(Math.abs(advantages.reduce((sum, text) => sum + Number(text.replace('−', '-')), 0))).toBeLessThan(0.05);

  await page.getByRole('button', { name: say('preference.dpo-do'), exact: true }).click();
  await expect(page.locator('tr[data-run="C"]')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(saying('preference.pairs-are'))).toBeVisible();
  expect((await rewardOf(page, 'C'))[0]).toBeGreaterThan(before);

  // A narrow window, in which tables scroll.
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test('the address sets the room, says what it cannot take, and Stop keeps what was reached', async ({ page }) => {
  await page.goto(`./#/lab/preference?${small.replace('steps=14', 'steps=500')}&rule=once&word=rose&group=1`);
  await expect(page.getByRole('alert')).toHaveText(saying('preference.address-refused'));
  await expect(page.getByLabel(say('preference.word'), { exact: true })).toHaveValue('rose');
  await expect(page.getByLabel(say('preference.group-size'), { exact: true })).toHaveValue('8');
  await page.getByRole('button', { name: say('preference.grpo-do'), exact: true }).click();
  await expect(page.getByText(saying('preference.group')).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: say('preference.stop'), exact: true }).click();
  await expect(page.getByText(saying('preference.stopped-at')).first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('button', { name: say('preference.train-again') })).toBeEnabled();
});

test('where no two answers differ, DPO says so', async ({ page }) => {
  await page.goto(`./#/lab/preference?${small}&rule=count&word=zebra`);
  await page.getByRole('button', { name: say('preference.dpo-do'), exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText(saying('errors.preference_no_pairs'), { timeout: 60_000 });
});
