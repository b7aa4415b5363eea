// A page with nothing on it but Python, served as the real one is, for tests that drive a browser.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { nodeBuild, prepare, pythonBuild } from '../../www/scripts/python.mjs';
import { launchOptions } from '../chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** {browser, open(): a new page with `window.danlu` = the client's module, isolated or as a plain host serves it, close()} */
export async function openBrowser() {
  await prepare();
  const folder = join(nodeBuild, 'page');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(pythonBuild, join(folder, 'python'), { recursive: true });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>Python</title><body>',
  );
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2022',
      lib: { entry: join(root, 'tests/python/page.ts'), formats: ['es'], fileName: () => 'client.js' },
    },
  });
  const server = await createStaticServer(folder);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await chromium.launch(launchOptions());
  return {
    address,
    browser,
    async open(context, { isolated = true } = {}) {
      const page = await (context ?? browser).newPage();
      if (!isolated) {
        await page.route(address, async (route) => {
          const response = await route.fetch();
          const headers = Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin-'));
          await route.fulfill({ response, headers: Object.fromEntries(headers) });
        });
      }
      page.complaints = [];
      page.on('console', (message) => message.type() === 'error' && page.complaints.push(message.text()));
      page.on('pageerror', (error) => page.complaints.push(String(error)));
      await page.goto(address);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
