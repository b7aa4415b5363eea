// The reader's own files: dropped or chosen, found by the code by their names, still there after a restart, removed.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { editor, expect, paste, say, saying, test, violations, type Page } from './danlu.ts';

const FILES = resolve(import.meta.dirname, '../fixtures/keras/files');
const region = (page: Page, key: string) => page.getByRole('region', { name: say(key), exact: true });
const button = (page: Page, key: string) => page.getByRole('button', { name: say(key), exact: true });

async function run(page: Page, code: string): Promise<void> {
  await paste(page, code);
  await button(page, 'playground.run').click();
}

/** As the reader's hand drops them, on the editor, which would take a file's text for code. */
async function drop(page: Page, files: { name: string; bytes: Buffer }[]): Promise<void> {
  const sent = files.map(({ name, bytes }) => ({ name, text: bytes.toString('base64') }));
  await editor(page).evaluate((element, all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of all) dataTransfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    for (const type of ['dragover', 'drop']) element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, sent);
}

const LOADS = `
import json, os, keras, numpy as np
model = keras.models.load_model("small.h5")
x = np.cos(np.arange(3 * 36) * 0.7).reshape(3, 6, 6, 1).astype("float32")
expected = json.load(open("expected.json"))["predictions"]
print("as Keras:", np.allclose(model.predict(x, verbose=0), expected, atol=1e-6), sorted(f for f in os.listdir() if f[0] != "."))
`;

test('dropped weights of real Keras predict as they did there, survive Stop, and can be removed', async ({ page }) => {
  await page.goto('./#/playground');
  await expect(editor(page)).toBeVisible();
  const large = Buffer.alloc(5_000_000, '0123456789');
  await drop(page, [
    { name: 'small.h5', bytes: readFileSync(resolve(FILES, 'small.h5')) },
    { name: 'expected.json', bytes: readFileSync(resolve(FILES, 'expected.json')) },
    { name: 'large.txt', bytes: large },
  ]);
  const files = region(page, 'files.title');
  await expect(files).toContainText('small.h5');
  await expect(files).toContainText(saying('files.megabytes'));
  expect(await violations(page)).toEqual([]);

  await run(page, LOADS);
  const output = region(page, 'playground.result');
  await expect(output).toContainText("as Keras: True ['expected.json', 'large.txt', 'small.h5']", { timeout: 120_000 });

  // What can't be interrupted is ended, and the next runtime is given the files anew; a large one is read where it lies.
  await run(page, 'print("on")\nlist(iter(int, 1))\n');
  await expect(output).toContainText('on');
  await button(page, 'playground.stop').click();
  await expect(output).toContainText(say('playground.stopped'), { timeout: 20_000 });
  await run(page, 'text = open("large.txt").read()\nprint(len(text), text[:12], open("expected.json").read(1))\n');
  await expect(output).toContainText('5000000 012345678901 {', { timeout: 60_000 });

  await page.getByRole('button', { name: say('files.remove').replace('{name}', 'large.txt') }).click();
  await run(page, 'import os\nprint([f for f in ("large.txt", "small.h5") if os.path.exists(f)])\n');
  await expect(output).toContainText("['small.h5']", { timeout: 60_000 });
});
