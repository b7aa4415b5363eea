// What every browser test starts from: a host, a page that may speak to that host only, and the page's own words.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fill, type Fields } from '../../www/src/i18n/fill.ts';
import { isolatedHost, type Host } from './hosts.ts';

export { expect };
export type { Page };

export type Language = 'zh' | 'en';
const strings = resolve(import.meta.dirname, '../../www/strings');

function readSentences(language: Language): Map<string, string> {
  const all = new Map<string, string>();
  for (const file of readdirSync(join(strings, language))) {
    const area = file.replace(/\.json$/, '');
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(join(strings, language, file), 'utf8')))) {
      all.set(`${area}.${key}`, String(text));
    }
  }
  return all;
}

const sentences = { zh: readSentences('zh'), en: readSentences('en') };

/** The page's own sentence, as plain text; {placeholders} without a field are left as they are. */
export function say(key: string, language: Language = 'en', fields: Fields = {}): string {
  const sentence = sentences[language].get(key);
  if (sentence === undefined) throw new Error(`no sentence ${key} in ${language}`);
  return fill(sentence, fields, language);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What may stand for a placeholder: anything, or one of a word's two forms. */
function hole(name: string): string {
  const forms = /^[\w-]+:(.*)\|(.*)$/.exec(name);
  return forms ? `(?:${escaped(forms[1]!)}|${escaped(forms[2]!)})` : `(?<${name.replace(/\W/g, '_')}>.+?)`;
}

/** The same sentence as a pattern in which each placeholder matches anything and is captured by its name. */
export function saying(key: string, language: Language = 'en'): RegExp {
  const pattern = say(key, language)
    .split(/(\{[^{}]+\})/)
    .map((part) => (/^\{.*\}$/.test(part) ? hole(part.slice(1, -1)) : escaped(part)));
  return new RegExp(pattern.join('').replace(/\.\+\?\)$/, '.+)'));
}

export interface Strangers {
  /** Requests to another host; they are refused, and the test fails. */
  requests: string[];
  /** Errors that nothing caught. */
  errors: string[];
}

export async function watch(context: BrowserContext, origin: string): Promise<Strangers> {
  const seen: Strangers = { requests: [], errors: [] };
  await context.route(
    (url) => /^(https?|wss?):$/.test(url.protocol) && url.origin !== new URL(origin).origin,
    (route) => {
      seen.requests.push(route.request().url());
      return route.abort();
    },
  );
  context.on('weberror', (error) => seen.errors.push(String(error.error())));
  return seen;
}

export const test = base.extend<{ strangers: Strangers }, { host: Host }>({
  host: [
    async ({}, use) => {
      const host = await isolatedHost();
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ host }, use) => use(host.url),
  strangers: [
    async ({ context, host }, use) => {
      const seen = await watch(context, host.url);
      await use(seen);
      expect(seen.requests, 'requests to other hosts').toEqual([]);
      expect(seen.errors, 'errors that nothing caught').toEqual([]);
    },
    { auto: true },
  ],
});

export const solutionOf = (id: string) => readExercise(id, 'solution.py');
export const readExercise = (id: string, file: string) =>
  readFileSync(resolve(import.meta.dirname, '../../www/exercises', id, file), 'utf8');
export const exercises = ['stable-softmax', 'dense-backward', 'conv2d-naive'];

export async function openHome(page: Page): Promise<void> {
  await page.goto('./#/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

export async function openExercise(page: Page, id: string): Promise<void> {
  await page.goto(`./#/exercises/${id}`);
  await expect(editor(page)).toBeVisible();
}

/** The big button; the drawing pad offers the same one to a reader who scrolled past it. */
export async function ignite(page: Page): Promise<void> {
  await page.getByRole('button', { name: say('home.ignite'), exact: true }).first().click();
  await expect(page.getByRole('button', { name: say('home.pause'), exact: true }).first()).toBeVisible();
}

export const editor = (page: Page) => page.locator('.cm-content');

/** Replaces the editor's text by a paste, as a reader would. */
export async function paste(page: Page, code: string): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await editor(page).evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, code);
}

/** How far the whole page can be scrolled sideways, in px. Wide content must scroll in its own frame instead. */
export async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    window.scrollTo(10_000, 0);
    const reached = window.scrollX;
    window.scrollTo(0, 0);
    return reached;
  });
}

/** Has the page seen in the light and in the dark, by switching what the system says. */
export async function inBothThemes(page: Page, look: () => Promise<void>): Promise<void> {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const colorScheme of ['light', 'dark'] as const) {
    const before = await background();
    const other = await page.evaluate((theme) => !matchMedia(`(prefers-color-scheme: ${theme})`).matches, colorScheme);
    await page.emulateMedia({ colorScheme });
    if (other) await expect.poll(background).not.toBe(before);
    await test.step(colorScheme, look);
  }
}

/** That it fits its width and axe finds nothing in it, in either theme. */
export async function expectSound(page: Page): Promise<void> {
  await inBothThemes(page, async () => {
    expect(await sideways(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
}

/** One line for each violation, with the elements at fault. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
