// How long Python takes to start in headless Chromium: node tests/python/start.mjs. Figures, no verdict.
import { openBrowser } from './page.mjs';

const host = await openBrowser();
const context = await host.browser.newContext();
for (const cache of ['cold', 'warm', 'warm', 'warm']) {
  const page = await host.open(context);
  const figures = await page.evaluate(async () => {
    const from = performance.now();
    const elapsed = () => Math.round(performance.now() - from);
    const { createPythonClient, fetchPythonFiles } = await import('./client.js');
    const figures = {};
    await fetchPythonFiles();
    figures.files_ms = elapsed();
    const client = createPythonClient();
    await client.ready;
    figures.ready_ms = elapsed();
    await client.run('print(1 + 1)', () => {});
    figures.first_run_ms = elapsed();
    const checks = 'from danlu.judge import check\n@check("one", visible=True)\nasync def one(t):\n    t.equal(await t.call("f", 2), 4)\n';
    const exercise = { id: 'start', checks, entry: ['f'], forbid: [] };
    await client.test(exercise, 'f = lambda x: x * x', { mode: 'submit' });
    figures.first_test_ms = elapsed();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const again = performance.now();
    await client.test(exercise, 'f = lambda x: x * x', { mode: 'submit' });
    figures.next_test_ms = Math.round(performance.now() - again);
    for (const code of ['while True: pass', 'list(iter(int, 1))']) {
      const running = client.run(code, () => {});
      await new Promise((resolve) => setTimeout(resolve, 500));
      const pressed = performance.now();
      await client.stop();
      await running;
      const stop_ms = Math.round(performance.now() - pressed);
      await client.run('1', () => {});
      figures[code] = { stop_ms, next_run_done_ms: Math.round(performance.now() - pressed) };
      await new Promise((resolve) => setTimeout(resolve, 2500));
    }
    return figures;
  });
  console.log(cache, JSON.stringify(figures));
  await page.close();
}
await host.close();
