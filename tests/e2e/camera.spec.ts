// The camera of the room of one's own data, with a browser that has a made-up one.
// @ts-expect-error plain JavaScript, shared with the other tests that drive Chromium.
import { launchOptions } from '../chromium.mjs';
import { expect, say, test } from './danlu.ts';

const options = launchOptions();
test.use({ launchOptions: { ...options, args: [...options.args, '--use-fake-device-for-media-stream'] } });

test('the camera is asked for on a press, fills classes while a button is held, and goes off on leaving', async ({ page, context }) => {
  await page.goto('./#/lab/data');
  const on = page.getByRole('button', { name: say('data.camera-on'), exact: true });
  await page.getByRole('tab', { name: say('data.way-camera') }).click();
  await on.click();
  // Nobody has allowed it yet.
  await expect(page.getByRole('alert')).toHaveText(say('data.camera-refused'));
  await context.grantPermissions(['camera']);
  await on.click();
  await expect(page.locator('video')).toBeVisible();
  await expect.poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  for (const nth of [1, 2]) {
    const hold = page.getByRole('button', { name: say('data.hold').replace('{name}', say('data.class-nth').replace('{n}', String(nth))) });
    await hold.focus();
    await page.keyboard.down('Space');
    await expect(page.locator('.count').nth(nth - 1)).toHaveText(/\b([5-9]|\d\d)\b/);
    await page.keyboard.up('Space');
  }
  await page.evaluate(() => ((window as unknown as { stream: MediaStream }).stream = document.querySelector('video')!.srcObject as MediaStream));
  await page.getByRole('button', { name: say('data.make-set'), exact: true }).click();
  await expect(page.getByRole('region').filter({ has: page.getByRole('heading', { name: say('data.balance') }) })).toContainText('2 classes, 32 × 32 × 3');
  await page.goto('./#/lab/models');
  await expect.poll(() => page.evaluate(() => (window as unknown as { stream: MediaStream }).stream.getTracks().map(({ readyState }) => readyState))).toEqual(['ended']);
});
