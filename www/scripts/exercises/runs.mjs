// Reads www/exercises/runs.toml: runs of the lab, for the exercises that name one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';

const FILE = 'runs.toml';
const FIELDS = ['model', 'layers', 'room', 'section', 'settings', 'strategy', 'limit', 'says'];
/** Rooms that open a section or take settings from a link. */
const LINKED = ['language', 'finetune', 'plane', 'precision'];
const isText = (value) => typeof value === 'string' && value.trim() !== '';

/** {run, problems: [sentence]} of the run of this name. Whether the engine takes it is a test's to say. */
export function readRun(root, name) {
  const path = join(root, FILE);
  if (!existsSync(path)) return { run: null, problems: [`lab: there is no ${FILE}`] };
  let runs;
  try {
    runs = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { run: null, problems: [`${FILE}: not TOML: ${error.message.split('\n')[0]}`] };
  }
  const run = Object.hasOwn(runs, name) ? runs[name] : undefined;
  if (run === undefined) return { run: null, problems: [`lab: expected a run of ${FILE} (${Object.keys(runs).join(', ')}), got ${JSON.stringify(name)}`] };
  const problems = Object.keys(run).filter((field) => !FIELDS.includes(field)).map((field) => `${FILE}: ${name}.${field}: unknown field (known: ${FIELDS.join(', ')})`);
  if ([isText(run.model), Array.isArray(run.layers), isText(run.room)].filter(Boolean).length !== 1) {
    problems.push(`${FILE}: ${name}: expected a model, layers or a room of the lab`);
  }
  if ((run.section !== undefined || run.settings !== undefined) && !LINKED.includes(run.room)) {
    problems.push(`${FILE}: ${name}: only these rooms open a section or take settings from a link: ${LINKED.join(', ')}`);
  }
  if (!isText(run.says?.zh) || !isText(run.says?.en)) problems.push(`${FILE}: ${name}.says: expected a sentence in zh and en, got ${JSON.stringify(run.says)}`);
  return { run: problems.length > 0 ? null : run, problems };
}
