// One exercise folder → the JSON that the page loads, or the list of everything wrong with the folder.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { readPaths } from './paths.mjs';
import { readRun } from './runs.mjs';
import { renderMarkdown } from './markdown.mjs';
import { DIFFICULTIES, HIDDEN_IN_TORCH, TOPICS, validateCheckNames, validateManifest } from './schema.mjs';
import { searchable } from './search.mjs';
import { splitSections } from './sections.mjs';

const LANGUAGES = ['zh', 'en'];
/** Stands before the given.py of each case of the clinic. */
const INSTRUMENT = 'instrument.py';

export class ExerciseProblems extends Error {
  constructor(problems) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Compiles `<root>/<folder>`; throws ExerciseProblems whose lines read `<folder>/<file>: <field>: <what>`. */
export function compileExercise(root, folder) {
  const problems = [];
  const report = (file, sentences) => problems.push(...sentences.map((sentence) => `${folder}/${file}: ${sentence}`));
  const read = (file) => {
    const path = join(root, folder, file);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    report(file, ['the file is missing']);
    return null;
  };

  const manifest = readManifest(read, report, folder);
  const lab = manifest?.lab === undefined ? undefined : readRun(root, manifest.lab);
  if (lab) report('exercise.toml', lab.problems);
  const sections = Object.fromEntries(LANGUAGES.map((language) => [language, renderSections(`${language}.md`, read, report)]));
  const own = existsSync(join(root, folder, 'given.py')) ? read('given.py') : undefined;
  // The monitor and the budget of the clinic are the same in every case.
  const given = manifest?.clinic && own !== undefined ? `${readFileSync(join(root, INSTRUMENT), 'utf8')}\n\n${own}` : own;
  const [stub, solution, checksSource] = ['stub.py', 'solution.py', 'checks.py'].map(read);
  read('unusual.py');
  if (manifest && checksSource !== null) report('checks.py', validateCheckNames(manifest, checksSource));
  for (const answer of manifest?.wrong ?? []) {
    if (typeof answer?.file === 'string') read(join('wrong', answer.file.replace(/^wrong\//, '')));
  }
  for (const answer of manifest?.torch?.wrong ?? []) {
    if (typeof answer?.file === 'string') read(join('torch', answer.file));
  }
  const torch = manifest?.torch && inTorch(manifest, read);
  if (problems.length > 0) throw new ExerciseProblems([...new Set(problems)]);

  return {
    id: manifest.id,
    topic: manifest.topic,
    difficulty: manifest.difficulty,
    order: manifest.order ?? null,
    title: manifest.title,
    entry: manifest.entry,
    forbid: manifest.forbid ?? [],
    packages: manifest.packages ?? [],
    words: manifest.words ?? [],
    ...(manifest.seconds === undefined ? {} : { seconds: manifest.seconds }),
    ...(given === undefined ? {} : { given }),
    ...(lab ? { lab: lab.run } : {}),
    ...(torch ? { torch } : {}),
    ...(manifest.clinic ? { clinic: compileClinic(manifest.clinic) } : {}),
    checks: checksSource,
    checkList: Object.entries(manifest.checks).map(([name, { visible, zh, en }]) => ({ name, visible, sentence: { zh, en } })),
    stub,
    solution,
    sections,
  };
}

function readManifest(read, report, folder) {
  const source = read('exercise.toml');
  if (source === null) return null;
  try {
    const manifest = parse(source);
    const found = validateManifest(manifest, folder);
    report('exercise.toml', found);
    return found.length === 0 ? manifest : null;
  } catch (error) {
    report('exercise.toml', [`not TOML: ${error.message.split('\n')[0]}`]);
    return null;
  }
}

function renderSections(file, read, report) {
  const source = read(file);
  if (source === null) return null;
  const { sections, problems } = splitSections(source);
  report(file, problems);
  const html = {};
  for (const [name, text] of Object.entries(sections)) {
    try {
      html[name] = renderMarkdown(text);
    } catch (error) {
      report(file, [`section "${name}": ${error.message}`]);
    }
  }
  return html;
}

/** What differs where the exercise is written in PyTorch: its arrays are tensors then, and the checks are the same. */
function inTorch({ forbid = [], packages = [], torch }, read) {
  const others = forbid.filter((name) => name !== 'torch');
  return {
    stub: read(join('torch', 'stub.py')),
    solution: read(join('torch', 'solution.py')),
    forbid: [...others, ...HIDDEN_IN_TORCH, ...(torch.forbid ?? [])],
    packages: [...packages, 'torch'],
  };
}

/** The sentences of causes are Markdown, set when the site is built. */
function compileClinic({ complaint, symptom, measures, causes }) {
  const both = (said) => Object.fromEntries(LANGUAGES.map((language) => [language, renderMarkdown(said[language])]));
  return { complaint, symptom, measures, causes: causes.map(({ right = false, says, why }) => ({ right, says: both(says), why: both(why) })) };
}

/** The order of learning: by topic, then the author's order, then difficulty, then name. */
export function compareExercises(a, b) {
  return TOPICS.indexOf(a.topic) - TOPICS.indexOf(b.topic)
    || (a.order ?? Infinity) - (b.order ?? Infinity) || 0
    || DIFFICULTIES.indexOf(a.difficulty) - DIFFICULTIES.indexOf(b.difficulty)
    || a.id.localeCompare(b.id, 'en');
}

/** Every folder with an exercise.toml; throws the problems of all of them together. */
export function compileAll(root) {
  const folders = existsSync(root)
    ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'exercise.toml')))
    : [];
  const problems = [];
  const exercises = [];
  for (const { name } of folders) {
    try {
      exercises.push(compileExercise(root, name));
    } catch (error) {
      if (!(error instanceof ExerciseProblems)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ExerciseProblems(problems);
  return exercises.sort(compareExercises);
}

/** What the list needs to know of an exercise. */
export function summary({ id, topic, difficulty, title, packages, words, clinic, torch }) {
  const complaint = clinic ? { complaint: clinic.complaint } : {};
  const flavours = torch ? { flavours: ['numpy', 'torch'] } : {};
  return { id, topic, difficulty, title, packages, ...complaint, ...flavours, search: searchable({ id, title, packages: torch ? torch.packages : packages, words }) };
}

/** The list's own file: every exercise in the order of learning, and the paths through them. */
export function compileIndex(root, exercises) {
  const { paths, problems } = readPaths(root, exercises.map(({ id }) => id));
  if (problems.length > 0) throw new ExerciseProblems(problems);
  return { exercises: exercises.map(summary), paths };
}
