// A page of headless Chromium with workers to ask, and what they answered.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';
import { FLOP_PER_TURN, peakModule } from './peak.mjs';
import { median, pairs, spread } from './statistics.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const PEAK_TURNS = 10_000_000;

/** Opens the page, gives `action` a Bench, and leaves nothing behind. */
export async function withBench(options, action) {
  const folder = await mkdtemp(join(tmpdir(), 'danlu-bench-'));
  const server = await createStaticServer(folder);
  const browser = await chromium.launch(launchOptions());
  try {
    const copy = (from, to) => cp(join(root, from), join(folder, to), { recursive: true, dereference: true });
    await copy('tests/bench/page', '.');
    await copy('pkg-config/pkg', 'danlu');
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction('window.ask');
    return await action(new Bench(page, copy, options, browser.version()));
  } finally {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  }
}

class Bench {
  #page;
  /** By key: a value for each round. */
  #rounds = new Map();

  constructor(page, copy, options, version) {
    this.#page = page;
    /** Puts a file or folder of the repository where the page can fetch it. */
    this.copy = copy;
    this.options = options;
    this.version = version;
  }

  /** Whether a part was asked for. */
  wants(name) {
    return this.options.only.includes(name);
  }

  /** A call to a worker that keeps what it opened; `file` and `name` say which. */
  ask(message, file = 'worker.js', name = '') {
    return this.#page.evaluate(([file, name, message]) => window.ask(file, name, message), [file, name, message]);
  }

  /** Notes this round's value. */
  note(key, value) {
    if (!this.#rounds.has(key)) this.#rounds.set(key, []);
    this.#rounds.get(key).push(value);
  }

  /** A value for each round. */
  noted(key) {
    return this.#rounds.get(key) ?? [];
  }

  spread(key) {
    return spread(this.noted(key));
  }

  /** The median of the rounds' quotients. */
  ratio(over, under) {
    return median(pairs(this.noted(over), this.noted(under)));
  }

  // ---- the peak loop ----

  async openPeaks() {
    for (const variant of this.options.variants) {
      await this.ask({ call: 'openPeak', key: `peak ${variant}`, bytes: [...peakModule(variant)] });
    }
  }

  /** FLOP/s of the peak loop now. */
  async peak(variant) {
    const rate = FLOP_PER_TURN / (await this.ask({ call: 'timeLoop', key: `peak ${variant}`, count: PEAK_TURNS }));
    this.note(`peak ${variant}`, rate);
    return rate;
  }

  /** Measures a rate and the peak beside it, and notes both; `flop` is what one unit of the rate takes. */
  async noteAgainstPeak(key, variant, flop, measure) {
    const peak = await this.peak(variant);
    const rate = await measure();
    this.note(key, rate);
    this.note(`${key} share`, (rate * flop) / peak);
  }

  /** The share of the peak at best, the best of both: only a busy machine makes it less. */
  bestShare(key, variant, flop) {
    return (Math.max(...this.noted(key)) * flop) / Math.max(...this.noted(`peak ${variant}`));
  }

  /** The columns of what `noteAgainstPeak` noted. */
  againstPeak(key, flop) {
    const rate = this.spread(key);
    return { ...rate, gflops: (rate.median * flop) / 1e9, share: median(this.noted(`${key} share`)) };
  }
}
