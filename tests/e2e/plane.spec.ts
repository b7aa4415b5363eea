// The lab's plane: a network that is trained batch by batch and by hand, a line beside its formula, programs that are
// broken on purpose, and shapes lined up; all of it computed in the page.
import { expect, say, saying, sideways, test, violations, type Page } from './danlu.ts';

const button = (page: Page, key: string) => page.getByRole('button', { name: say(key), exact: true });
const field = (page: Page, key: string) => page.getByLabel(say(key), { exact: true });

/** A whole sentence's fields: its last one ends where the sentence does. */
const fields = async (page: Page, key: string) => new RegExp(`${saying(key).source}$`).exec(await page.getByText(saying(key)).first().innerText())!.groups! as Record<string, string>;
const number = (text: string) => Number(text.replace('−', '-'));

/** The figures of the bar: of training, and of the test points. */
async function reached(page: Page, key: 'plane.train-is' | 'plane.test-is'): Promise<{ loss: number; accuracy: number }> {
  const { loss, accuracy } = await fields(page, key);
  return { loss: number(loss!), accuracy: Number.parseFloat(accuracy!) };
}

test('a network is trained batch by batch, by the run and by hand, and the address holds it', async ({ page }) => {
  await page.goto('./#/lab/plane');
  await button(page, 'plane.one-batch').click();
  await expect(page.getByText(saying('plane.at')).first()).toContainText('Step 1 ');
  // Plain SGD: the last step changed the weight by the rate times its gradient.
  const facts = page.locator('dl', { hasText: say('plane.weight-gradient') }).locator('dd');
  await expect(facts).toHaveCount(3);
  const [, foretold, changed] = await facts.allInnerTexts();
  expect(number(foretold!)).toBeCloseTo(number(changed!), 3);

  await field(page, 'plane.speed').selectOption('full');
  await button(page, 'plane.run').click();
  await expect.poll(async () => (await reached(page, 'plane.train-is')).accuracy, { timeout: 30_000 }).toBeGreaterThan(95);
  await button(page, 'plane.pause').click();
  expect((await reached(page, 'plane.test-is')).accuracy).toBeGreaterThan(85);
  const before = await reached(page, 'plane.train-is');

  // A weight of the output by hand, by keyboard alone.
  await field(page, 'plane.weight-to-layer').selectOption({ label: say('plane.weight-output') });
  await field(page, 'plane.weight-value').fill('-60');
  await expect.poll(async () => (await reached(page, 'plane.train-is')).loss).toBeGreaterThan(before.loss);
  await page.locator('summary', { hasText: say('plane.table') }).click();
  await expect(page.getByRole('table').last()).toContainText('−60');
  expect(await violations(page)).toEqual([]);

  // Another network: an input more, a layer less; the address leads a fresh page to the same.
  await page.getByRole('button', { name: say('plane.feature', 'en', { name: 'xy' }) }).click();
  await button(page, 'plane.layer-less').click();
  await page.getByRole('button', { name: say('plane.unit-more', 'en', { n: 1 }) }).click();
  await expect(page).toHaveURL(/features=x-y-xy&layers=5$/);
  await page.reload();
  await expect(page.getByRole('button', { name: say('plane.unit', 'en', { layer: 1, unit: 5 }) })).toBeVisible();
  await expect(page.getByRole('button', { name: say('plane.feature', 'en', { name: 'xy' }) })).toHaveAttribute('aria-pressed', 'true');

  // Points of one's own alone, by a press and by the form.
  await field(page, 'plane.data-kind').selectOption('own');
  await expect(page.getByText(say('plane.add-first'))).toBeVisible();
  await expect(button(page, 'plane.run')).toBeDisabled();
  await page.getByRole('img', { name: say('plane.plane-empty') }).click({ position: { x: 40, y: 40 } });
  await page.locator('summary', { hasText: say('plane.add-title') }).click();
  await field(page, 'plane.add-class').selectOption('0');
  await button(page, 'plane.add').click();
  await expect(page).toHaveURL(/points=-?[\d.]+%2C[\d.]+%2C1%3B1%2C1%2C0/);
  await button(page, 'plane.one-epoch').click();
  await expect(page.getByText(saying('plane.train-is')).first()).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('descent meets the formula below 2/λ_max and ends in NaN above it, and what is wrong in an address is told', async ({ page }) => {
  await page.goto('./#/lab/plane?section=line&rate=-3&colour=red');
  await expect(page.getByRole('alert')).toHaveCount(2);
  await button(page, 'plane.rate-quickest').click();
  const { loss, least } = await fields(page, 'plane.converges');
  expect(loss).toBe(least);
  await button(page, 'plane.rate-over').click();
  const told = await fields(page, 'plane.diverges');
  expect(Number(told.nan)).toBeGreaterThan(Number(told.infinite));
  await page.locator('summary', { hasText: say('plane.line-table') }).click();
  await expect(page.getByRole('table')).toContainText('NaN');
  // Standardised, every direction is as steep as the other.
  await page.getByRole('switch', { name: say('plane.scaled') }).click();
  await expect(page.locator('dl div', { hasText: say('plane.condition') }).locator('dd')).toHaveText('1.000');
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('programs that are broken on purpose fail as they say, beside the mended ones', async ({ page }) => {
  await page.goto('./#/lab/plane?section=broken');
  const mean = await fields(page, 'plane.mean-result');
  expect(Math.abs(Number(mean.wrong) / Number(mean.variance) - 1)).toBeLessThan(0.05);
  expect(Number(mean.right)).toBeLessThan(0.1 * Number(mean.variance));
  await expect(page.locator('pre')).not.toContainText('squeeze');
  await page.getByRole('switch', { name: say('plane.broken-switch') }).click();
  await expect(page.locator('pre')).toContainText('squeeze');
  expect(await violations(page)).toEqual([]);

  await page.getByRole('tab', { name: say('plane.case-rate') }).click();
  await expect(page.locator('.end text')).toHaveText('∞');
  await expect(page.getByRole('table')).toContainText('1.440');
  await page.getByRole('tab', { name: say('plane.case-log') }).click();
  await expect(page.getByText(saying('plane.log-lost-shifted'))).toBeVisible();
  await field(page, 'plane.log-logits').fill('0,60');
  await expect(page.getByText(say('plane.log-fine'))).toBeVisible();
  await field(page, 'plane.log-logits').fill('0, 150');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(2)).toContainText('∞');
  await expect(rows.nth(2)).toContainText('NaN');
  await expect(rows.nth(4)).toContainText('150.0000');
  await field(page, 'plane.log-logits').fill('0, big');
  await expect(page.getByText(saying('plane.log-logits-bad'))).toBeVisible();
  await button(page, 'plane.log-from-net').click();
  await expect(page.getByText(say('plane.log-net-wrong'))).toBeVisible();

  await page.getByRole('tab', { name: say('plane.case-stale') }).click();
  const stale = await fields(page, 'plane.stale-result');
  expect(stale.moved).toBe('0');
  expect(Number(stale.right)).toBeLessThan(0.5 * Number(stale.wrong));
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('shapes are lined up, clash by name, and the backward pass says what it sums over', async ({ page }) => {
  await page.goto('./#/lab/plane?section=shapes');
  await expect(page.getByText(say('plane.shapes-backward-sums', 'en', { n: 2, result: '(8, 7, 6)', axes: '0, 2', shape: '(7, 1)' }))).toBeVisible();
  const shapes = field(page, 'plane.shapes-field');
  await shapes.fill('5,1;5');
  await expect(page.getByText(say('plane.shapes-ok', 'en', { shape: '(5, 5)', n: 25 })).first()).toBeVisible();
  await expect(page.getByRole('img', { name: saying('plane.shapes-grids-described') })).toHaveCount(2);
  await shapes.fill('2,3;2');
  await expect(page.getByText(say('plane.shapes-no', 'en', { axis: '−1', a: '3', b: '2' })).first()).toBeVisible();
  await shapes.fill('2,-3');
  await expect(page.getByRole('alert')).toContainText('−3'.replace('−', '-'));
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});
