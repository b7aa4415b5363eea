// The built page in a real browser: npx playwright test -c tests/e2e/playwright.config.ts (after make site).
import { defineConfig } from '@playwright/test';
// @ts-expect-error plain JavaScript, shared with the other tests that drive Chromium.
import { launchOptions } from '../chromium.mjs';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  // Two projects, which tests/all.sh runs one after the other: most tests side by side, each with a browser context and
  // a host of its own (the page trains with one worker); and those tagged @alone, which look at the clock.
  workers: Number(process.env.JOBS ?? 2),
  fullyParallel: true,
  projects: [
    { name: 'together', grepInvert: /@alone/ },
    { name: 'alone', grep: /@alone/, workers: 1 },
  ],
  // A test that passes on the second try is a test that fails.
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    launchOptions: launchOptions(),
    locale: 'en-US',
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    // Each test would fetch the whole page anew, for later; offline.spec.ts allows them.
    serviceWorkers: 'block',
  },
});
