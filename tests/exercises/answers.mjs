// Tries answers on the judge: FOLDER/<exercise>/right-*.py must pass, FOLDER/<exercise>/wrong-*.py must not. It is for
// looking for holes of the judge; what it finds becomes a file of the exercise, under wrong/ or in place of unusual.py.
//   node tests/exercises/answers.mjs FOLDER [id …]
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileExercise } from '../../www/scripts/exercises/compile.mjs';
import { openSession } from './host.mjs';

const root = fileURLToPath(new URL('../../www/exercises', import.meta.url));
const [folder, ...wanted] = process.argv.slice(2);
const SEEDS = 3;
const session = await openSession({ loadSeconds: 20, checkSeconds: 20 });

/** The first check that isn't passed, as a line; null if all pass. */
async function refusal(exercise, code) {
  const { id, checks, entry, forbid, packages, given, seconds = 0 } = exercise;
  const judged = { id, checks, entry, forbid, packages, seconds: 4 * seconds, ...(given === undefined ? {} : { given }) };
  for (let seed = 0; seed < (seconds > 0 ? 1 : SEEDS); seed++) {
    const report = await session.test(judged, code, { mode: 'submit', seed });
    if (report.status === 'not_run') return `doesn't load: ${report.load.error?.traceback ?? report.load.message?.key}`;
    const failed = report.results.filter(({ status }) => status !== 'pass');
    if (failed.length > 0) {
      const [{ name, message, error }] = failed;
      return `seed ${seed}: ${failed.map((each) => each.name)} (${name}: ${message ? `${message.key} ${JSON.stringify(message.fields)}` : ''}${error?.text ?? ''})`;
    }
  }
  return null;
}

let holes = 0;
for (const id of readdirSync(folder).filter((each) => wanted.length === 0 || wanted.includes(each)).sort()) {
  const exercise = compileExercise(root, id);
  for (const file of readdirSync(join(folder, id)).sort()) {
    const why = await refusal(exercise, readFileSync(join(folder, id, file), 'utf8'));
    const hole = file.startsWith('right') ? why !== null : why === null || why.startsWith("doesn't load");
    if (hole) holes += 1;
    console.log(`${hole ? 'HOLE' : 'ok  '} ${id}/${file}${why === null ? ' passes' : `: ${why}`}`);
  }
}
session.dispose();
console.log(`${holes} holes`);
process.exit(holes === 0 ? 0 : 1);
