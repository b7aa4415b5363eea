// Reads www/exercises/paths.toml: ways through the exercises, for the list's page.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';

const FILE = 'paths.toml';
const isText = (value) => typeof value === 'string' && value.trim() !== '';
const isBilingual = (value) => isText(value?.zh) && isText(value?.en);

/** {paths: [{id, title, lead, exercises}], problems: [sentence]}; of each path the exercises that exist, in its order. */
export function readPaths(root, existing) {
  const path = join(root, FILE);
  if (!existsSync(path)) return { paths: [], problems: [] };
  let source;
  try {
    source = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { paths: [], problems: [`${FILE}: not TOML: ${error.message.split('\n')[0]}`] };
  }
  const problems = [];
  const known = new Set([...(source.catalogue ?? []), ...existing]);
  const paths = (source.paths ?? []).map(({ id, title, lead, exercises = [] }, index) => {
    const field = `${FILE}: paths[${index}]`;
    if (!isText(id)) problems.push(`${field}.id: expected a name, got ${JSON.stringify(id)}`);
    for (const [name, value] of Object.entries({ title, lead })) {
      if (!isBilingual(value)) problems.push(`${field}.${name}: expected a sentence in zh and en, got ${JSON.stringify(value)}`);
    }
    for (const exercise of exercises) {
      if (!known.has(exercise)) problems.push(`${field}.exercises: there is no exercise "${exercise}" in the catalogue`);
    }
    return { id, title, lead, exercises: exercises.filter((exercise) => existing.includes(exercise)) };
  });
  return { paths: paths.filter(({ exercises }) => exercises.length > 0), problems };
}
