// What a reader's code can do wrong in Python, on one page: it ends as a sentence, and the page stays whole.
import { editor, expect, paste, say, saying, test, type Page } from './danlu.ts';

const output = (page: Page) => page.getByRole('region', { name: say('playground.result'), exact: true });
const button = (page: Page, key: string) => page.getByRole('button', { name: say(key), exact: true });

/** Runs code to its end and gives what the output says then. */
async function run(page: Page, code: string): Promise<string> {
  await paste(page, code);
  // A run may be over before anybody asks whether it has begun: the page itself watches.
  await button(page, 'playground.stop').evaluate((stop: HTMLButtonElement) => {
    const state = window as unknown as { ended: Promise<void> };
    state.ended = new Promise((end) => {
      let begun = false;
      new MutationObserver((_, observer) => {
        if (!stop.disabled) begun = true;
        else if (begun) {
          observer.disconnect();
          end();
        }
      }).observe(stop, { attributes: true });
    });
  });
  await editor(page).press('ControlOrMeta+Enter');
  await page.evaluate(() => (window as unknown as { ended: Promise<void> }).ended);
  return output(page).innerText();
}

test('mistakes, bombs and Stop end as sentences, one after another on one page', { tag: '@alone' }, async ({ page }) => {
  await page.goto('./#/playground');
  await expect(editor(page)).toBeVisible();

  const shapes = await run(page, 'import numpy as np\n\ndef shifted(x, b):\n    return x + b\n\nshifted(np.ones((2, 3)), np.ones((4, 5)))\n');
  expect(shapes).toContain('operands could not be broadcast together with shapes (2,3) (4,5)');
  expect(shapes.match(/File "[^"]*", line \d+/g)).toEqual(['File "solution.py", line 6', 'File "solution.py", line 4']);
  expect(shapes).toMatch(/return x \+ b\n\s+~~\^~~/);
  await expect(page.getByRole('button', { name: say('exercise.go-to-line').replace('{line}', '4') })).toBeVisible();

  expect(await run(page, 'name = input("name? ")\n')).toContain(say('judge.no_keyboard'));
  expect(await run(page, 'while True:\n    print("x" * 99)\n')).toMatch(saying('judge.output_limit'));
  expect(await run(page, 'def f(n):\n    return f(n + 1)\n\nf(0)\n')).toContain('RecursionError');
  expect(await run(page, 'import numpy as np\nkept = []\nwhile True:\n    kept.append(np.ones(8_000_000))\n')).toContain('MemoryError');
  expect(await run(page, 'import os\nos._exit(1)\n')).toContain(say('judge.crashed'));

  // This host isolates the page, so Stop interrupts, and the next run meets the same runtime.
  await paste(page, 'open("/tmp/met", "w").close()\nprint("on")\nwhile True:\n    pass\n');
  await button(page, 'playground.run').click();
  await expect(output(page)).toContainText('on', { timeout: 60_000 });
  await button(page, 'playground.stop').click();
  await expect(output(page)).toContainText(say('playground.stopped'));
  expect(await run(page, 'import os\nprint(os.path.exists("/tmp/met"), 6 * 7)\n')).toContain('True 42');
});
