// Compiles www/exercises/<id>/ into build/exercises/{index,<id>}.json, so that the page ships no Markdown engine.
// Usage: node www/scripts/exercises.mjs [source folder] [target folder]
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExerciseProblems, compileAll, compileIndex } from './exercises/compile.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Writes only what changed, and clears files of exercises that are gone. */
export function writeExercises(source, target) {
  const exercises = compileAll(source);
  mkdirSync(target, { recursive: true });
  const files = new Map(exercises.map((exercise) => [`${exercise.id}.json`, exercise]));
  files.set('index.json', compileIndex(source, exercises));
  for (const [name, value] of files) {
    const path = join(target, name);
    const text = JSON.stringify(value);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
  for (const name of readdirSync(target)) if (!files.has(name)) rmSync(join(target, name));
  return exercises.length;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [source = join(repository, 'www/exercises'), target = join(repository, 'build/exercises')] = process.argv.slice(2);
  try {
    console.log(`exercises: ${writeExercises(source, target)} compiled`);
  } catch (error) {
    if (!(error instanceof ExerciseProblems)) throw error;
    console.error(`exercises: ${error.problems.length} problem(s)\n${error.problems.map((line) => `  ${line}`).join('\n')}`);
    process.exitCode = 1;
  }
}
