import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript.
import { listFiles } from './offline.mjs';

const folder = mkdtempSync(join(tmpdir(), 'danlu-offline-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

it('lists each file once, as the page asks for it, and a change changes what is listed', () => {
  write('index.html', '<html>');
  write('_headers', '/*');
  write('offline.js', '');
  write('assets/page-B8qg.js', '1');
  write('python/core.wasm', 'wasm');
  write('python/manifest.json', JSON.stringify({ files: { core: { url: 'core.wasm?v=12', bytes: 4 } } }));
  const before: { url: string; revision: string | null }[] = listFiles(folder);
  expect(before.map(({ url }) => url)).toEqual(['assets/page-B8qg.js', 'index.html', 'python/core.wasm?v=12', 'python/manifest.json']);
  expect(before.map(({ revision }) => revision === null)).toEqual([true, false, true, false]);
  write('index.html', '<html lang>');
  const changed = (listFiles(folder) as typeof before).filter(({ revision }, index) => revision !== before[index]!.revision);
  expect(changed.map(({ url }) => url)).toEqual(['index.html']);
});
