// Proves every exercise, and that cheating earns nothing, on real Python runtimes in threads of Node: a learner's and a
// judge's for each of the environment's JOBS.
//   node tests/exercises/check.mjs [id …] [--seeds 20]
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { proveExploits } from './exploits.mjs';
import { openSession } from './host.mjs';
import { inLanes } from './lanes.mjs';
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
const tasks = wanted.length === 0 || wanted.includes('exploits') ? ['exploits', ...folders] : folders;

/** Its proofs, and how many seconds they took. */
async function prove(task, session) {
  const begun = performance.now();
  const proofs = task === 'exploits' ? proveExploits() : proveExercise(session, root, task, seeds);
  const told = [];
  for await (const proof of proofs) told.push(proof);
  return { told, seconds: (performance.now() - begun) / 1000 };
}

// A shared machine may be slow; no proof here is about time.
const limits = { loadSeconds: 60, checkSeconds: 60 };
const lanes = Math.max(1, Math.min(Number(process.env.JOBS ?? 2), tasks.length));
const sessions = [];
for (let lane = 0; lane < lanes; lane++) sessions.push(await openSession(limits));
for await (const { item, result } of inLanes(tasks, sessions, prove)) {
  for (const proof of result.told) record(item, proof);
  console.log(`     ${item} took ${result.seconds.toFixed(1)} s`);
}
for (const session of sessions) session.dispose();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
