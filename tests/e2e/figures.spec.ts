// What a learner plots appears in the page: in order with what is printed, in both themes, with words, and as a file.
import { readFileSync } from 'node:fs';
import { editor, expect, openExercise, paste, say, sideways, test, violations, type Page } from './danlu.ts';

const PROGRAM = `import numpy as np
import matplotlib.pyplot as plt

def softmax(x, axis=-1):
    raise NotImplementedError

plt.plot([2.3, 1.1, 0.6], "o-", label="train")
plt.title("Loss </title><script>window.hurt = true</script>")
plt.legend()
plt.show()
print("between")
plt.imshow(np.arange(784).reshape(28, 28), cmap="gray")
plt.figure()
plt.scatter(np.random.rand(3000), np.random.rand(3000), s=2)
`;

async function plot(page: Page): Promise<void> {
  await openExercise(page, 'stable-softmax');
  await paste(page, PROGRAM);
  await editor(page).press('ControlOrMeta+Enter');
  await expect(figures(page)).toHaveCount(3, { timeout: 120_000 });
}

const figures = (page: Page) => page.locator('.pieces > figure');

for (const theme of ['light', 'dark'] as const) {
  test(`plots appear in order, in ${theme}, without a violation`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await plot(page);
    const order = await page.locator('.pieces > *').evaluateAll((all) => all.map((one) => (one.localName === 'figure' ? 'figure' : one.textContent)));
    expect(order).toEqual(['figure', 'between', 'figure', 'figure']);
    const [first, second, third] = [figures(page).nth(0), figures(page).nth(1), figures(page).nth(2)];
    await expect(first.getByRole('img')).toHaveAccessibleName(/Loss.*“train” of 3 points/);
    const colour = (locator: ReturnType<Page['locator']>) => locator.evaluate((element) => getComputedStyle(element).fill);
    expect(await colour(first.locator('text').first())).toBe(await page.evaluate(() => getComputedStyle(document.body).color));
    await expect(second.locator('image')).toHaveAttribute('href', /^data:image\/png;base64,/);
    expect(await second.locator('image').evaluate((image) => getComputedStyle(image).imageRendering)).toBe('pixelated');
    // Three thousand marks are one picture, not three thousand elements.
    await expect(third.locator('image')).toHaveCount(1);
    await expect(third.locator('circle')).toHaveCount(0);
    expect(await page.evaluate(() => (window as unknown as { hurt?: boolean }).hurt)).toBeUndefined();
    expect(await violations(page)).toEqual([]);
  });
}

test('a figure fits a phone and is kept as SVG and PNG', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await plot(page);
  expect(await sideways(page)).toBe(0);
  for (const kind of ['svg', 'png'] as const) {
    const downloading = page.waitForEvent('download');
    await figures(page).first().getByRole('button', { name: say(`figure.save-${kind}`).replace('{place}', '1') }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`figure-1.${kind}`);
    const content = readFileSync(await download.path());
    if (kind === 'png') expect(content.subarray(1, 4).toString()).toBe('PNG');
    else {
      const text = content.toString();
      expect(text).toContain('train');
      expect(text).not.toMatch(/var\(|<script/);
    }
  }
});
