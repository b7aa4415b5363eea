// Compiles www/questions/<id>/ into build/questions/{index,<id>}.json, as exercises.mjs does with exercises.
// Usage: node www/scripts/questions.mjs [source folder] [target folder]
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from './questions/catalogue.mjs';
import { QuestionProblems, compileAll, summary } from './questions/compile.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Writes only what changed, and clears files of questions that are gone. */
export function writeQuestions(source, target) {
  const questions = compileAll(source, new Set(CATALOGUE));
  mkdirSync(target, { recursive: true });
  const files = new Map(questions.map((question) => [`${question.id}.json`, question]));
  files.set('index.json', { questions: questions.map(summary) });
  for (const [name, value] of files) {
    const path = join(target, name);
    const text = JSON.stringify(value);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
  for (const name of readdirSync(target)) if (!files.has(name)) rmSync(join(target, name));
  return questions.length;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [source = join(repository, 'www/questions'), target = join(repository, 'build/questions')] = process.argv.slice(2);
  try {
    console.log(`questions: ${writeQuestions(source, target)} compiled`);
  } catch (error) {
    if (!(error instanceof QuestionProblems)) throw error;
    console.error(`questions: ${error.problems.length} problem(s)\n${error.problems.map((line) => `  ${line}`).join('\n')}`);
    process.exitCode = 1;
  }
}
