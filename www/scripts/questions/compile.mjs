// One question folder → the JSON that the page loads, or the list of everything wrong with the folder.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { renderMarkdown } from '../exercises/markdown.mjs';
import { searchable } from '../exercises/search.mjs';
import { splitSections } from '../exercises/sections.mjs';
import { fillCode } from './code.mjs';
import { LEVELS, TOPICS, validateManifest } from './schema.mjs';

const LANGUAGES = ['zh', 'en'];
export const SECTIONS = ['short', 'long', 'listen', 'wrong', 'follow-ups', 'sources'];
/** Points that a reader ticks when they grade themselves. */
const POINTS_MIN = 3;
const POINTS_MAX = 7;

export class QuestionProblems extends Error {
  constructor(problems) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Compiles `<root>/<folder>`; throws QuestionProblems whose lines read `<folder>/<file>: <field>: <what>`. */
export function compileQuestion(root, folder, exercises) {
  const problems = [];
  const report = (file, sentences) => problems.push(...sentences.map((sentence) => `${folder}/${file}: ${sentence}`));
  const read = (file) => {
    const path = join(root, folder, file);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    report(file, ['the file is missing']);
    return null;
  };

  const manifest = readManifest(read, report, folder, exercises);
  const proves = manifest?.prove !== undefined;
  const texts = Object.fromEntries(LANGUAGES.map((language) => [language, readText(`${language}.md`, proves, read, report)]));
  let code = null;
  if (manifest?.prove?.python) {
    const source = read('prove.py');
    if (source !== null) {
      const filled = fillCode(source, manifest.says, manifest.prove.breaks);
      report('prove.py', filled.problems);
      code = filled.code;
    }
  }
  if (texts.zh && texts.en && texts.zh.points.length !== texts.en.points.length) {
    report('en.md', [`section "listen": ${texts.en.points.length} points, but zh.md has ${texts.zh.points.length}`]);
  }
  if (problems.length > 0) throw new QuestionProblems([...new Set(problems)]);

  return {
    id: manifest.id,
    topic: manifest.topic,
    level: manifest.level,
    order: manifest.order,
    title: manifest.title,
    exercises: manifest.exercises ?? [],
    prove: proves ? { code, calculator: manifest.prove.calculator ?? null } : null,
    texts,
  };
}

function readManifest(read, report, folder, exercises) {
  const source = read('question.toml');
  if (source === null) return null;
  try {
    const manifest = parse(source);
    const found = validateManifest(manifest, folder, exercises);
    report('question.toml', found);
    return found.length === 0 ? manifest : null;
  } catch (error) {
    report('question.toml', [`not TOML: ${error.message.split('\n')[0]}`]);
    return null;
  }
}

/** `{sections: {name: html}, points: [html]}` of one language. */
function readText(file, proves, read, report) {
  const source = read(file);
  if (source === null) return null;
  const { sections, problems } = splitSections(source, proves ? [...SECTIONS, 'prove'] : SECTIONS);
  report(file, problems);
  const html = {};
  const render = (name, text) => {
    try {
      return renderMarkdown(text);
    } catch (error) {
      report(file, [`section "${name}": ${error.message}`]);
      return '';
    }
  };
  for (const [name, text] of Object.entries(sections)) if (name !== 'listen') html[name] = render(name, text);
  const listed = pointsOf(sections.listen ?? '');
  if (listed.length < POINTS_MIN || listed.length > POINTS_MAX) {
    report(file, [`section "listen": expected ${POINTS_MIN} to ${POINTS_MAX} points, each a line "- …", got ${listed.length}`]);
  }
  return { sections: html, points: listed.map((text) => render('listen', text)) };
}

/** The items of a list, each as Markdown of its own. */
export function pointsOf(text) {
  const points = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('- ')) points.push(line.slice(2));
    else if (points.length > 0 && line.trim() !== '') points[points.length - 1] += `\n${line.trim()}`;
  }
  return points;
}

export function compareQuestions(a, b) {
  return TOPICS.indexOf(a.topic) - TOPICS.indexOf(b.topic) || a.order - b.order
    || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.id.localeCompare(b.id, 'en');
}

/** Every folder with a question.toml; throws the problems of all of them together. */
export function compileAll(root, exercises) {
  const folders = existsSync(root)
    ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, 'question.toml')))
    : [];
  const problems = [];
  const questions = [];
  for (const { name } of folders) {
    try {
      questions.push(compileQuestion(root, name, exercises));
    } catch (error) {
      if (!(error instanceof QuestionProblems)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new QuestionProblems(problems);
  return questions.sort(compareQuestions);
}

/** What the list needs to know of a question. */
export function summary({ id, topic, level, title, exercises, prove }) {
  return { id, topic, level, title, exercises, proves: prove !== null, search: searchable({ id, title }) };
}
