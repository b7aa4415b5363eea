// Proves every exercise, and that cheating earns nothing, on two real Python runtimes in threads of Node.
//   node tests/exercises/check.mjs [id …] [--seeds 20]
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proveExploits } from './exploits.mjs';
import { openSession } from './host.mjs';
import { proveExercise } from './proofs.mjs';

const root = fileURLToPath(new URL('../../www/exercises', import.meta.url));
const wanted = process.argv.slice(2);
const seedsAt = wanted.indexOf('--seeds');
const seeds = seedsAt < 0 ? 20 : Number(wanted.splice(seedsAt, 2)[1]);
const folders = readdirSync(root)
  .filter((folder) => existsSync(join(root, folder, 'exercise.toml')))
  .filter((folder) => wanted.length === 0 || wanted.includes(folder))
  .sort();

let passed = 0;
let failed = 0;
function record(what, { name, problem }) {
  if (problem === null) passed += 1;
  else failed += 1;
  console.log(`${problem === null ? 'ok  ' : 'FAIL'} ${what}: ${name}${problem === null ? '' : `\n     ${problem.replaceAll('\n', '\n     ')}`}`);
}

for (const missing of wanted.filter((id) => !folders.includes(id) && id !== 'exploits')) {
  record(missing, { name: 'exists', problem: 'no such exercise' });
}
// A shared machine may be slow; no proof here is about time.
const session = await openSession({ loadSeconds: 60, checkSeconds: 60 });
for (const folder of folders) {
  for await (const proof of proveExercise(session, root, folder, seeds)) record(folder, proof);
}
session.dispose();
if (wanted.length === 0 || wanted.includes('exploits')) {
  for await (const proof of proveExploits()) record('exploits', proof);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
