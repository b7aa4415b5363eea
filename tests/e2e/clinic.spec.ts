// The clinic and the mock interview as a reader uses them.
import { editor, expect, paste, readExercise, say, saying, sideways, solutionOf, test, violations, type Page } from './danlu.ts';

const instruments = (page: Page) => page.getByRole('table', { name: say('clinic.layers') });
const submit = (page: Page) => page.getByRole('button', { name: say('exercise.submit'), exact: true });
const results = (page: Page) => page.getByRole('region', { name: say('exercise.results') });

test('a case is examined, diagnosed, mended the wrong way and the right way, and then counts as cured', async ({ page }) => {
  await page.goto('./#/clinic');
  await page.getByRole('link', { name: 'The loss goes NaN' }).click();
  // The broken program trains here and now, and its curve ends in a cross.
  await expect(instruments(page)).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('.curves .end text')).toHaveText('NaN', { timeout: 60_000 });
  expect(await violations(page)).toEqual([]);

  // The room of the lab that shows the cause is named once it is found.
  const room = page.getByRole('link', { name: say('exercise.lab-room') });
  await page.getByRole('tab', { name: say('exercise.tab-task') }).click();
  await expect(page.getByRole('heading', { name: say('exercise.section-task') })).toBeVisible();
  await expect(room).toHaveCount(0);
  await page.getByRole('tab', { name: say('clinic.tab-diagnosis') }).click();
  await page.getByRole('radio').nth(1).check();
  await page.getByRole('button', { name: say('clinic.confirm') }).click();
  await expect(page.getByText(say('clinic.is-no-cause'), { exact: true })).toHaveCount(1);
  await page.getByRole('radio').nth(3).check();
  await page.getByRole('button', { name: say('clinic.confirm') }).click();
  await expect(page.getByText(saying('clinic.found'))).toBeVisible();
  await expect(room).toHaveAttribute('href', '#/lab/plane?section=broken&case=log');
  expect(await violations(page)).toEqual([]);

  await page.getByRole('tab', { name: say('clinic.tab-instruments') }).click();
  await paste(page, readExercise('loss-nan', 'wrong/clips-gradient.py'));
  await submit(page).click();
  await expect(results(page)).toContainText(saying('exercise.some-passed'), { timeout: 120_000 });
  await paste(page, solutionOf('loss-nan'));
  await submit(page).click();
  await expect(results(page)).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
  // One cross is left: that of the broken run.
  await expect(page.locator('.curves .end')).toHaveCount(1);
  await page.goto('./#/clinic');
  await expect(page.getByRole('link', { name: 'The loss goes NaN' })).toContainText(say('clinic.cured'));
});

test('a mock interview keeps its clock, its notes and its pauses over a reload, and ends in a report', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('./#/mock?level=junior&seed=abc234');
  await page.getByRole('button', { name: say('mock.begin') }).click();
  await expect(editor(page)).toBeVisible();
  expect(await sideways(page)).toBe(0);
  await page.keyboard.press('Alt+2');
  await page.getByLabel(say('mock.note')).fill('first the units');
  await page.getByRole('button', { name: say('mock.pause') }).click();
  await expect(page.getByRole('heading', { name: say('mock.paused') })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: say('mock.paused') })).toBeVisible();
  await page.getByRole('button', { name: say('mock.resume') }).click();
  await expect(page.getByLabel(say('mock.note'))).toHaveValue('first the units');
  await page.getByRole('button', { name: say('mock.show') }).click();
  const points = page.getByRole('checkbox');
  for (let at = 0; at < (await points.count()); at += 1) await points.nth(at).check();
  await page.getByRole('button', { name: say('mock.grade') }).click();
  await expect(page.getByText(say('mock.asked-on'))).toBeVisible();
  await expect(page.getByRole('heading', { name: say('question.section-follow-ups') })).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: say('mock.finish') }).click();
  await page.getByRole('dialog').getByRole('button', { name: say('mock.finish') }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('mock.report'));
  await expect(page.getByText(saying('mock.pause-was'))).toHaveCount(1);
  await expect(page.getByText(say('mock.fact-not-submitted'))).toHaveCount(2);
  expect(await violations(page)).toEqual([]);
  expect(await sideways(page)).toBe(0);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: say('mock.save') }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toMatch(/^danlu-mock-abc234-.*\.md$/);
  await page.getByRole('button', { name: say('mock.another') }).click();
  await expect(page.getByRole('heading', { name: say('mock.done') })).toBeVisible();
});
