// Spoils each exercise's solution in one place (a sign, an axis, a term left out, an index off by one, a constant) and
// lists what the judge accepts all the same. It takes minutes and wants a reader, so it is no part of `make test`.
//   node tests/exercises/spoil.mjs [id …] [--every n] [--all]
// Those that change no answer stand in spoil.toml with the reason; --all lists them as well. Ends with 1 if others live.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { compileExercise } from '../../www/scripts/exercises/compile.mjs';
import { startInNode } from '../python/runtime.mjs';
import { openSession } from './host.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../../www/exercises');
const wanted = process.argv.slice(2);
const all = wanted.includes('--all') && wanted.splice(wanted.indexOf('--all'), 1).length > 0;
const everyAt = wanted.indexOf('--every');
const every = everyAt < 0 ? 1 : Number(wanted.splice(everyAt, 2)[1]);
const harmless = parse(readFileSync(join(here, 'spoil.toml'), 'utf8')).harmless ?? [];
const SEEDS = 3;
const fits = (each, id, before, after) =>
  each.exercise === id && (each.before === undefined || each.before === before) && (each.after ?? after) === after && (each.swap === undefined || swapped(before, after, each.swap));

/** Whether the second is the first with one text in another's place. */
function swapped(before, after, [from, to]) {
  for (let at = before.indexOf(from); at >= 0; at = before.indexOf(from, at + 1)) if (before.slice(0, at) + to + before.slice(at + from.length) === after) return true;
  return false;
}

class Caught extends Error {}

const { pyodide } = await startInNode();
pyodide.runPython(readFileSync(join(here, 'spoil.py'), 'utf8'));
const mutantsOf = (source) => {
  pyodide.globals.set('source', source);
  return JSON.parse(pyodide.runPython('import json; json.dumps(list(mutants(source)))'));
};

/** Whether any of some seeds finds it; a training is judged once. */
async function survives(session, exercise, code) {
  const { id, checks, entry, forbid, packages, given, seconds = 0 } = exercise;
  const judged = { id, checks, entry, forbid, packages, seconds, ...(given === undefined ? {} : { given }) };
  const onResult = ({ status }) => {
    if (status !== 'pass') throw new Caught();
  };
  for (let seed = 0; seed < (seconds > 0 ? 1 : SEEDS); seed++) {
    try {
      const report = await session.test(judged, code, { mode: 'submit', seed, onResult });
      if (report.status !== 'passed') return false;
    } catch (error) {
      if (error instanceof Caught) return false;
      throw error;
    }
  }
  return true;
}

const folders = readdirSync(root).filter((id) => existsSync(join(root, id, 'exercise.toml')) && (wanted.length === 0 || wanted.includes(id)));
const session = await openSession({ loadSeconds: 8, checkSeconds: 8 });
let [tried, lived, known] = [0, 0, 0];
for (const id of folders) {
  const exercise = compileExercise(root, id);
  const mutants = mutantsOf(readFileSync(join(root, id, 'solution.py'), 'utf8')).filter((_, at) => at % every === 0);
  const begun = performance.now();
  let here_ = 0;
  for (const [line, before, after, code] of mutants) {
    tried += 1;
    if (!(await survives(session, exercise, code))) continue;
    const reason = harmless.find((each) => fits(each, id, before, after))?.because;
    if (reason) known += 1;
    else here_ += 1;
    if (!reason || all) console.log(`${id}:${line}${reason ? ` (${reason})` : ''}\n  - ${before}\n  + ${after}`);
  }
  lived += here_;
  console.log(`     ${id}: ${mutants.length} spoilt, ${here_} accepted, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}
session.dispose();
console.log(`${tried} spoilt, ${known} harmless by spoil.toml, ${lived} accepted`);
process.exit(lived === 0 ? 0 : 1);
