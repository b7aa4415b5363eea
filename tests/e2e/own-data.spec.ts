// One's own data: brought in as files, drawn or filmed; looked at, split, trained on, kept, found again by a link.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, expectSound, say, saying, test, violations, type Page } from './danlu.ts';

const button = (page: Page, key: string) => page.getByRole('button', { name: say(key), exact: true });

interface Made {
  name: string;
  mimeType: string;
  buffer: Buffer;
}
const made = (name: string, buffer: Buffer): Made => ({ name, mimeType: 'application/octet-stream', buffer });

/** A pair of IDX files: ten kinds of bars, a few pixels of each picture turned by a seeded generator. */
function bars(part: string, count: number, seed: number): Made[] {
  let state = seed;
  const random = (below: number) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * below);
  const pixels = Buffer.alloc(count * 784);
  const labels = Buffer.alloc(count);
  for (let sample = 0; sample < count; sample += 1) {
    const label = (labels[sample] = sample % 10);
    for (let row = 2 * label + 3; row < 2 * label + 6; row += 1) pixels.fill(200, sample * 784 + row * 28 + 4, sample * 784 + row * 28 + 24);
    for (let nth = 0; nth < 12; nth += 1) pixels[sample * 784 + random(784)] = random(256);
  }
  const size = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const images = Buffer.concat([Buffer.from([0, 0, 8, 3, ...size(count), ...size(28), ...size(28)]), pixels]);
  return [
    made(`bars-${part}-images-idx3-ubyte.gz`, gzipSync(images, { level: 1 })),
    made(`bars-${part}-labels-idx1-ubyte.gz`, gzipSync(Buffer.concat([Buffer.from([0, 0, 8, 1, ...size(count)]), labels]))),
  ];
}

/** A grey picture as PNG (ISO/IEC 15948). */
function png(side: number, grey: (x: number, y: number) => number): Buffer {
  const table = Array.from({ length: 256 }, (_, byte) => Array.from({ length: 8 }).reduce<number>((value) => (value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1), byte));
  const crc = (bytes: Buffer) => (bytes.reduce((value, byte) => table[(value ^ byte) & 255]! ^ (value >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
  const number = (value: number) => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(value);
    return four;
  };
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    return Buffer.concat([number(data.length), body, number(crc(body))]);
  };
  const rows = Buffer.concat(Array.from({ length: side }, (_, y) => Buffer.from([0, ...Array.from({ length: side }, (_, x) => grey(x, y))])));
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', Buffer.concat([number(side), number(side), Buffer.from([8, 0, 0, 0, 0])])), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

async function openRoom(page: Page) {
  await page.goto('./#/lab/data');
  await expect(page.getByRole('heading', { name: say('data.title') })).toBeVisible();
}

const choose = (page: Page, files: Made[] | string) => page.getByLabel(say(typeof files === 'string' ? 'data.choose-folder' : 'data.choose-files')).setInputFiles(files);
const table = (page: Page) => page.getByRole('region').filter({ has: page.getByRole('heading', { name: say('data.balance') }) });

async function trainIn(page: Page): Promise<string> {
  await page.getByRole('button', { name: saying('lab.train') }).first().click();
  const hash = page.locator('p.hash code');
  await expect(hash).toHaveText(/^[0-9a-f]{64}$/, { timeout: 120_000 });
  return (await hash.textContent())!;
}

test('60,000 images in four gzipped files are seen, split, trained on and kept', async ({ page }) => {
  await openRoom(page);
  await choose(page, [...bars('train', 60_000, 1), ...bars('t10k', 10_000, 2)]);
  await expect(table(page)).toContainText('70,000 samples, 10 classes, 28 × 28 × 1', { timeout: 60_000 });
  await expect(table(page)).toContainText(say('data.counts').replace('{train}', '60,000').replace('{heldOut}', '10,000'));
  await expect(page.getByRole('radio', { name: saying('data.sample') })).toHaveCount(48);
  await page.getByText(say('data.rename-classes')).click();
  await page.getByLabel(say('data.names')).fill(Array.from({ length: 10 }, (_, at) => `bar ${at}`).join('\n'));
  await button(page, 'data.keep-names').click();
  expect(await violations(page)).toEqual([]);

  await button(page, 'data.train-on-it').click();
  await page.getByLabel(say('lab.preset')).selectOption('mlp');
  await page.getByLabel(say('lab.epochs'), { exact: true }).fill('1');
  await page.getByLabel(say('lab.batch-size'), { exact: true }).fill('256');
  await trainIn(page);
  await expect(page.locator('tbody tr').filter({ has: page.getByRole('checkbox') }).first()).toContainText(/9\d\.\d|100/);
  await page.getByText(say('lab.view-confusion')).click();
  await expect(page.getByRole('columnheader', { name: 'bar 9' })).toBeVisible();

  await page.reload();
  await page.goto('./#/lab/data');
  await expect(page.getByText('70,000 samples, 10 classes', { exact: false }).first()).toBeVisible();
});

test('a link says which data it needs; where they are missing they are asked for, and the same run follows', async ({ page, context, browser, host }) => {
  await openRoom(page);
  const files = bars('train', 300, 3);
  await choose(page, files);
  await page.getByLabel(say('data.scale')).selectOption('standard');
  await expect(table(page)).toContainText(say('data.standard-why').slice(0, 40));
  await button(page, 'data.train-on-it').click();
  await page.getByLabel(say('lab.epochs'), { exact: true }).fill('2');
  await expect(page.getByRole('button', { name: say('lab.train', 'en', { epochs: 2 }) })).toBeEnabled();
  await expect.poll(() => page.url()).toContain('?spec=1.');
  const hash = await trainIn(page);
  const link = page.url();

  const elsewhere = await browser.newContext({ baseURL: host.url, serviceWorkers: 'block' });
  const other = await elsewhere.newPage();
  await other.goto(link);
  await expect(other.getByText(saying('errors.no_dataset')).first()).toBeVisible();
  await other.getByRole('link', { name: say('lab.data-drop') }).click();
  await expect(other.getByText(saying('data.wanted'))).toBeVisible();
  await choose(other, files);
  await expect(other.getByText(saying('data.wanted'))).toBeHidden();
  await other.goto(link);
  await expect(other.getByText(saying('lab.data-counts'))).toBeVisible();
  expect(await trainIn(other)).toBe(hash);
  await elsewhere.close();
  void context;
});

/** As the reader's hand lets them go somewhere over the page. */
async function drop(page: Page, files: Made[]): Promise<void> {
  const sent = files.map(({ name, buffer }) => ({ name, text: buffer.toString('base64') }));
  await page.locator('h2').first().evaluate((element, all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of all) dataTransfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name));
    for (const type of ['dragover', 'drop']) element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, sent);
}

test('damaged files say which, where and what was expected; the set on the table stays', async ({ page }) => {
  await openRoom(page);
  await button(page, 'data.make-shapes').click();
  await expect(table(page)).toContainText('1,200 samples, 3 classes');
  const [images, labels] = bars('train', 50, 4);
  const cut = made('bars-train-images-idx3-ubyte.gz', images!.buffer.subarray(0, images!.buffer.length - 30));
  await drop(page, [cut, labels!]);
  await expect(page.getByRole('alert')).toHaveText(/bars-train-images-idx3-ubyte\.gz .*\(gzip\): at byte [\d,]+ expected gzip data/);
  await drop(page, [images!, ...bars('train', 40, 4).slice(1)]);
  await expect(page.getByRole('alert')).toHaveText(/has 50 images, but .* has 40 labels/);
  await expect(table(page)).toContainText('1,200 samples, 3 classes');
  await expect(page.getByRole('radio', { name: saying('data.sample') })).toHaveCount(48);
});

test('a folder of pictures by class: what is no picture is named, the others are kept, and leave as npz', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'danlu-own-'));
  try {
    for (const [name, grey] of [['dark', 30], ['light', 220]] as const) {
      for (const part of ['train', 'test']) {
        mkdirSync(join(folder, part, name), { recursive: true });
        for (let nth = 0; nth < 6; nth += 1) writeFileSync(join(folder, part, name, `${nth}.png`), png(40, (x, y) => (x + y + nth) % 20 + grey));
      }
    }
    writeFileSync(join(folder, 'train', 'dark', 'broken.png'), png(40, () => 0).subarray(0, 60));
    await openRoom(page);
    await page.getByLabel(say('data.picture-colour')).selectOption('grey');
    await choose(page, folder);
    await expect(page.getByRole('heading', { name: say('data.asked').replace('{n}', '1') })).toBeVisible();
    await expect(page.getByText(/train\/dark\/broken\.png/)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await button(page, 'data.keep').click();
    await expect(table(page)).toContainText('24 samples, 2 classes, 32 × 32 × 1');
    await expect(table(page)).toContainText(say('data.counts').replace('{train}', '12').replace('{heldOut}', '12'));
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: saying('data.export-named') }).click()]);
    expect(file.suggestedFilename()).toMatch(/\.npz$/);
    await page.getByLabel(say('data.choose-files')).setInputFiles(await file.path().then((path) => [made('again.npz', readFileSync(path))]));
    // The same contents: the same set.
    await expect(page.getByText(say('data.kept-size').split('{n}')[0]! + '1', { exact: false })).toBeVisible();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('two classes are drawn by hand, survive a reload, and train', async ({ page }) => {
  await openRoom(page);
  await page.getByRole('tab', { name: say('data.way-draw') }).click();
  const pad = page.getByRole('img', { name: saying('data.pad') });
  async function draw(points: [number, number][]) {
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + points[0]![0] * box.width, box.y + points[0]![1] * box.height);
    await page.mouse.down();
    for (const [x, y] of points.slice(1)) await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
    await page.mouse.up();
    await page.getByRole('button', { name: saying('data.add-to') }).click();
  }
  for (let nth = 0; nth < 5; nth += 1) await draw(Array.from({ length: 17 }, (_, at) => [0.5 + 0.3 * Math.cos((at * Math.PI) / 8), 0.5 + 0.3 * Math.sin((at * Math.PI) / 8)]));
  await page.getByRole('radio', { name: say('data.draw-for').replace('{name}', say('data.square')) }).check();
  for (let nth = 0; nth < 6; nth += 1) await draw([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]]);
  await page.getByRole('button', { name: say('data.undo-in').replace('{name}', say('data.square')) }).click();
  await expect(page.locator('.count')).toHaveText(Array(2).fill(say('data.n-samples').replace('{n}', '5')));
  expect(await violations(page)).toEqual([]);
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByRole('tab', { name: say('data.way-draw') }).click();
  await expect(page.locator('.count')).toHaveText(Array(2).fill(say('data.n-samples').replace('{n}', '5')));
  await button(page, 'data.make-set').click();
  await expect(table(page)).toContainText('10 samples, 2 classes, 28 × 28 × 1');
  await button(page, 'data.train-on-it').click();
  await trainIn(page);
});

test('on a phone of 360 px, in Chinese, it fits and has no violation in either theme', async ({ browser, host }) => {
  const context = await browser.newContext({ baseURL: host.url, locale: 'zh-CN', viewport: { width: 360, height: 740 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto('./#/lab/data');
  await page.getByRole('button', { name: say('data.make-shapes', 'zh'), exact: true }).click();
  await expect(page.getByRole('heading', { name: say('data.balance', 'zh') })).toBeVisible();
  for (const way of ['data.way-draw', 'data.way-camera', 'data.way-files']) {
    await page.getByRole('tab', { name: say(way, 'zh') }).click();
    await expectSound(page);
  }
  await context.close();
});
