// Lists what each package of www/python has, from the packages themselves, into build/modules/{index,<package>}.json.
//   node www/scripts/modules.mjs
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBuild, prepare, pythonBuild } from './python.mjs';
import { startInNode } from './python_in_node.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packagesFolder = join(root, 'www/python');
const describer = join(root, 'www/scripts/modules.py');

/** What a learner imports; `danlu` is ours. */
export function packageNames(folder = packagesFolder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'danlu' && existsSync(join(folder, entry.name, '__init__.py')))
    .map(({ name }) => name)
    .sort();
}

/** {name: JSON text} of every package, by a Pyodide in this process. */
export async function describePackages(names = packageNames(), prepared = false) {
  const { pyodide } = await startInNode({ prepared });
  pyodide.runPython(readFileSync(describer, 'utf8'));
  const describe = pyodide.globals.get('describe');
  return new Map(names.map((name) => [name, describe(name)]));
}

const notesFolder = join(root, 'www/modules');
const readNotes = (file) => JSON.parse(readFileSync(join(notesFolder, `${file}.json`), 'utf8'));

/**
 * A description with www/modules' notes for the reader, in both languages: what differs, what to take instead, what a
 * module is about. What has no note stands in English; `complain` hears of it, and of notes of which the code says nothing.
 */
export function annotate(described, complain = console.warn, notes = { differences: readNotes('differences'), instead: readNotes('instead'), about: readNotes('about') }) {
  const { name } = described;
  const both = (en, zh, file) => {
    if (zh === undefined) complain(`www/modules/${file}.json lacks for ${name}: ${en}`);
    return { en, zh: zh ?? en };
  };
  const known = new Map((notes.differences[name] ?? []).map(({ en, zh }) => [en, zh]));
  // A package that tells nothing itself has only its notes.
  const said = described.differences.length > 0 ? described.differences : [...known.keys()];
  const differences = said.map((en) => both(en, known.get(en), 'differences'));
  for (const en of known.keys()) if (!said.includes(en)) complain(`www/modules/differences.json has what ${name} does not say: ${en}`);
  // A name of the API reads the same in every language.
  const missing = described.missing.map(([lacking, en]) => [lacking, both(en, notes.instead[en] ?? (/\s/.test(en) ? undefined : en), 'instead')]);
  const modules = described.modules.map(({ doc, ...module }) => {
    const named = doc === '' || doc.replace(/\.$/, '') === module.name;
    return { ...module, doc: both(doc, notes.about[module.name] ?? (named ? doc : undefined), 'about') };
  });
  return { ...described, differences, missing, modules };
}

/** How many functions, classes and methods a description holds. */
export function count({ modules }) {
  return modules.reduce((sum, { members }) => sum + members.reduce((n, { members: inner = [] }) => n + 1 + inner.length, 0), 0);
}

function hashOf(...paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(existsSync(path) ? readFileSync(path) : path).update('\0');
  return hash.digest('hex');
}

async function write(target) {
  const stamp = join(nodeBuild, 'modules.stamp');
  const notes = ['differences', 'instead', 'about'].map((file) => join(notesFolder, `${file}.json`));
  const inputs = hashOf(...notes, describer, fileURLToPath(import.meta.url), join(nodeBuild, 'packages.zip'), join(nodeBuild, 'frameworks.zip'), join(pythonBuild, 'engine.wasm'));
  if (existsSync(stamp) && existsSync(join(target, 'index.json')) && readFileSync(stamp, 'utf8') === inputs) {
    console.log('modules: up to date');
    return;
  }
  const described = await describePackages(packageNames(), { engine: true });
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(target)) rmSync(join(target, name));
  const packages = [];
  for (const [name, text] of described) {
    const whole = annotate(JSON.parse(text));
    writeFileSync(join(target, `${name}.json`), JSON.stringify(whole));
    packages.push({ name, count: count(whole) });
  }
  writeFileSync(join(target, 'index.json'), JSON.stringify({ packages }));
  writeFileSync(stamp, inputs);
  console.log(`modules: ${packages.map(({ name, count }) => `${name} ${count}`).join(', ')}`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { engine } = await prepare();
  if (engine) await write(join(root, 'build/modules'));
  else console.error('modules: no engine in pkg-config/pkg, so nothing to list; `make wasm` builds it');
}
