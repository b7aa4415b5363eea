// The lab's language model: it learns a pattern, writes the same with and without its KV cache, shows where it looks; its
// tokens and its embedding.
import { expect, say, saying, sideways, test, violations } from './danlu.ts';

test('a small model learns a text of the reader’s, and the cache changes nothing but the time', async ({ page }) => {
  await page.goto('./#/lab/language');
  await page.getByLabel(say('language.text'), { exact: true }).fill('炉火纯青，炼丹不易。'.repeat(40));
  for (const [field, value] of [['language.context', '16'], ['language.width', '32'], ['language.heads', '2'], ['language.blocks', '1'], ['language.steps', '300']] as const) {
    await page.getByLabel(say(field), { exact: true }).fill(value);
    await page.keyboard.press('Tab');
  }
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByText(saying('language.at-step')).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: saying('language.train') })).toBeVisible({ timeout: 120_000 });

  await page.getByLabel(say('language.prompt'), { exact: true }).fill('炉火');
  await page.getByLabel(say('language.temperature'), { exact: true }).fill('0');
  await page.getByLabel(say('language.length'), { exact: true }).fill('18');
  await page.getByRole('button', { name: say('language.go-on') }).click();
  const written = page.locator('.written');
  await expect(written).toHaveText('炉火纯青，炼丹不易。炉火纯青，炼丹不易。');
  await page.getByRole('switch', { name: say('language.cache') }).click();
  await page.getByRole('button', { name: say('language.go-on') }).click();
  await expect(page.getByText(saying('language.pace-whole'))).toBeVisible();
  await expect(written).toHaveText('炉火纯青，炼丹不易。炉火纯青，炼丹不易。');

  await page.getByRole('heading', { name: say('language.attention'), exact: true }).click();
  await page.getByLabel(say('language.attention-text'), { exact: true }).fill('炼丹不易');
  await page.getByRole('button', { name: say('language.attention-look') }).click();
  await expect(page.locator('.strip span')).toHaveCount(4);
  await page.getByRole('heading', { name: say('language.cache-title'), exact: true }).click();
  await page.getByRole('button', { name: say('language.cache-time') }).click();
  await expect(page.getByText(saying('language.cache-saves'))).toBeVisible({ timeout: 60_000 });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('a text that is too short says how long it must be', async ({ page }) => {
  await page.goto('./#/lab/language');
  await page.getByLabel(say('language.text'), { exact: true }).fill('短');
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByRole('alert')).toHaveText(saying('errors.text_too_short'));
});

test('a link sets the model and opens its section, and what it cannot say is told', async ({ page }) => {
  await page.goto('./#/lab/language?section=cache&context=32&steps=soon');
  await expect(page.getByRole('button', { name: say('language.cache-time') })).toBeVisible();
  await expect(page.locator('summary:focus')).toContainText(say('language.cache-title'));
  await expect(page.getByLabel(say('language.context'), { exact: true })).toHaveValue('32');
  await expect(page.getByRole('alert')).toHaveText(say('language.address-refused', 'en', { name: 'steps', got: 'soon', expected: '1–100000' }));
  await page.getByLabel(say('language.context'), { exact: true }).fill('16');
  await expect(page).toHaveURL(/#\/lab\/language\?section=cache&context=16$/);
});

test('any text is cut into tokens before anything is trained, and merges are stepped through by keyboard', async ({ page }) => {
  await page.goto('./#/lab/language?section=tokens');
  await page.getByLabel(say('language.text'), { exact: true }).fill('low low low low low lower lower newest newest newest newest newest newest widest widest widest '.repeat(10));
  const tokens = page.getByRole('list', { name: say('tokens.cut') }).getByRole('listitem');
  await page.getByLabel(say('tokens.text'), { exact: true }).fill('lowest 炉🔥');
  await page.getByRole('button', { name: say('tokens.bytes') }).click();
  await expect(tokens).toHaveCount(14);
  await expect(tokens.last()).toHaveText('⟨A5⟩ 165');
  await expect(page.getByText(say('tokens.bytes-only'))).toBeVisible();

  // The exercise's example: the first merge is es; this text's pieces have spaces before them, which changes no count here.
  const slider = page.getByRole('slider', { name: saying('tokens.vocabulary') });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await expect(tokens.filter({ hasText: 'es 256' })).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await expect(tokens.filter({ hasText: 'est 257' })).toHaveCount(1);
  await expect(page.getByText(saying('tokens.last'))).toContainText('es + t → est');
  await page.getByRole('button', { name: say('tokens.after') }).click();
  await expect(tokens.filter({ hasText: 'lo 258' })).toHaveCount(1);
  await page.getByRole('button', { name: say('tokens.before') }).click();
  await expect(tokens.filter({ hasText: 'est 257' })).toHaveCount(1);
  await expect(tokens.filter({ hasText: 'lo 258' })).toHaveCount(0);
  await expect(page.getByText(saying('tokens.counts'))).toHaveText(say('tokens.counts', 'en', { tokens: 12, characters: 9, bytes: 14, ratio: '1.33' }));

  await page.getByRole('button', { name: say('tokens.choose') }).click();
  await expect(page.getByLabel(say('language.vocabulary'), { exact: true })).toHaveValue('258');
  await expect(page).toHaveURL(/section=tokens&tokeniser=bpe&vocabulary=258$/);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});

test('a model of tokens trains, writes and looks; its embedding says what one step moves', async ({ page }) => {
  await page.goto('./#/lab/language?section=embedding&tokeniser=bpe&vocabulary=270&context=16&width=32&heads=2&blocks=1&steps=120');
  await page.getByLabel(say('language.text'), { exact: true }).fill('炉火纯青，炼丹不易。The fire is slow.\n'.repeat(40));
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByText(saying('language.bits'))).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: saying('language.train') })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(saying('language.size'))).toContainText('vocabulary 270');

  await page.getByRole('button', { name: say('embedding.lookup-do') }).click();
  await expect(page.getByText(saying('embedding.difference'))).toContainText('is 0;');
  await page.getByRole('button', { name: say('embedding.touch-do') }).click();
  const movers = page.getByRole('table', { name: say('embedding.movers') });
  const row = (name: string) => movers.getByRole('row', { name: say(`embedding.mover-${name}`) }).getByRole('cell');
  const distinct = /of (\d+)/.exec((await row('sgd').first().textContent())!)![1]!;
  for (const name of ['run', 'fresh', 'decayed', 'sgd']) await expect(row(name).first()).toHaveText(`${distinct} of ${distinct}`);
  const others = 270 - Number(distinct);
  for (const [name, moved] of [['fresh', 0], ['decayed', others], ['sgd', 0]] as const) await expect(row(name).last()).toHaveText(`${moved} of ${others}`);
  await expect(page.getByText(saying('embedding.repeats-missed'))).toBeVisible();

  await page.getByLabel(say('embedding.near-text'), { exact: true }).fill('e');
  await page.getByRole('button', { name: say('embedding.near-do') }).click();
  await expect(page.locator('.near li')).toHaveCount(8);

  await page.getByLabel(say('language.prompt'), { exact: true }).fill('炉火');
  await page.getByLabel(say('language.temperature'), { exact: true }).fill('0');
  await page.getByLabel(say('language.length'), { exact: true }).fill('12');
  await page.getByRole('switch', { name: say('language.show-tokens') }).click();
  await page.getByRole('button', { name: say('language.go-on') }).click();
  await expect(page.getByRole('list', { name: say('language.written-tokens') }).getByRole('listitem')).toHaveCount(12);

  // Another cut of the same text stands beside it, by one measure.
  await page.getByLabel(say('language.tokeniser'), { exact: true }).selectOption('characters');
  await page.getByRole('button', { name: saying('language.train') }).click();
  await expect(page.getByRole('button', { name: saying('language.train') })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('region', { name: say('language.tries') }).getByRole('row')).toHaveCount(3);
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await sideways(page)).toBe(0);
});
