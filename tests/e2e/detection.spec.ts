// The lab's room of detection: a detector trains, its boxes need NMS, and it finds digits it has never seen.
import { expect, say, saying, sideways, test, violations, type Page } from './danlu.ts';

const number = (text: string | null) => Number.parseFloat(text ?? '');

/** The numbers of a row of the table of suppressions: mAP@.5, mAP@[.5:.95], found, duplicates. */
async function row(page: Page, name: RegExp): Promise<number[]> {
  const cells = await page.locator(`#detection-measure ~ .scroll tbody tr`, { has: page.locator('th', { hasText: name }) }).locator('td').allTextContents();
  return cells.map(number);
}

test('a detector learns in the page, and mAP falls without NMS and with too low a threshold', { tag: '@alone' }, async ({ page }) => {
  await page.goto('./#/lab/detection?steps=450&scenes=40&scene=2');
  await expect(page.getByText(say('detection.untrained'))).toBeVisible();
  await page.getByRole('button', { name: saying('detection.train') }).click();
  await expect(page.getByText(saying('detection.verdict'))).toBeVisible({ timeout: 50_000 });

  const [now, none, lowest] = [await row(page, saying('detection.here')), await row(page, /no NMS/), await row(page, /threshold 0.05/)];
  // Ten classes, and a box must fit: guessing gets next to nothing.
  expect(now[0]).toBeGreaterThan(25);
  expect(now[1]).toBeLessThan(now[0]!);
  expect(none[0]).toBeLessThan(now[0]! - 3);
  expect(none[3]).toBeGreaterThan(now[3]! + 15);
  expect(lowest[3]).toBe(0);
  expect(lowest[2]).toBeLessThanOrEqual(now[2]!);

  // NMS takes boxes away, and the threshold says how many.
  const counts = async () => (await page.locator('#detection-scene ~ .figures figcaption .number').allTextContents()).map(number);
  const [raw, kept] = await counts();
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(raw!);
  await page.getByRole('slider', { name: say('detection.nms') }).fill('100');
  await expect.poll(counts).toEqual([raw, raw]);
  await page.getByRole('slider', { name: say('detection.nms') }).fill('50');
  await expect.poll(counts).toEqual([raw, kept]);

  // Round by round, each keeps one: as many rounds as boxes that stay.
  await expect(page.getByText(new RegExp(`^Round 1 of ${kept}: A stays`))).toBeVisible();
  await page.getByRole('button', { name: say('detection.forth'), exact: true }).click();
  await expect(page.getByText(new RegExp(`^Round 2 of ${kept}:`))).toBeVisible();

  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test('a scene is put together and drawn, and the address holds it', async ({ page }) => {
  await page.goto('./#/lab/detection?kind=placed&nms=300');
  await expect(page.getByRole('alert')).toHaveText(say('detection.address-refused').replace('{name}', 'nms').replace('{got}', '300').replace('{expected}', '0–100'));
  await page.getByRole('button', { name: say('detection.place-pair') }).click();
  await expect(page.getByRole('group', { name: saying('detection.placed') })).toHaveCount(2);
  await page.getByRole('group', { name: saying('detection.placed') }).first().getByLabel('x', { exact: true }).fill('41');
  await expect(page).toHaveURL(/kind=placed&placed=\d+\.41\.12\.30-\d+\.19\.15\.30$/);
  await page.reload();
  await expect(page.getByRole('group', { name: saying('detection.placed') })).toHaveCount(2);
  await page.getByLabel(say('detection.kind'), { exact: true }).selectOption('drawn');
  await expect(page.getByRole('img', { name: say('detection.draw'), exact: true })).toBeVisible();
  await expect(page.getByText(say('detection.no-boxes'))).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
