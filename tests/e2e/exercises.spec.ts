// Solving exercises: the editor, the judge behind it, stopping it, and what a reload keeps.
import { editor, exercises, expect, openExercise, paste, readExercise, say, saying, solutionOf, test, violations, type Page } from './danlu.ts';

const run = (page: Page) => page.getByRole('button', { name: say('exercise.run'), exact: true });
const submit = (page: Page) => page.getByRole('button', { name: say('exercise.submit'), exact: true });
const stop = (page: Page) => page.getByRole('button', { name: say('exercise.stop'), exact: true });
const results = (page: Page) => page.getByRole('region', { name: say('exercise.results') });

for (const id of exercises) {
  test(`the solution of ${id} passes every check when it is pasted and submitted`, async ({ page }) => {
    await openExercise(page, id);
    await paste(page, solutionOf(id));
    await submit(page).click();
    await expect(results(page)).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
  });
}

test('an exercise is written in NumPy or in PyTorch, each with a draft of its own, and either solves it', async ({ page }) => {
  await openExercise(page, 'adam');
  const flavours = page.getByRole('group', { name: say('exercise.flavour') });
  await expect(flavours.getByRole('link', { name: 'NumPy' })).toHaveAttribute('aria-current', 'true');
  await expect(editor(page)).toContainText('import numpy as np');
  await paste(page, 'import numpy as np\n\nmine = 1\n');
  await flavours.getByRole('link', { name: 'PyTorch' }).click();
  await expect(page).toHaveURL(/flavour=torch/);
  await expect(editor(page)).toContainText('import torch');
  await expect(page.getByText(say('exercise.flavour-torch-lead'))).toBeVisible();
  await paste(page, readExercise('adam', 'torch/no-correction.py'));
  await submit(page).click();
  await expect(results(page)).toContainText(saying('exercise.some-passed'), { timeout: 120_000 });
  await paste(page, readExercise('adam', 'torch/solution.py'));
  await submit(page).click();
  await expect(results(page)).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(editor(page)).toContainText('import torch');
  await page.getByRole('tab', { name: say('exercise.tab-attempts') }).click();
  await expect(page.getByRole('tabpanel').getByRole('listitem')).toHaveCount(2);
  await flavours.getByRole('link', { name: 'NumPy' }).click();
  await expect(editor(page)).toContainText('mine = 1');
  await page.getByRole('tab', { name: say('exercise.tab-attempts') }).click();
  await expect(page.getByText(say('exercise.attempts-none'))).toBeVisible();
  // What was solved in either is solved, and the choice goes on to the next exercise.
  await page.goto('./#/exercises');
  const row = page.locator('a[data-row]').filter({ hasText: 'Adam' }).first();
  await expect(row).toContainText(say('exercise.flavours'));
  await expect(row).toContainText(saying('exercise.best'));
});

test('an answer without the maximum fails, and the first failure stands open with what was expected and got', async ({ page }) => {
  await openExercise(page, 'stable-softmax');
  await paste(page, readExercise('stable-softmax', 'wrong/no-max.py'));
  await run(page).click();
  const list = results(page);
  await expect(list).toContainText(saying('exercise.some-passed'), { timeout: 120_000 });
  await expect(list).toContainText('Inputs up to ±1000 do not overflow');
  await expect(list.getByText(say('exercise.expected'), { exact: true })).toHaveCount(1);
  await expect(list.getByText(say('exercise.got'), { exact: true })).toBeVisible();
  await expect(list).toContainText('nan');
  expect(await violations(page)).toEqual([]);
});

test('code that does not run is shown with Python’s own words and the line', async ({ page }) => {
  await openExercise(page, 'stable-softmax');
  await paste(page, 'import numpy as np\n\ndef softmax(x, axis=-1):\n    return np.exp(x\n');
  await run(page).click();
  await expect(results(page)).toContainText('SyntaxError', { timeout: 120_000 });
});

test('Stop ends an endless loop in under half a second, and the next run works', { tag: '@alone' }, async ({ page }) => {
  await openExercise(page, 'stable-softmax');
  const took: number[] = [];
  // The best of three: what is asked is whether it can, not whether this machine was busy just then.
  for (let round = 0; round < 3; round += 1) {
    await paste(page, 'while True: pass\n');
    await run(page).click();
    await expect(results(page)).toContainText(say('exercise.phase-running'), { timeout: 120_000 });
    // Time for the loop itself to have begun.
    await page.waitForTimeout(1_500);
    await stop(page).evaluate((button) => {
      const state = window as unknown as { stopped_ms?: number };
      delete state.stopped_ms;
      const pressed = performance.now();
      button.addEventListener('click', () => {
        const look = () => {
          const disabled = !button.isConnected || (button as HTMLButtonElement).disabled || button.getAttribute('aria-disabled') === 'true';
          if (disabled) state.stopped_ms = performance.now() - pressed;
          else setTimeout(look, 5);
        };
        look();
      });
      (button as HTMLButtonElement).click();
    });
    await expect(results(page)).toContainText(say('exercise.stopped'));
    await expect(run(page)).toBeEnabled();
    took.push(await page.evaluate(() => (window as unknown as { stopped_ms: number }).stopped_ms));
  }
  console.log(`stopped after ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
  expect(Math.min(...took)).toBeLessThan(500);

  await paste(page, solutionOf('stable-softmax'));
  await run(page).click();
  await expect(results(page)).toContainText(saying('exercise.run-passed'), { timeout: 120_000 });
});

test('a reload in the middle of typing keeps the draft', async ({ page }) => {
  await openExercise(page, 'dense-backward');
  await paste(page, 'import numpy as np\n');
  await editor(page).press('ControlOrMeta+End');
  await page.keyboard.type('# half a thought');
  await page.reload();
  await expect(editor(page)).toContainText('# half a thought');
});

test('the keyboard runs the visible checks and submits all of them', async ({ page }) => {
  await openExercise(page, 'dense-backward');
  await paste(page, solutionOf('dense-backward'));
  await editor(page).press('ControlOrMeta+Enter');
  await expect(results(page)).toContainText(saying('exercise.run-passed'), { timeout: 120_000 });
  await editor(page).press('ControlOrMeta+Shift+Enter');
  await expect(results(page)).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
});

test('a link that only the keyboard sees leads straight into the editor', async ({ page }) => {
  await openExercise(page, 'dense-backward');
  const skip = page.getByRole('link', { name: say('exercise.skip') });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await expect(page).toHaveURL(/#\/exercises\/dense-backward$/);
});

test('after a run the scratch cell above the results is shown whole or not at all', async ({ page }) => {
  await openExercise(page, 'dense-backward');
  await run(page).click();
  await expect(results(page)).toContainText('NotImplementedError', { timeout: 120_000 });
  const above = () => results(page).evaluate((section) => section.getBoundingClientRect().top - section.parentElement!.getBoundingClientRect().top);
  const cell = await page.locator('[data-scratch]').evaluate((element) => element.getBoundingClientRect().height);
  await expect.poll(async () => [0, Math.round(cell)].includes(Math.round(await above()))).toBe(true);
});

test('hints come one at a time and the solution only after a question', async ({ page }) => {
  await openExercise(page, 'conv2d-naive');
  await page.getByRole('tab', { name: say('exercise.tab-hints') }).click();
  await expect(page.getByRole('heading', { name: 'Hint 1' })).toHaveCount(0);
  await page.getByRole('button', { name: say('exercise.hint-first') }).click();
  await expect(page.getByText('First build a larger array')).toBeVisible();
  await expect(page.getByText('Integer division rounds up')).toHaveCount(0);
  await page.getByRole('tab', { name: say('exercise.tab-solution') }).click();
  await page.getByRole('button', { name: say('exercise.solution-show') }).first().click();
  await expect(page.getByText('Pad first, then add up')).toHaveCount(0);
  await page.getByRole('dialog').getByRole('button', { name: say('exercise.solution-show') }).click();
  await expect(page.getByText('Pad first, then add up')).toBeVisible();
});
