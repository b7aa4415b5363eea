// How fast the page's numpy is: in Chromium as the page runs it, in Node, and against NumPy itself where there is one
// (DANLU_NUMPY names a Python that has it).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../python/speed.py', import.meta.url));

/** What the issue asks, in microseconds. */
const GOALS = { add: 10, matmul: 60, read: 2.5, write: 2.5 };
const MOST_TIMES = 5;
const WHAT = {
  add: '64×32 float64 a + b',
  matmul: '64×64 float64 a @ b',
  read: 'a[i, j]',
  write: 'a[i, j] = x',
  network: 'two-layer network, 300 steps',
};

/** A page with the page's Python in it, and `run`: what the code prints there, as JSON. */
export async function openPython(code) {
  const { openBrowser } = await import('../../python/page.mjs');
  const host = await openBrowser();
  const page = await host.open();
  await page.evaluate(async () => {
    const { createPythonClient } = await import('./client.js');
    window.client = createPythonClient();
    await window.client.ready;
  });
  async function run() {
    const answer = await page.evaluate(async (text) => {
      let out = '';
      const result = await window.client.run(text, (chunk) => (out += chunk.text ?? ''));
      return { ...result, out };
    }, code);
    if (answer.status !== 'ok') throw new Error(JSON.stringify(answer));
    return JSON.parse(answer.out);
  }
  return { host, run };
}

export const python = {
  name: 'python',
  async prepare(bench) {
    const { startInNode } = await import('../../python/runtime.mjs');
    const code = readFileSync(script, 'utf8');
    const { host, run } = await openPython(code);
    const { pyodide } = await startInNode();
    const printed = [];
    pyodide.setStdout({ batched: (line) => printed.push(line) });
    bench.python = {
      host,
      chromium: run,
      node: async () => {
        printed.length = 0;
        pyodide.runPython(code, { globals: pyodide.globals.get('dict')() });
        return JSON.parse(printed.at(-1));
      },
    };
    const numpy = process.env.DANLU_NUMPY;
    if (numpy) bench.python.native = async () => JSON.parse(execFileSync(numpy, [script], { encoding: 'utf8' }));
  },
  async round(bench) {
    for (const where of ['chromium', 'node', 'native']) {
      const figures = await bench.python[where]?.();
      for (const [what, us] of Object.entries(figures ?? {})) bench.note(`python ${where} ${what}`, us);
    }
  },
  async finish(bench) {
    await bench.python.host.close();
  },
  sections: (bench) =>
    ['chromium', 'node'].map((where) => ({
      title: `Python in ${where === 'node' ? 'Node' : 'Chromium'} (ratio: its time to native NumPy’s)`,
      rows: Object.keys(WHAT).map((what) => {
        const key = `python ${where} ${what}`;
        const spread = bench.spread(key);
        const native = bench.python.native && bench.spread(`python native ${what}`);
        const ratio = native && spread.least / native.least;
        const goal =
          what in GOALS
            ? { text: `≤ ${GOALS[what]} µs`, reached: spread.least <= GOALS[what] }
            : ratio && { text: `≤ ${MOST_TIMES}×`, reached: ratio <= MOST_TIMES };
        return { what: WHAT[what], unit: 'µs', ...spread, ...(ratio ? { ratio } : {}), ...(goal ? { goal } : {}) };
      }),
    })),
};
