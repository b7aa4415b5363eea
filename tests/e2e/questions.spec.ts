// The questions as a reader uses them: the list, an answer, a proof that runs, a calculator, ten minutes of cards.
import { expect, expectSound, say, saying, test, type Page } from './danlu.ts';

async function openQuestion(page: Page, id: string) {
  await page.goto(`./#/questions/${id}`);
  await expect(page.getByRole('button', { name: say('question.show-answer') })).toBeVisible();
}

test('the list finds a question by word and by topic', async ({ page }) => {
  await page.goto('./#/questions');
  const rows = page.getByRole('main').getByRole('listitem');
  await expect(rows.first()).toBeVisible();
  const all = await rows.count();
  expect(all).toBeGreaterThanOrEqual(5);
  await page.getByRole('searchbox').fill('fine-tune');
  await expect(rows.filter({ hasText: 'Why fine-tune' })).toHaveCount(1);
  expect(await rows.count()).toBeLessThan(all);
  await page.getByRole('searchbox').fill('微调');
  await expect(rows.filter({ hasText: 'Why fine-tune' })).toHaveCount(1);
  // Initials of the pinyin of 微调.
  await page.getByRole('searchbox').fill('wt');
  await expect(rows.filter({ hasText: 'Why fine-tune' })).toHaveCount(1);
  await page.getByRole('searchbox').fill('zzz');
  await expect(page.getByRole('main').getByRole('status')).toContainText('zzz');
  await page.getByRole('searchbox').fill('');
  await page.getByRole('combobox').selectOption('source');
  await expect(rows).toHaveCount(5);
});

test('an answer opens by keyboard, and its proof runs on the engine, can be broken, and can be restored', async ({ page }) => {
  await openQuestion(page, 'what-is-a-large-model');
  await page.keyboard.press('Space');
  await expect(page.getByRole('heading', { name: say('question.section-short') })).toBeVisible();
  const run = page.getByRole('button', { name: say('question.prove-run'), exact: true });
  await run.click();
  await expect(page.locator('.verdict').getByText(saying('question.prove-done'))).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('.prove pre')).toContainText('124,439,808');
  const editor = page.getByRole('textbox', { name: saying('exercise.editor-label') });
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\nassert gpt2 == 1');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.verdict').getByText(say('question.prove-failed'))).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.prove')).toContainText('AssertionError');
  await page.getByRole('button', { name: say('question.prove-reset') }).click();
  await run.click();
  await expect(page.locator('.verdict').getByText(saying('question.prove-done'))).toBeVisible({ timeout: 60_000 });
});

test('a calculator follows every key and says what it cannot take', async ({ page }) => {
  await openQuestion(page, 'training-compute');
  await page.getByRole('button', { name: say('question.show-answer') }).click();
  const calculator = page.locator('.calculator');
  await calculator.getByLabel(say('calculator.preset'), { exact: true }).selectOption('GPT-3 175B');
  await expect(calculator.getByLabel(say('calculator.in-layers'), { exact: true })).toHaveValue('96');
  await expect(calculator.getByText('12.5 %')).toHaveCount(0);
  await calculator.getByLabel(say('calculator.in-pipeline-parallel'), { exact: true }).fill('4');
  await calculator.getByLabel(say('calculator.in-micro-batches'), { exact: true }).fill('21');
  await expect(calculator.getByText('12.5 %')).toBeVisible();
  await calculator.getByLabel(say('calculator.in-layers'), { exact: true }).fill('many');
  await expect(calculator.getByText(say('calculator.refused-number'))).toBeVisible();
  await expect(calculator.getByText('12.5 %')).toHaveCount(0);
});

test('a session of cards is one key each, outlives a reload, and takes an answer back', async ({ page }) => {
  await page.goto('./#/review');
  const title = page.getByRole('heading', { level: 1 });
  await expect(title).toBeVisible();
  const first = await title.textContent();
  await page.keyboard.press('Space');
  await expect(page.getByText(say('question.review-how'))).toBeVisible();
  await page.keyboard.press('4');
  await expect(title).not.toHaveText(first!);
  await page.reload();
  await expect(title).not.toHaveText(first!);
  const second = await title.textContent();
  await page.keyboard.press('Space');
  await page.keyboard.press('4');
  await expect(title).not.toHaveText(second!);
  await page.keyboard.press('z');
  await expect(title).toHaveText(second!);
  for (let left = 0; left < 40 && (await title.textContent()) !== say('question.review-done'); left += 1) {
    const shown = await title.textContent();
    await page.keyboard.press('Space');
    await expect(page.getByText(say('question.review-how'))).toBeVisible();
    await page.keyboard.press('4');
    await expect(title).not.toHaveText(shown!);
  }
  await expect(title).toHaveText(say('question.review-done'));
});

test('an open answer and a card have no violation and fit 360 px, in either theme', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openQuestion(page, 'training-compute');
  await page.keyboard.press('Space');
  await expect(page.locator('.calculator')).toBeVisible();
  await expectSound(page);
  await page.goto('./#/review');
  await expect(page.getByRole('button', { name: say('question.review-show') })).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByText(say('question.review-how'))).toBeVisible();
  await expectSound(page);
});
