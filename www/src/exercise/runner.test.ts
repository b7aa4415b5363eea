import { expect, test } from 'vitest';
import type { CheckResult, PythonClient, TestOptions, TestReport } from '../python/types.ts';
import type { Exercise } from './format.ts';
import { Runner } from './runner.svelte.ts';

const exercise = {
  id: 'add-one', topic: 'tensors', difficulty: 'E', title: { zh: '', en: '' }, checks: '', entry: [], forbid: [], stub: '', solution: '',
  checkList: [
    { name: 'values', visible: true, sentence: { zh: '', en: '' } },
    { name: 'kept', visible: false, sentence: { zh: '', en: '' } },
  ],
  sections: { zh: {}, en: {} },
} as unknown as Exercise;

const passed: CheckResult = { name: 'values', status: 'pass', visible: true, output: '', ms: 1 };
const report: TestReport = { status: 'passed', load: { status: 'ok', ms: 1 }, results: [passed], seed: 7, ms: 2 };

/** A client whose start and whose test are in the hands of the test. */
function client(test: (options: TestOptions) => Promise<TestReport>, ready = Promise.resolve()) {
  let tested = 0;
  let stopped = 0;
  const python = {
    ready, state: { status: 'ready', progress: 1 },
    test: (_exercise: unknown, _code: string, options: TestOptions) => { tested += 1; return test(options); },
    stop: async () => { stopped += 1; },
  } as unknown as PythonClient;
  return { python: () => python, counts: () => ({ tested, stopped }) };
}

test('results arrive one by one and the report ends the run', async () => {
  const seen: number[] = [];
  const { python } = client(async ({ onResult }) => { onResult?.(passed); seen.push(runner.results.length); return report; });
  const runner = new Runner(exercise, python);
  expect(await runner.start('run', 'x')).toEqual(report);
  expect(seen).toEqual([1]);
  expect(runner.phase).toBe('idle');
});

test('a run takes the visible checks, a submission all of them', async () => {
  const runner = new Runner(exercise, client(async () => report).python);
  await runner.start('run', 'x');
  expect(runner.expectedChecks.map((check) => check.name)).toEqual(['values']);
  await runner.start('submit', 'x');
  expect(runner.expectedChecks.map((check) => check.name)).toEqual(['values', 'kept']);
});

test('stopping while Python still starts means that nothing runs', async () => {
  let start = () => {};
  const { python, counts } = client(async () => report, new Promise((resolve) => { start = resolve; }));
  const runner = new Runner(exercise, python);
  const run = runner.start('run', 'x');
  expect(runner.phase).toBe('waiting');
  await runner.stop();
  expect(runner.phase).toBe('idle');
  start();
  expect(await run).toBeNull();
  expect(counts()).toEqual({ tested: 0, stopped: 0 });
});

test('a second run beside a running one is refused', async () => {
  let end = (_: TestReport) => {};
  const { python, counts } = client(() => new Promise((resolve) => { end = resolve; }));
  const runner = new Runner(exercise, python);
  const first = runner.start('run', 'x');
  await Promise.resolve();
  expect(await runner.start('submit', 'x')).toBeNull();
  await runner.stop();
  expect(counts()).toEqual({ tested: 1, stopped: 1 });
  end({ ...report, status: 'stopped' });
  expect((await first)?.status).toBe('stopped');
});

test('a runaway print is cut and counted', async () => {
  const { python } = client(async ({ onOutput }) => {
    for (let n = 0; n < 3; n += 1) onOutput?.({ stream: 'stdout', text: 'x'.repeat(40_000) });
    return report;
  });
  const runner = new Runner(exercise, python);
  await runner.start('run', 'x');
  expect([runner.output.text.length, runner.output.cut]).toEqual([100_000, 20_000]);
});

test('a Python that cannot start is told by its message', async () => {
  const { python } = client(async () => report, Promise.reject(new Error('no wasm')));
  const runner = new Runner(exercise, python);
  expect(await runner.start('run', 'x')).toBeNull();
  expect(runner.failure?.fields).toEqual({ error: 'Error: no wasm' });
  expect(runner.phase).toBe('idle');
});
