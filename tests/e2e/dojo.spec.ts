// Around the exercises: finding them, paths, stars, the scratch cell, downloads, and the reader's progress as a file.
import { readFileSync } from 'node:fs';
import { editor, expect, openExercise, paste, readExercise, say, saying, sideways, solutionOf, test, violations, type Page } from './danlu.ts';

const rows = (page: Page) => page.getByRole('main').locator('a[data-row]');
const search = (page: Page) => page.getByRole('searchbox', { name: say('exercise.search') });
const choice = (page: Page, key: string) => page.getByRole('combobox', { name: say(`exercise.filter-${key}`) });
const submit = (page: Page) => page.getByRole('button', { name: say('exercise.submit'), exact: true });
const results = (page: Page) => page.getByRole('region', { name: say('exercise.results') });

async function openList(page: Page, query = ''): Promise<void> {
  await page.goto(`./#/exercises${query}`);
  await expect(rows(page).first()).toBeVisible();
}

async function solve(page: Page, id: string): Promise<void> {
  await openExercise(page, id);
  await paste(page, solutionOf(id));
  await submit(page).click();
  await expect(results(page)).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
}

test('the search finds by words of both languages and by pinyin initials, and the address keeps it', async ({ page }) => {
  await openList(page);
  const all = await rows(page).count();
  for (const query of ['dense backward', '反向 dense', 'qljcdfx']) {
    await search(page).fill(query);
    await expect(rows(page)).toHaveText([/Dense backward/]);
  }
  await page.reload();
  await expect(rows(page)).toHaveText([/Dense backward/]);
  await search(page).press('Escape');
  await expect(rows(page)).toHaveCount(all);
  await search(page).fill('no such thing');
  await expect(page.getByText(say('exercise.filter-none'))).toBeVisible();
  await page.getByRole('button', { name: say('exercise.filter-clear') }).click();
  await expect(rows(page)).toHaveCount(all);
});

test('filters narrow the list, and a star filters too', async ({ page }) => {
  await openList(page);
  await choice(page, 'topic').selectOption('cnn');
  await choice(page, 'difficulty').selectOption('M');
  await expect(rows(page).filter({ hasText: 'Naive conv2d' })).toHaveCount(1);
  await expect(rows(page).filter({ hasText: 'Stable softmax' })).toHaveCount(0);
  const star = page.getByRole('button', { name: say('exercise.star').replace('{title}', 'Naive conv2d') });
  await star.click();
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  await openList(page, '?state=starred');
  await expect(rows(page)).toHaveText([/Naive conv2d/]);
  expect(await violations(page)).toEqual([]);
});

test('the keyboard alone finds an exercise, opens it, and goes on to the next of the path', async ({ page }) => {
  await openList(page, '?path=last-45-minutes');
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await expect(rows(page).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stable softmax');
  await expect(page.getByText('45 minutes before the interview')).toBeVisible();
  await page.keyboard.press('Alt+BracketRight');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cross-entropy from logits');
  await page.keyboard.press('Alt+BracketLeft');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stable softmax');
});

test('an exercise leads to the questions behind it', async ({ page }) => {
  await openExercise(page, 'stable-softmax');
  const section = page.getByRole('heading', { name: say('exercise.questions') }).locator('..');
  await section.getByRole('link').first().click();
  await expect(page).toHaveURL(/#\/questions\//);
});

test('the scratch cell runs after the solution, shows its last expression, and survives a reload', async ({ page }) => {
  await openExercise(page, 'stable-softmax');
  await paste(page, solutionOf('stable-softmax'));
  await page.locator('[data-scratch] summary').click();
  const cell = page.locator('[data-scratch]');
  await cell.locator('.cm-content').focus();
  await page.keyboard.type('softmax(np.zeros(4)).sum()');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(cell.getByLabel(say('exercise.output'))).toHaveText('np.float64(1.0)', { timeout: 120_000 });
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(page.locator('[data-scratch] .cm-content')).toHaveText('softmax(np.zeros(4)).sum()');
});

test('a right answer of closures survives the browser’s stack', async ({ page }) => {
  await openExercise(page, 'scalar-autograd');
  await paste(page, readExercise('scalar-autograd', 'unusual.py'));
  await submit(page).click();
  await expect(results(page)).toContainText(saying('exercise.submit-passed'), { timeout: 120_000 });
});

for (const kind of ['py', 'ipynb'] as const) {
  test(`the code downloads as .${kind}, with the listed checks in it`, async ({ page }) => {
    await openExercise(page, 'stable-softmax');
    await paste(page, `${solutionOf('stable-softmax')}\n# mine\n`);
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 120_000 }),
      page.getByRole('button', { name: say(`exercise.download-${kind}`) }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`stable-softmax.${kind}`);
    const text = readFileSync(await download.path(), 'utf8');
    const source = kind === 'py' ? text : (JSON.parse(text).cells as { source: string[] }[]).map((cell) => cell.source.join('')).join('\n');
    expect(source).toContain('# mine');
    expect(source).toContain('Inputs up to ±1000 do not overflow');
    expect(source).toMatch(/close\(y1, np\.array\(/);
  });
}

test('what was solved, starred and begun goes with one file to another browser, and is merged there', async ({ page, browser, baseURL }) => {
  await solve(page, 'dense-backward');
  await openExercise(page, 'conv2d-naive');
  await editor(page).press('ControlOrMeta+End');
  await page.keyboard.type('# begun');
  await page.goto('./#/progress');
  await expect(page.getByRole('heading', { name: saying('exercise.list-solved') })).toContainText('1 of');
  expect(await violations(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: say('progress.save') }).click()]);
  const path = await download.path();

  const context = await browser.newContext({ baseURL: baseURL!, locale: 'en-US', viewport: { width: 360, height: 740 } });
  const other = await context.newPage();
  await other.goto('./#/progress');
  await other.locator('input[type=file]').setInputFiles({ name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect(other.getByText(say('progress.file-not-ours'))).toBeVisible();
  for (const [attempts, drafts] of [['1', '2'], ['0', '0']]) {
    await other.locator('input[type=file]').setInputFiles(path);
    await expect(other.getByText(say('progress.read').split('{')[0]!, { exact: false })).toContainText(`${attempts} new attempts, ${drafts} new drafts`);
  }
  await expect(other.getByRole('heading', { name: saying('exercise.list-solved') })).toContainText('1 of');
  expect(await sideways(other)).toBe(0);
  expect(await violations(other)).toEqual([]);
  await openExercise(other, 'conv2d-naive');
  await expect(editor(other)).toContainText('# begun');
  await context.close();
});

test('a pass from the starting code has a time, which the list shows as the best', async ({ page }) => {
  await solve(page, 'stable-softmax');
  await page.getByRole('tab', { name: say('exercise.tab-attempts') }).click();
  await page.locator('.attempts summary').first().click();
  await expect(page.getByText(saying('exercise.attempt-spent')).first()).toBeVisible();
  await openList(page, '?state=solved');
  await expect(rows(page)).toContainText([saying('exercise.best')]);
});
