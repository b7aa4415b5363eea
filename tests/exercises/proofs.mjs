// What each exercise must prove: its example gives what it says, its stub fails, right answers pass, and each planted
// mistake is found by the check that its exercise.toml names.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { compileExercise } from '../../www/scripts/exercises/compile.mjs';

const FEWEST_WRONG = 5;
const EXAMPLES = readFileSync(new URL('./examples.py', import.meta.url), 'utf8');
/** A case of the clinic trains a net for each seed. */
const SEEDS_OF_A_TRAINING = 5;
const SEEDS_IN_TORCH = 3;

/** Yields {name, problem: string | null} for each proof of the folder. */
export async function* proveExercise(session, root, folder, seeds) {
  let exercise;
  try {
    exercise = compileExercise(root, folder);
  } catch (error) {
    yield { name: 'the folder keeps the schema', problem: error.message };
    return;
  }
  yield { name: 'the folder keeps the schema', problem: null };
  const source = (file) => readFileSync(join(root, folder, file), 'utf8');
  const { clinic } = exercise;
  if (clinic) seeds = Math.min(seeds, SEEDS_OF_A_TRAINING);
  const { checks, entry, forbid, id, checkList, given, packages, seconds = 0 } = exercise;
  // A shared machine may be slow: the page's own limit is for the page.
  const judged = { id, checks, entry, forbid, packages, seconds: 4 * seconds, ...(given === undefined ? {} : { given }) };
  const testOf = (exercise) => (code, seed, options = {}) =>
    session.test(exercise, code, { mode: 'submit', seed, ...options }).catch((error) => ({ broken: error.message }));
  const test = testOf(judged);

  const stub = await test(source('stub.py'), 0);
  yield { name: 'the stub loads and fails', problem: whyStubDidNotFail(stub) };
  if (stub.broken) return;

  if (clinic) {
    const shown = stub.results?.find(({ name }) => name === clinic.symptom);
    yield { name: 'the broken run shows its symptom', problem: shown && shown.status !== 'pass' ? null : `${clinic.symptom} ${shown?.status ?? 'never ran'}` };
  }
  const declared = stub.results.map(({ name, visible }) => `${name} ${visible}`).sort();
  const listed = checkList.map(({ name, visible }) => `${name} ${visible}`).sort();
  yield {
    name: 'checks.py and exercise.toml name the same checks',
    problem: declared.join() === listed.join() ? null : `checks.py: ${declared}; exercise.toml: ${listed}`,
  };

  for (const [file, count] of [['solution.py', seeds], ['unusual.py', Math.min(seeds, clinic ? 2 : 5)]]) {
    let problem = null;
    for (let seed = 0; seed < count && !problem; seed++) problem = whyNotPassed(await test(source(file), seed), seed);
    yield { name: `${file} passes ${count} seeds`, problem };
  }
  yield {
    name: 'the visible checks alone pass solution.py',
    problem: whyNotPassed(await test(source('solution.py'), 0, { mode: 'run' }), 0),
  };

  for (const language of ['zh', 'en']) {
    yield { name: `the example in ${language}.md gives what it says`, problem: await whyExampleDiffers(session, judged, source('solution.py'), source(`${language}.md`)) };
  }

  const wrong = parse(source('exercise.toml')).wrong ?? [];
  const files = existsSync(join(root, folder, 'wrong')) ? readdirSync(join(root, folder, 'wrong')) : [];
  const unlisted = files.filter((file) => file.endsWith('.py') && !wrong.some((answer) => answer.file === file));
  yield {
    name: `at least ${FEWEST_WRONG} planted mistakes, each listed`,
    problem: wrong.length < FEWEST_WRONG ? `only ${wrong.length}` : unlisted.length ? `not listed: ${unlisted}` : null,
  };
  for (const { file, fails } of wrong) {
    let problem = null;
    for (let seed = 0; seed < Math.min(seeds, clinic ? 1 : 3) && !problem; seed++) {
      // No check may break on it; whether the named one finds it with other numbers is that one's matter alone.
      const options = seed === 0 ? {} : { only: fails };
      problem = whyNotCaught(await test(source(join('wrong', file)), seed, options), fails, seed);
    }
    yield { name: `wrong/${file} fails ${fails}`, problem };
  }

  const { torch } = exercise;
  if (torch) {
    const written = { ...judged, forbid: torch.forbid, packages: torch.packages, flavour: 'torch' };
    yield* proveInTorch(testOf(written), source, parse(source('exercise.toml')), seeds);
  }
}

/** The same of what is written in torch; the checks are the same, so fewer seeds and mistakes will do. */
async function* proveInTorch(test, source, manifest, seeds) {
  yield { name: 'the stub in torch loads and fails', problem: whyStubDidNotFail(await test(source('torch/stub.py'), 0)) };
  let problem = null;
  for (let seed = 0; seed < Math.min(seeds, SEEDS_IN_TORCH) && !problem; seed++) problem = whyNotPassed(await test(source('torch/solution.py'), seed), seed);
  yield { name: `torch/solution.py passes ${Math.min(seeds, SEEDS_IN_TORCH)} seeds`, problem };
  for (const { file, fails } of manifest.torch.wrong) {
    yield { name: `torch/${file} fails ${fails}`, problem: whyNotCaught(await test(source(`torch/${file}`), 0), fails, 0) };
  }
}

/** The example is run in the scratch cell, after the solution, as a reader would. */
async function whyExampleDiffers(session, judged, solution, text) {
  const section = /<!-- section: example -->([^]*?)<!-- section/.exec(text)[1];
  const blocks = [...section.matchAll(/```python\n([^]*?)```/g)].map(([, code]) => code);
  let told = '';
  const run = await session.run(`blocks = ${JSON.stringify(blocks)}\n${EXAMPLES}`, (chunk) => (told += chunk.text ?? ''), { solution, exercise: judged });
  if (run.status !== 'ok') return run.error?.traceback ?? run.message?.key ?? run.status;
  return told.trim() || (blocks.length > 0 ? null : 'there is no code in it');
}

const isBroken = (result) => result.message?.key === 'check_broke';

function describe(result) {
  const message = result.message ? `${result.message.key} ${JSON.stringify(result.message.fields)}` : '';
  return `${result.name}: ${result.status} ${message} ${result.error?.traceback ?? ''}`.trim();
}

function describeLoad({ load }) {
  return `it doesn't load: ${load.message?.key ?? ''} ${load.error?.traceback ?? ''}`.trim();
}

function whyStubDidNotFail(report) {
  if (report.broken) return report.broken;
  if (report.status === 'not_run') return describeLoad(report);
  if (report.status === 'passed') return 'it passes';
  const broken = report.results.find(isBroken);
  return broken ? describe(broken) : null;
}

function whyNotPassed(report, seed) {
  if (report.broken) return report.broken;
  if (report.status === 'passed') return null;
  if (report.status === 'not_run') return describeLoad(report);
  const [first, ...others] = report.results.filter(({ status }) => status !== 'pass');
  const more = others.length > 0 ? `\nand ${others.map(({ name }) => name).join(', ')}` : '';
  return `seed ${seed}: ${describe(first)}${more}`;
}

function whyNotCaught(report, fails, seed) {
  if (report.broken) return report.broken;
  if (report.status === 'not_run') return describeLoad(report);
  const broken = report.results.find(isBroken);
  if (broken) return describe(broken);
  const named = report.results.find(({ name }) => name === fails);
  if (!named) return `seed ${seed}: ${fails} never ran`;
  return named.status === 'pass' ? `seed ${seed}: ${fails} passes` : null;
}
