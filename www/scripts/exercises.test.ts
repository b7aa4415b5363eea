import { afterEach, beforeEach, expect, test } from 'vitest';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeExercises } from './exercises.mjs';
import { ExerciseProblems, compileExercise } from './exercises/compile.mjs';
import { renderMarkdown } from './exercises/markdown.mjs';
import { SECTIONS, splitSections } from './exercises/sections.mjs';

let root: string;

beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'danlu-exercises-')); });
afterEach(() => rmSync(root, { recursive: true }));

const MANIFEST = `
id = "add-one"
topic = "tensors"
difficulty = "E"
title = { zh = "加一", en = "Add one" }
entry = ["add_one"]
[checks.values]
visible = true
zh = "逐个加一"
en = "Adds one to each"
[checks.shape-kept]
visible = false
zh = "形状不变"
en = "Keeps the shape"
${[1, 2, 3, 4, 5].map((n) => `[[wrong]]\nfile = "w${n}.py"\nfails = "values"\n`).join('')}`;

const TEXT = SECTIONS.map((name) => `<!-- section: ${name} -->\nText of ${name} with $x^2$.\n`).join('\n');

/** Lays out a whole exercise; `changes` replaces files, `null` leaves one out. */
function layOut(changes: Record<string, string | null> = {}): void {
  const files: Record<string, string | null> = {
    'exercise.toml': MANIFEST, 'zh.md': TEXT, 'en.md': TEXT,
    'stub.py': 'def add_one(x):\n    ...\n', 'solution.py': 'def add_one(x):\n    return x + 1\n', 'unusual.py': 'add_one = lambda x: 1 + x\n',
    'checks.py': '@check("values", visible=True)\nasync def a(t): ...\n\n@check("shape-kept")\nasync def b(t): ...\n',
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`wrong/w${n}.py`, 'def add_one(x):\n    return x\n'])),
    ...changes,
  };
  for (const [name, text] of Object.entries(files)) {
    if (text === null) continue;
    const path = join(root, 'source', 'add-one', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function checkProblem(changes: Record<string, string | null>, sentence: string): void {
  layOut(changes);
  let problems: string[] = [];
  try { compileExercise(join(root, 'source'), 'add-one'); } catch (error) { problems = (error as ExerciseProblems).problems; }
  expect(problems.join('\n')).toContain(sentence);
}

test('a whole exercise compiles to sections in both languages, sources and checks, without the wrong answers', () => {
  layOut();
  const exercise = compileExercise(join(root, 'source'), 'add-one');
  expect(Object.keys(exercise.sections.zh)).toEqual(SECTIONS);
  expect(exercise.sections.en.task).toContain('class="katex"');
  expect(exercise.checks).toContain('async def b(t)');
  expect(exercise.checkList).toEqual([
    { name: 'values', visible: true, sentence: { zh: '逐个加一', en: 'Adds one to each' } },
    { name: 'shape-kept', visible: false, sentence: { zh: '形状不变', en: 'Keeps the shape' } },
  ]);
  expect(JSON.stringify(exercise)).not.toContain('wrong');
});

test('a missing sentence is named by its file and field', () =>
  checkProblem({ 'exercise.toml': MANIFEST.replace('en = "Keeps the shape"\n', '') }, 'add-one/exercise.toml: checks.shape-kept.en: expected a sentence, got nothing'));
test('an unknown field is named', () =>
  checkProblem({ 'exercise.toml': MANIFEST.replace('difficulty', 'dificulty') }, 'add-one/exercise.toml: dificulty: unknown field'));
test('a planted wrong answer must fail a check that exists', () =>
  checkProblem({ 'exercise.toml': MANIFEST.replace('fails = "values"', 'fails = "value"') }, 'wrong[0].fails: expected the name of a check, got "value"'));
test('four planted wrong answers are too few', () =>
  checkProblem({ 'exercise.toml': MANIFEST.replace(/\[\[wrong\]\]\nfile = "w5.*\n.*\n/, '') }, 'wrong: expected at least 5 planted wrong answers, got 4'));
test('a planted wrong answer that is not there is named', () => checkProblem({ 'wrong/w3.py': null }, 'add-one/wrong/w3.py: the file is missing'));
test('an exercise without the unusual right answer is refused', () => checkProblem({ 'unusual.py': null }, 'add-one/unusual.py: the file is missing'));
test('a check that checks.py lacks is named', () =>
  checkProblem({ 'checks.py': '@check("values", visible=True)\nasync def a(t): ...\n' }, 'add-one/checks.py: no @check("shape-kept")'));
test('a missing section is named by its file', () =>
  checkProblem({ 'zh.md': TEXT.replace('<!-- section: pitfalls -->', '') }, 'add-one/zh.md: section "pitfalls" is missing'));
test('a formula that KaTeX refuses is named by its section', () =>
  checkProblem({ 'en.md': TEXT.replace('Text of task', 'Broken $\\frac{1}$') }, 'add-one/en.md: section "task": formula $\\frac{1}$'));
test('a package that the page does not have is named', () =>
  checkProblem({ 'exercise.toml': MANIFEST.replace('[checks.values]', 'packages = ["jax"]\n[checks.values]') }, 'packages: expected a list of torch, keras, tensorflow, matplotlib, got ["jax"]'));
test('a time limit below the usual one is refused', () =>
  checkProblem({ 'exercise.toml': MANIFEST.replace('[checks.values]', 'seconds = 5\n[checks.values]') }, 'seconds: expected a whole number above 10'));
test('packages, the time limit and given.py reach the page', () => {
  layOut({
    'exercise.toml': MANIFEST.replace('[checks.values]', 'packages = ["torch"]\nseconds = 60\n[checks.values]'),
    'given.py': 'ONE = 1\n',
  });
  const { packages, seconds, given } = compileExercise(join(root, 'source'), 'add-one');
  expect([packages, seconds, given]).toEqual([['torch'], 60, 'ONE = 1\n']);
});
test('broken TOML is named', () => checkProblem({ 'exercise.toml': 'id = ' }, 'add-one/exercise.toml: not TOML'));

test('a section marker inside a code block is code', () => {
  const { sections } = splitSections('<!-- section: task -->\n```\n<!-- section: why -->\n```\n');
  expect(Object.keys(sections)).toEqual(['task']);
});

test('raw HTML and script links in Markdown stay text', () => {
  const html = renderMarkdown('<img src=x onerror=alert(1)> [go](javascript:alert(1))');
  expect(html).not.toMatch(/<img|href/);
});

test('an image is refused, so that no other host is asked', () => {
  expect(() => renderMarkdown('![map](https://example.org/a.png)')).toThrow('exercises carry no images');
});

test('Python in a fence carries the classes of the editor', () => {
  expect(renderMarkdown('```python\ndef f(): return "<"\n```')).toMatch(/<span class="tok-keyword">def<\/span>.*&lt;/);
});

test('prices stay prices and escaped dollars stay dollars', () => {
  expect(renderMarkdown('from $5 to $6, and \\$x\\$')).toBe('<p>from $5 to $6, and $x$</p>');
});

test('a comma clings to a short formula and a long formula may still break', () => {
  expect(renderMarkdown('to $x$, so')).toMatch(/<span class="nowrap">.*,<\/span> so/);
  expect(renderMarkdown('to $a = b + c$。')).not.toContain('nowrap');
  expect(renderMarkdown('（$x$）')).toMatch(/（<span class="nowrap">.*）<\/span>/);
});

test('display formulas stand alone in a paragraph, inside text and in a list', () => {
  for (const source of ['$$\na\n+ b\n$$', 'so $$a$$ holds', '- $$a$$']) expect(renderMarkdown(source)).toContain('katex-display');
});

test('an author\'s headings start below the page\'s own', () => {
  expect(renderMarkdown('# One\n\n#### Four')).toBe('<h3>One</h3>\n<h4>Four</h4>');
});

test('a path holds the exercises that are there, and names one that no catalogue knows', () => {
  layOut();
  const write = (exercises: string) =>
    writeFileSync(
      join(root, 'source', 'paths.toml'),
      `catalogue = ["later"]\n[[paths]]\nid = "way"\ntitle = { zh = "路", en = "Way" }\nlead = { zh = "走", en = "Go" }\nexercises = ${exercises}\n`,
    );
  write('["later", "add-one"]');
  writeExercises(join(root, 'source'), join(root, 'target'));
  const { paths } = JSON.parse(readFileSync(join(root, 'target', 'index.json'), 'utf8'));
  expect(paths).toEqual([{ id: 'way', title: { zh: '路', en: 'Way' }, lead: { zh: '走', en: 'Go' }, exercises: ['add-one'] }]);
  write('["add-two"]');
  expect(() => writeExercises(join(root, 'source'), join(root, 'target'))).toThrow('there is no exercise "add-two" in the catalogue');
});

test('files of exercises that are gone are cleared', () => {
  layOut();
  const target = join(root, 'target');
  mkdirSync(target);
  writeFileSync(join(target, 'gone.json'), '{}');
  expect(writeExercises(join(root, 'source'), target)).toBe(1);
  expect(readdirSync(target).sort()).toEqual(['add-one.json', 'index.json']);
  expect(JSON.parse(readFileSync(join(target, 'index.json'), 'utf8'))).toEqual({
    exercises: [
      {
        id: 'add-one', topic: 'tensors', difficulty: 'E', title: { zh: '加一', en: 'Add one' }, packages: [],
        search: { words: '加一 add one add-one', pinyin: 'jia yi' },
      },
    ],
    paths: [],
  });
});
