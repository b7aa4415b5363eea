// Which Chromium the tests drive, and how it is started.
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** $CHROMIUM, else Debian's, else Playwright's own; undefined when there is none. */
export function chromiumPath() {
  const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', chromium.executablePath()];
  return candidates.find((path) => path && existsSync(path));
}

/** For `chromium.launch` and for a Playwright configuration's `launchOptions`. */
export function launchOptions() {
  return {
    executablePath: chromiumPath(),
    args: [
      // Chromium refuses its sandbox to root, as in a container.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
