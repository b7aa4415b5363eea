// What every question's folder promises, and that the compiler notices what breaks the promise.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repositoryPaths } from './rule.ts';

interface Compiler {
  QuestionProblems: new (...args: never[]) => Error & { problems: string[] };
  compileQuestion(root: string, folder: string, exercises: Set<string>): { texts: Record<string, { points: string[] }>; prove: { code: Record<string, string> } | null };
}
const scripts = new URL('../../www/scripts/questions/', import.meta.url);
const { compileQuestion, QuestionProblems } = (await import(/* @vite-ignore */ new URL('compile.mjs', scripts).href)) as Compiler;
const { CATALOGUE } = (await import(/* @vite-ignore */ new URL('catalogue.mjs', scripts).href)) as { CATALOGUE: string[] };

const root = mkdtempSync(join(tmpdir(), 'questions-'));
afterAll(() => rmSync(root, { recursive: true }));

const toml = `id = "why"
topic = "basics"
level = "E"
order = 1
exercises = ["adam"]
[title]
zh = "为什么？"
en = "Why?"
[prove]
python = true
breaks = [["x == 1", "x == 2"]]
[says.word]
zh = "词"
en = "word"
`;
const code = '# {{word}}\nx = 1\nassert x == 1\nprint("{{word}}")\n';
const text = ['short', 'long', 'wrong', 'follow-ups', 'sources', 'prove'].map((name) => `<!-- section: ${name} -->\nText.\n`).join('')
  + '<!-- section: listen -->\n- one\n- two\n  and a half\n- three\n';

function compile(change: Record<string, string> = {}) {
  const folder = join(root, 'why');
  mkdirSync(folder, { recursive: true });
  const files: Record<string, string> = { 'question.toml': toml, 'prove.py': code, 'zh.md': text, 'en.md': text, ...change };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return compileQuestion(root, 'why', new Set(CATALOGUE));
}

function problems(change: Record<string, string>): string {
  try {
    compile(change);
  } catch (error) {
    if (error instanceof QuestionProblems) return error.problems.join('\n');
    throw error;
  }
  return '';
}

describe('A question compiles', () => {
  it('into texts, points and code in both languages', () => {
    const question = compile();
    expect(question.texts.en!.points).toHaveLength(3);
    expect(question.texts.en!.points[1]).toContain('and a half');
    expect(question.prove!.code.zh).toBe('# 词\nx = 1\nassert x == 1\nprint("词")\n');
    expect(question.prove!.code.en).toContain('print("word")');
  });

  it.each([
    ['a topic that is none', { 'question.toml': toml.replace('"basics"', '"other"') }, 'topic: expected one of'],
    ['an exercise that is none', { 'question.toml': toml.replace('"adam"', '"adamm"') }, '"adamm"'],
    ['a missing language', { 'question.toml': toml.replace('en = "Why?"\n', '') }, 'title.en'],
    ['a missing section', { 'zh.md': text.replace('section: wrong', 'section: worng') }, 'section "wrong" is missing'],
    ['too few points', { 'en.md': text.replace('- three\n', ''), 'zh.md': text.replace('- three\n', '') }, '3 to 7 points'],
    ['points that differ between languages', { 'en.md': `${text}- four\n` }, '4 points, but zh.md has 3'],
    ['code that proves nothing', { 'prove.py': code.replace('assert', 'bool') }, 'no assert'],
    ['a word without its sentence', { 'prove.py': `${code}# {{other}}\n` }, '{{other}} has no [says.other]'],
    ['a sentence without its place', { 'prove.py': code.replaceAll('{{word}}', '') }, 'stands nowhere in the code'],
    ['a planted mistake that stands nowhere', { 'question.toml': toml.replace('["x == 1", ', '["y == 1", ') }, "doesn't stand in the code"],
    ['a sentence that would end a string', { 'question.toml': toml.replace('en = "word"', `en = 'say "word"'`) }, 'says.word.en'],
    ['code in one language only', { 'prove.py': `${code}# 只有中文\n` }, 'Chinese words outside'],
    ['a formula that cannot be set', { 'en.md': text.replace('Text.', '$\\frac{$') }, 'formula'],
  ])('but not with %s', (_, change, sentence) => {
    expect(problems(change as Record<string, string>)).toContain(sentence);
  });

  it('and there are questions', () => {
    expect(repositoryPaths().filter((path) => /^www\/questions\/[^/]+\/question\.toml$/.test(path)).length).toBeGreaterThanOrEqual(5);
  });
});
