// Proves every "prove it": both languages' code runs to its end on the page's Python, prints, and its assertions notice
// each planted mistake (`breaks` of question.toml).
//   node tests/questions/check.mjs [id …]
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { fillCode } from '../../www/scripts/questions/code.mjs';
import { openSession } from '../exercises/host.mjs';
import { inLanes } from '../exercises/lanes.mjs';

const root = fileURLToPath(new URL('../../www/questions', import.meta.url));
/** A reader waits for it; on a shared machine several times as long is no failure. */
const SECONDS_MAX = 60;
const wanted = process.argv.slice(2);
const folders = readdirSync(root)
  .filter((folder) => existsSync(join(root, folder, 'question.toml')))
  .filter((folder) => wanted.length === 0 || wanted.includes(folder))
  .sort();

let passed = 0;
let failed = 0;
function record(what, name, problem) {
  if (problem === null) passed += 1;
  else failed += 1;
  console.log(`${problem === null ? 'ok  ' : 'FAIL'} ${what}: ${name}${problem === null ? '' : `\n     ${problem.replaceAll('\n', '\n     ')}`}`);
}
for (const missing of wanted.filter((id) => !folders.includes(id))) record(missing, 'exists', 'no such question');

async function run(session, code) {
  let output = '';
  const result = await session.run(code, ({ text }) => (output += text));
  return { ...result, output };
}

const tell = ({ status, error, output }) => `${status}\n${error?.traceback ?? ''}\n${output}`.trim();

/** [name, problem or null] for each thing that is to be shown of the question's code. */
async function prove(folder, session) {
  const { prove, says } = parse(readFileSync(join(root, folder, 'question.toml'), 'utf8'));
  if (!prove?.python) return [];
  const { code } = fillCode(readFileSync(join(root, folder, 'prove.py'), 'utf8'), says, prove.breaks);
  const told = [];
  for (const language of ['zh', 'en']) {
    const ran = await run(session, code[language]);
    const ok = ran.status === 'ok' && ran.output.trim() !== '';
    told.push([`${language} runs to its end and prints (${Math.round(ran.ms)} ms)`, ok ? null : tell(ran)]);
  }
  for (const [there, mistake] of prove.breaks) {
    const ran = await run(session, code.en.replace(there, mistake));
    const noticed = ran.status === 'error' && ran.error.type === 'AssertionError';
    told.push([`its assertions notice ${JSON.stringify(mistake)}`, noticed ? null : tell(ran)]);
  }
  return told;
}

const limits = { loadSeconds: SECONDS_MAX, checkSeconds: SECONDS_MAX };
const lanes = Math.max(1, Math.min(Number(process.env.JOBS ?? 2), folders.length));
const sessions = [];
for (let lane = 0; lane < lanes; lane++) sessions.push(await openSession(limits));
for await (const { item, result } of inLanes(folders, sessions, prove)) {
  for (const [name, problem] of result) record(item, name, problem);
}
for (const session of sessions) session.dispose();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
