// The playground: run, examples, drafts, sharing by the address, the keyboard.
import { editor, expect, expectSound, paste, say, saying, test, violations, type Page } from './danlu.ts';

const output = (page: Page) => page.getByRole('region', { name: say('playground.result'), exact: true });
const button = (page: Page, key: string) => page.getByRole('button', { name: say(key), exact: true });

async function open(page: Page, address = './#/playground'): Promise<void> {
  await page.goto(address);
  await expect(editor(page)).toBeVisible();
}

async function ran(page: Page): Promise<void> {
  await expect(output(page)).toContainText(saying('playground.done'), { timeout: 120_000 });
}

test('the keyboard runs the code, and text and figures appear in order', async ({ page }) => {
  await open(page);
  await paste(page, 'import matplotlib.pyplot as plt\nprint("before")\nplt.plot([1, 3, 2], label="a")\nplt.show()\nprint("after")\n');
  await editor(page).press('ControlOrMeta+Enter');
  await ran(page);
  const order = await page.locator('.pieces > *').evaluateAll((all) => all.map((one) => (one.localName === 'figure' ? 'figure' : one.textContent)));
  expect(order).toEqual(['before', 'figure', 'after']);
  await expect(output(page).getByRole('img')).toHaveAccessibleName(/1 line “a” of 3 points/);
  expect(await violations(page)).toEqual([]);
});

test('a fit draws its curves between what it prints, and they end at the numbers of its last line', async ({ page }) => {
  await open(page);
  await paste(page, [
    'import keras, numpy as np', 'x = np.random.default_rng(0).random((60, 4))', 'y = (x[:, 0] > x[:, 1]) * 1',
    'model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])',
    'model.compile("adam", "binary_crossentropy", metrics=["accuracy"])', 'print("before")',
    'model.fit(x, y, epochs=3, validation_split=0.2, verbose=2)', 'print("after")',
  ].join('\n'));
  await button(page, 'playground.run').click();
  await ran(page);
  const pieces = await page.locator('.pieces > *').evaluateAll((all) => all.map((one) => (one.localName === 'pre' ? one.textContent.trim().split('\n')[0] : one.className.split(' ')[0])));
  expect(pieces).toEqual(['before', 'curves', expect.stringContaining('- accuracy:')]);
  const printed = await output(page).locator('pre').last().textContent();
  const last = (name: string) => Number(printed!.match(new RegExp(`.*- ${name}: ([\\d.]+)`, 's'))![1]);
  for (const [name, title] of [['loss', 'exercise.curve-loss'], ['accuracy', 'exercise.curve-accuracy']] as const) {
    const label = await output(page).getByRole('img', { name: new RegExp(`^${say(title)} `) }).getAttribute('aria-label');
    // The last figure of a sentence ends before its full stop.
    const [, training, heldOut] = label!.match(/: ([\d.]+\d); .*: ([\d.]+\d)\.$/)!;
    expect(Number(training)).toBeCloseTo(last(name), 2);
    expect(Number(heldOut)).toBeCloseTo(last(`val_${name}`), 2);
  }
  expect(await violations(page)).toEqual([]);
});

test('an example is chosen by keyboard, runs, and the code before it comes back', async ({ page }) => {
  await open(page);
  await paste(page, 'x = 1  # mine\n');
  await button(page, 'playground.examples').press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect(page.getByRole('button', { name: say('playground.example-plots') })).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(editor(page)).toContainText('The plots that a training run asks for');
  await button(page, 'playground.run').click();
  await ran(page);
  await expect(page.locator('.pieces > figure')).toHaveCount(3);
  await button(page, 'exercise.undo').click();
  await expect(editor(page)).toContainText('x = 1  # mine');
});

test('a link carries the code to another reader, who can take their own back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await paste(page, 'print("炼丹", 6 * 7)\n');
  await button(page, 'playground.share').click();
  await expect(page.getByText(say('playground.shared')).first()).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash).toMatch(/^#\/playground\?code=[\w-]+$/);
  expect(page.url()).toBe(link);

  const other = await context.newPage();
  await open(other);
  await paste(other, 'mine = True\n');
  await open(other, link);
  await expect(editor(other)).toContainText('print("炼丹", 6 * 7)');
  // Nothing runs before the reader says so.
  await expect(output(other)).toContainText(say('playground.empty'));
  await button(other, 'playground.run').click();
  await ran(other);
  await expect(output(other)).toContainText('炼丹 42');
  await button(other, 'exercise.undo').click();
  await expect(editor(other)).toContainText('mine = True');
  await editor(other).press('ControlOrMeta+End');
  await other.keyboard.type('# more');
  await expect.poll(() => new URL(other.url()).hash).toBe('#/playground');
});

test('a damaged link keeps the reader’s own code, and says so', async ({ page }) => {
  await open(page);
  await paste(page, 'kept = 1\n');
  await open(page, './#/playground?code=AAAA____');
  await expect(page.getByRole('alert')).toHaveText(say('playground.shared-broken'));
  await expect(editor(page)).toContainText('kept = 1');
});

test('a reload keeps the draft, an error names its line, Stop stops', async ({ page }) => {
  await open(page);
  await paste(page, 'import matplotlib.pyplot as plt\nplt.plot([1], [1, 2])\n');
  await page.reload();
  await expect(editor(page)).toContainText('plt.plot([1], [1, 2])');
  await button(page, 'playground.run').click();
  await expect(output(page)).toContainText('x and y must have same first dimension', { timeout: 120_000 });
  await expect(page.getByRole('button', { name: say('exercise.go-to-line').replace('{line}', '2') })).toBeVisible();
  await paste(page, 'print("on")\nwhile True: pass\n');
  await button(page, 'playground.run').click();
  await expect(output(page)).toContainText('on', { timeout: 60_000 });
  await button(page, 'playground.stop').click();
  await expect(output(page)).toContainText(say('playground.stopped'));
});

test('on a phone of 360 px, in Chinese, it fits and has no violation in either theme', async ({ browser, host }) => {
  const context = await browser.newContext({ baseURL: host.url, locale: 'zh-CN', viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await open(page);
  await expectSound(page);
  await context.close();
});
